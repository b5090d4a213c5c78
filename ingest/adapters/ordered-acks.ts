/**
 * PUBACKs of one connection: they leave in the order in which the packets came, as soon as every earlier one may leave, and
 * many in one write. It lives as long as its connection: packet ids mean nothing on the next one, where a stale PUBACK
 * could erase another message at the broker.
 */
export class OrderedAcks {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #queue: {readonly packetId: number; ready: boolean}[] = [];
  #scheduled = false;
  #over = false;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  /** Notes that a packet came. @returns what to call when its PUBACK may go out. */
  expect(packetId: number): () => void {
    const entry = {packetId, ready: false};
    this.#queue.push(entry);
    return () => {
      entry.ready = true;
      if (this.#queue[0] === entry) this.#schedule();
    };
  }

  /** No PUBACK leaves any more: the connection is gone, or will be. */
  end(): void {
    this.#over = true;
    this.#queue.length = 0;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Writes now what is ready. */
  flush(): void {
    this.#scheduled = false;
    if (this.#over) return;
    const stop = this.#queue.findIndex((entry) => !entry.ready);
    const ready = this.#queue.splice(0, stop === -1 ? this.#queue.length : stop);
    if (ready.length === 0) return;
    // PUBACK, remaining length 2, packet id: the same in MQTT 3.1.1 and, with reason "success", in MQTT 5 (§3.4.2.1).
    const bytes = Buffer.allocUnsafe(4 * ready.length);
    ready.forEach(({packetId}, i) => bytes.writeUInt32BE(0x40020000 + packetId, 4 * i));
    this.#write(bytes);
  }

  #schedule(): void {
    if (this.#scheduled || this.#over) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }
}
