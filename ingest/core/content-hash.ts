import type {EpochMs} from '../../domain/time.ts';
import type {Content} from './identity.ts';

/**
 * 52 bits that tell a repeat of a message from a conflict: equal contents give equal numbers, whatever the order of the sender's
 * keys; two different ones agree by chance once in 4.5e15. No defence against a forger: the sender only cheats itself.
 *
 * Each member is hashed by itself and the hashes are added, so nothing is sorted or written out as text: this runs for every value of
 * every message. The mixing is that of cyrb53 (two 32-bit lanes, MurmurHash3's constants).
 */
export function contentHash(observedAt: EpochMs, content: Content): number {
  const sum = new LaneSum();
  sum.add('', observedAt);
  if (content.kind === 'reading') {
    for (const name in content.values) sum.add(name, content.values[name]!);
    for (const name in content.texts) sum.add(`text ${name}`, content.texts[name]!);
  } else {
    const {type, code, positionId, serial, body} = content;
    sum.add('event', JSON.stringify([type, code, positionId, serial]));
    for (const name in body) sum.add(name, body[name]!);
  }
  return sum.bits52();
}

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

class LaneSum {
  #low = 0;
  #high = 0;
  #a = 0;
  #b = 0;

  add(name: string, value: string | number | boolean | null): void {
    this.#a = 0x5eadbeef;
    this.#b = 0x41c6ce57;
    this.#takeText(name);
    if (typeof value === 'number') {
      number[0] = value + 0; // -0 and 0 are one value
      this.#take(words[0]!);
      this.#take(words[1]!);
    } else this.#takeText(JSON.stringify(value));
    const a =
      Math.imul(this.#a ^ (this.#a >>> 16), 2_246_822_507) ^
      Math.imul(this.#b ^ (this.#b >>> 13), 3_266_489_909);
    const b = Math.imul(this.#b ^ (this.#b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
    this.#low = (this.#low + a) | 0;
    this.#high = (this.#high + b) | 0;
  }

  bits52(): number {
    return (this.#high & 0xfffff) * 2 ** 32 + (this.#low >>> 0);
  }

  #take(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 2_654_435_761);
    this.#b = Math.imul(this.#b ^ word, 1_597_334_677);
  }

  #takeText(text: string): void {
    for (let i = 0; i < text.length; i += 1) this.#take(text.charCodeAt(i));
  }
}
