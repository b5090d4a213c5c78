import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {once} from 'node:events';

const CONNACK = 0x20;
const PUBACK = 0x40;
/** CONNACK and PUBACK of MQTT 3.1.1 are four bytes long. */
const ANSWER_BYTES = 4;

/**
 * As much of MQTT 3.1.1 as a load generator needs: CONNECT, QoS 1 PUBLISH, PUBACK. It shares the machine with the service under
 * test, so that what a full client would spend on sessions and streams would be missing from the figure.
 */
export class MqttSender {
  readonly #socket: Socket;
  readonly #sentAt = new Float64Array(65_536);
  #nextId = 0;
  #rest: Buffer = Buffer.alloc(0);
  #corked = false;
  /** Called with the milliseconds from PUBLISH to PUBACK. */
  acked: (ms: number) => void = () => undefined;

  static async connect(url: string, clientId: string): Promise<MqttSender> {
    const {hostname, port} = new URL(url);
    const socket = connect({host: hostname, port: Number(port), noDelay: true});
    await once(socket, 'connect');
    const protocol = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0]); // "MQTT", level 4, clean session, no keep-alive
    const id = text(clientId);
    socket.write(Buffer.concat([Buffer.from([0x10]), remaining(protocol.length + id.length), protocol, id]));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (answer[0] !== CONNACK || answer[3] !== 0)
      throw new Error(`CONNECT refused: ${answer.toString('hex')}`);
    return new MqttSender(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => {
      throw error;
    });
  }

  publish(topic: string, payload: string): void {
    this.#nextId = (this.#nextId % 65_535) + 1;
    this.#sentAt[this.#nextId] = performance.now();
    const body = Buffer.byteLength(payload);
    const level = Buffer.byteLength(topic);
    const size = remaining(2 + level + 2 + body);
    const packet = Buffer.allocUnsafe(1 + size.length + 4 + level + body);
    packet[0] = 0x32; // PUBLISH, QoS 1
    let at = 1 + size.copy(packet, 1);
    at = packet.writeUInt16BE(level, at);
    at += packet.write(topic, at);
    at = packet.writeUInt16BE(this.#nextId, at);
    packet.write(payload, at);
    this.#cork();
    this.#socket.write(packet);
  }

  close(): void {
    this.#socket.end(Buffer.from([0xe0, 0])); // DISCONNECT
  }

  /** One system call for all that is sent in a turn of the event loop. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#socket.cork();
    setImmediate(() => {
      this.#corked = false;
      this.#socket.uncork();
    });
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % ANSWER_BYTES);
    const now = performance.now();
    for (let at = 0; at < whole; at += ANSWER_BYTES) {
      if (bytes[at] !== PUBACK)
        throw new Error(`expected PUBACK, got ${bytes.toString('hex', at, at + ANSWER_BYTES)}`);
      this.acked(now - this.#sentAt[bytes.readUInt16BE(at + 2)]!);
    }
    this.#rest = bytes.subarray(whole);
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** MQTT's variable byte integer. Example: 321 → c1 02. */
function remaining(length: number): Buffer {
  const bytes: number[] = [];
  do {
    bytes.push((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
    length >>= 7;
  } while (length > 0);
  return Buffer.from(bytes);
}
