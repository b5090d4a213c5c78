import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {CONNACK, connectPacket, PINGREQ, PUBACK, publishPacket} from './mqtt-bytes.ts';

/** One message on its way. */
export interface Outgoing {
  readonly key: string;
  readonly topic: string;
  readonly payload: string;
}

export interface EquipmentLineOptions {
  readonly url: string;
  readonly clientId: string;
  /**
   * How long a message stays in the outbox after its PUBACK; after a break of the line everything in there is sent again. 0 at the
   * listener, whose PUBACK means stored; at a broker as long as its PUBACK is worth nothing when it is killed (docs/deploy.md).
   */
  readonly keepMs: number;
  readonly acked: (key: string) => void;
}

/** PUBLISHes without PUBACK on one connection at most. */
const IN_FLIGHT_MAX = 200;
const RECONNECT_MS = 300;
const KEEPALIVE_S = 10;
/** A line that has said nothing for so long is given up. */
const SILENT_MS = 15_000;
/** CONNACK and PUBACK of MQTT 3.1.1 are four bytes long, PINGRESP two. */
const PINGRESP = 0xd0;

export const clientIdOf = (boot: number, door: number, line: number): string =>
  `chaos-${boot}-${door}-${line}`;

/**
 * Equipment with an outbox: QoS 1, each message until its PUBACK over as many connections as it takes, and a while beyond. As much of MQTT
 * 3.1.1 as that needs, and no more, so that what hangs is not the measuring instrument.
 */
export class EquipmentLine {
  readonly #options: EquipmentLineOptions;
  readonly #inFlight = new Map<number, Outgoing>();
  #waiting: Outgoing[] = [];
  #kept: {readonly message: Outgoing; readonly ackedAt: number}[] = [];
  #socket: Socket | undefined;
  #ready = false;
  #rest: Buffer = Buffer.alloc(0);
  #heardAt = 0;
  #nextId = 0;
  #closed = false;
  readonly #timer: NodeJS.Timeout;
  connects = 0;
  resent = 0;

  constructor(options: EquipmentLineOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#lookAlive(), (KEEPALIVE_S * 1000) / 3);
    this.#connect();
  }

  send(message: Outgoing): void {
    this.#waiting.push(message);
    this.#pump();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket?.destroy();
  }

  #connect(): void {
    if (this.#closed) return;
    const {url, clientId} = this.#options;
    const {hostname, port} = new URL(url);
    const socket = connect({host: hostname, port: Number(port), noDelay: true});
    this.#socket = socket;
    this.#heardAt = performance.now();
    this.#rest = Buffer.alloc(0);
    socket.on('error', () => undefined); // it closes
    socket.once('connect', () => socket.write(connectPacket({url, clientId, keepaliveS: KEEPALIVE_S})));
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.once('close', () => {
      this.#ready = false;
      this.#waiting = [...this.#inFlight.values(), ...this.#waiting];
      this.#inFlight.clear();
      setTimeout(() => this.#connect(), RECONNECT_MS);
    });
  }

  #read(bytes: Buffer): void {
    this.#heardAt = performance.now();
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const kind = this.#rest[0];
      const length = kind === PINGRESP ? 2 : 4;
      if (kind === undefined || this.#rest.length < length) break;
      if (kind === CONNACK) this.#accepted(this.#rest[3]!);
      else if (kind === PUBACK) this.#acked(this.#rest.readUInt16BE(2));
      this.#rest = this.#rest.subarray(length);
    }
    this.#pump();
  }

  #accepted(code: number): void {
    if (code !== 0) {
      this.#socket?.destroy();
      return;
    }
    this.#ready = true;
    this.connects += 1;
    const since = performance.now() - this.#options.keepMs;
    const again = this.#kept.filter(({ackedAt}) => ackedAt >= since);
    this.#kept = [];
    this.resent += again.length;
    this.#waiting = [...again.map(({message}) => message), ...this.#waiting];
  }

  #acked(packetId: number): void {
    const message = this.#inFlight.get(packetId);
    if (message === undefined) return;
    this.#inFlight.delete(packetId);
    this.#options.acked(message.key);
    if (this.#options.keepMs > 0) this.#kept.push({message, ackedAt: performance.now()});
  }

  #pump(): void {
    if (!this.#ready) return;
    const room = IN_FLIGHT_MAX - this.#inFlight.size;
    for (const message of this.#waiting.splice(0, room)) {
      this.#nextId = (this.#nextId % 65_535) + 1;
      this.#inFlight.set(this.#nextId, message);
      this.#socket?.write(publishPacket(message.topic, this.#nextId, message.payload));
    }
  }

  #lookAlive(): void {
    if (performance.now() - this.#heardAt > SILENT_MS) this.#socket?.destroy();
    else if (this.#ready) this.#socket?.write(PINGREQ);
    const since = performance.now() - this.#options.keepMs;
    this.#kept = this.#kept.filter(({ackedAt}) => ackedAt >= since);
  }
}
