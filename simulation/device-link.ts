import type {Device, SentPacket} from './device.ts';
import type {VirtualTime} from './virtual-time.ts';
import type {Weather} from './weather.ts';

/** Packets without their PUBACK that a device has on one connection at most. */
const WINDOW_MAX = 4;

/** Whoever listens at the other end: answers when it gives the PUBACK, throws when it ends the connection. */
export type TakePacket = (packet: SentPacket) => Promise<void>;

/** A device's connection, made again whenever it ends: what has no PUBACK by then is sent once more. */
export class DeviceLink {
  readonly device: Device;
  readonly #time: VirtualTime;
  readonly #weather: Weather;
  readonly #take: TakePacket;
  readonly #acknowledged: (packet: SentPacket) => void;
  #connection = 0;
  #sent = new Set<SentPacket>();
  #arrivesAtMs = 0;

  constructor(
    device: Device,
    {
      time,
      weather,
      take,
      acknowledged,
    }: {
      readonly time: VirtualTime;
      readonly weather: Weather;
      readonly take: TakePacket;
      readonly acknowledged: (packet: SentPacket) => void;
    },
  ) {
    this.device = device;
    this.#time = time;
    this.#weather = weather;
    this.#take = take;
    this.#acknowledged = acknowledged;
  }

  /** Sends what is waiting, as far as the window allows. */
  pump(): void {
    for (const packet of this.device.outbox) {
      if (this.#sent.size >= WINDOW_MAX) return;
      if (this.#sent.has(packet)) continue;
      this.#sent.add(packet);
      this.#send(packet);
    }
  }

  /** The connection ends, and comes again within two seconds. */
  reset(): void {
    this.#connection += 1;
    const connection = this.#connection;
    this.#time.after(this.#weather.random.between(100, 2000), () => {
      if (connection !== this.#connection) return; // ended again meanwhile
      this.#sent = new Set();
      this.#arrivesAtMs = 0;
      this.pump();
    });
  }

  #send(packet: SentPacket): void {
    const connection = this.#connection;
    if (this.#weather.strikes('reset')) {
      this.reset();
      return;
    }
    this.#onArrival(connection, () => {
      this.#take(packet).then(
        () => this.#onArrival(connection, () => this.#puback(packet)),
        () => this.#onArrival(connection, () => this.reset()),
      );
    });
  }

  /** Some time from now, after whatever was sent before; not at all when the connection ends before. */
  #onArrival(connection: number, arrive: () => void): void {
    this.#arrivesAtMs = Math.max(this.#arrivesAtMs, this.#time.nowMs + this.#weather.latencyMs());
    this.#time.after(this.#arrivesAtMs - this.#time.nowMs, () => {
      if (connection === this.#connection) arrive();
    });
  }

  #puback(packet: SentPacket): void {
    this.#sent.delete(packet);
    this.device.acknowledged(packet);
    this.#acknowledged(packet);
    this.pump();
  }
}
