import {Duplex} from 'node:stream';
import type {VirtualTime} from './virtual-time.ts';
import type {Weather} from './weather.ts';

/** One end of a TCP connection of the world: what is written arrives at the other end in order, later, or never. */
export class Wire extends Duplex {
  readonly #time: VirtualTime;
  readonly #weather: Weather;
  #peer: Wire | undefined;
  /** What was written before arrives before. */
  #arrivesAtMs = 0;

  private constructor(time: VirtualTime, weather: Weather) {
    super();
    this.#time = time;
    this.#weather = weather;
  }

  /** @returns both ends of a new connection. */
  static pair(time: VirtualTime, weather: Weather): [Wire, Wire] {
    const [a, b] = [new Wire(time, weather), new Wire(time, weather)];
    a.#peer = b;
    b.#peer = a;
    return [a, b];
  }

  override _read(): void {
    // pushed when it arrives
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#deliver((peer) => peer.push(chunk));
    if (this.#weather.strikes('reset')) this.destroy();
    done();
  }

  override _final(done: () => void): void {
    this.#deliver((peer) => peer.push(null));
    done();
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.#deliver((peer) => peer.destroy());
    done(null);
  }

  #deliver(arrive: (peer: Wire) => void): void {
    const peer = this.#peer!;
    this.#arrivesAtMs = Math.max(this.#arrivesAtMs, this.#time.nowMs + this.#weather.latencyMs());
    this.#time.after(this.#arrivesAtMs - this.#time.nowMs, () => {
      if (!peer.destroyed) arrive(peer);
    });
  }
}
