/**
 * Watches the fixed headers of an MQTT byte stream and says when a packet announces more bytes than allowed, before anybody
 * buffers them: the protocol lets one packet have 256 MB, and aedes' parser would collect them all.
 */
export class PacketSizeGuard {
  readonly #bytesMax: number;
  /** Bytes of the current packet's body still to come. */
  #skip = 0;
  /** Reading a remaining length: its value and weight so far; weight 0 while waiting for a header byte. */
  #length = 0;
  #weight = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @returns the announced size when a packet is too large, else undefined. */
  see(chunk: Uint8Array): number | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
      } else if (this.#weight === 0) {
        this.#weight = 1;
        this.#length = 0;
        at += 1;
      } else {
        const byte = chunk[at]!;
        at += 1;
        this.#length += (byte & 0x7f) * this.#weight;
        if (this.#length > this.#bytesMax) return this.#length;
        this.#weight *= 128;
        if ((byte & 0x80) === 0) {
          this.#skip = this.#length;
          this.#weight = 0;
        }
      }
    }
    return undefined;
  }
}
