import {closeSync, fsyncSync, openSync, readFileSync, writeSync} from 'node:fs';

/**
 * What the generator has sent and what was acknowledged, as lines of a file that only grows. A line is with the operating system before
 * its message leaves, or its PUBACK counts, so that a killed generator has noted whatever anybody else can know of.
 *
 *   sent K-0001/1764000000/17 vibration=4.25       a reading, by equipment, boot and seq, with its content
 *   sent #3f9a…                                    a payload that must end as a dead letter, by its SHA-256
 *   acked K-0001/1764000000/17
 */
export class LedgerFile {
  readonly #file: number;
  #lines: string[] = [];

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  sent(key: string, content = ''): void {
    this.#lines.push(content === '' ? `sent ${key}\n` : `sent ${key} ${content}\n`);
  }

  acked(key: string): void {
    this.#lines.push(`acked ${key}\n`);
  }

  /** Call it before what was noted may happen. */
  write(): void {
    if (this.#lines.length === 0) return;
    writeSync(this.#file, this.#lines.join(''));
    this.#lines = [];
  }

  close(): void {
    this.write();
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** The ledger, read back. */
export interface Ledger {
  /** Key → content; empty for what must be refused. */
  readonly sent: ReadonlyMap<string, string>;
  readonly acked: ReadonlySet<string>;
}

export const keyOf = (equipmentId: string, boot: number, seq: number): string =>
  `${equipmentId}/${boot}/${seq}`;

/** Key of a payload that has no identity of its own. */
export const keyOfBytes = (sha256: string): string => `#${sha256}`;

export function readLedger(path: string): Ledger {
  return parseLedger(readFileSync(path, 'utf8'));
}

/** @throws Error when a PUBACK stands there for what was never sent: the ledger itself is wrong then. */
export function parseLedger(text: string): Ledger {
  const sent = new Map<string, string>();
  const acked = new Set<string>();
  for (const line of text.split('\n')) {
    const [what, key, content = ''] = line.split(' ');
    if (key === undefined) continue; // the last line's end
    if (what === 'sent') sent.set(key, content);
    else if (sent.has(key)) acked.add(key);
    else throw new Error(`the ledger has a PUBACK for ${key}, which it never sent`);
  }
  return {sent, acked};
}
