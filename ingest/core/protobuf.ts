/** One field of a protobuf message: its number and its raw value. */
export type ProtoField =
  | {readonly no: number; readonly kind: 'varint'; readonly value: bigint}
  | {readonly no: number; readonly kind: 'fixed32' | 'fixed64' | 'bytes'; readonly bytes: Uint8Array};

/** The bytes are no protobuf message; caught by the decoder of the profile and nobody else. */
export class NotProtobuf extends Error {}

/**
 * The fields of a protobuf message in wire order (protobuf.dev, "Encoding"); groups, which Sparkplug never uses, are refused.
 * Example: 08 96 01 → one field, no 1, varint 150.
 */
export function* readFields(message: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new NotProtobuf('ends inside a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new NotProtobuf('has a number of more than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw new NotProtobuf('ends inside a field');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const no = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield {no, kind: 'varint', value: varint()};
        break;
      case 1:
        yield {no, kind: 'fixed64', bytes: take(8)};
        break;
      case 2:
        yield {no, kind: 'bytes', bytes: take(Number(varint()))};
        break;
      case 5:
        yield {no, kind: 'fixed32', bytes: take(4)};
        break;
      default:
        throw new NotProtobuf('has a field of unknown wire type');
    }
  }
}
