const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const FLOAT8 = 701;
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;

/** As Buffer reports a number that its field cannot hold. */
function outOfRange(message: string): RangeError {
  return Object.assign(new RangeError(message), {code: 'ERR_OUT_OF_RANGE'});
}

/**
 * Rows in PostgreSQL's binary COPY format (documentation of COPY, "Binary Format"), into one growing buffer: neither
 * side then writes or parses numbers and instants as text.
 */
export class CopyBuffer {
  #bytes = Buffer.allocUnsafe(65_536);
  #at = 0;

  constructor() {
    this.#at = SIGNATURE.copy(this.#bytes);
  }

  row(fields: number): this {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(fields, this.#at);
    return this;
  }

  int4(value: number | undefined): this {
    if (value === undefined) return this.#null();
    this.#head(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
    return this;
  }

  /** Whole numbers up to ±2^53. */
  int8(value: number | undefined): this {
    if (value === undefined) return this.#null();
    this.#head(8);
    this.#int8(value);
    return this;
  }

  bool(value: boolean): this {
    this.#head(1);
    this.#at = this.#bytes.writeUInt8(value ? 1 : 0, this.#at);
    return this;
  }

  timestamptz(ms: number): this {
    return this.int8((ms - EPOCH_2000_MS) * 1000);
  }

  /** @param hex 32 hex digits. */
  uuid(hex: string): this {
    this.#head(16);
    const written = this.#bytes.write(hex, this.#at, 16, 'hex');
    if (written < 16) throw outOfRange(`"${hex}" is not 32 hex digits`);
    this.#at += written;
    return this;
  }

  text(value: string | undefined): this {
    if (value === undefined) return this.#null();
    const length = Buffer.byteLength(value);
    this.#head(length);
    this.#at += this.#bytes.write(value, this.#at, length, 'utf8');
    return this;
  }

  jsonb(json: string | undefined): this {
    return this.text(json === undefined ? undefined : `\u0001${json}`); // version 1 of jsonb's wire format
  }

  float8Array(values: readonly number[]): this {
    this.#head(20 + 12 * values.length);
    const bytes = this.#bytes;
    let at = bytes.writeInt32BE(1, this.#at); // dimensions
    at = bytes.writeInt32BE(0, at); // no nulls
    at = bytes.writeInt32BE(FLOAT8, at);
    at = bytes.writeInt32BE(values.length, at);
    at = bytes.writeInt32BE(1, at); // lower bound
    for (const value of values) {
      at = bytes.writeInt32BE(8, at);
      at = bytes.writeDoubleBE(value, at);
    }
    this.#at = at;
    return this;
  }

  /** The whole COPY, ended; the buffer is spent. */
  end(): Buffer {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return this.#bytes.subarray(0, this.#at);
  }

  #int8(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#at = this.#bytes.writeInt32BE(high, this.#at);
    this.#at = this.#bytes.writeUInt32BE(value - high * TWO_32, this.#at);
  }

  #null(): this {
    this.#room(4);
    this.#at = this.#bytes.writeInt32BE(-1, this.#at);
    return this;
  }

  #head(length: number): void {
    this.#room(4 + length);
    this.#at = this.#bytes.writeInt32BE(length, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
