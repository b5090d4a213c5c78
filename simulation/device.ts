import type {Random} from '../simulator/random.ts';
import {toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';

/** One message of a device: its number and what is to become of it. */
export interface SentMessage {
  /** 'CH-0001:2:17': equipment, boot, number. */
  readonly key: string;
  readonly kind: 'reading' | 'event';
  /** The temperature of a reading, the code of an event. */
  readonly content: string;
  readonly fate: 'stored' | 'refused by the door' | 'refused by the database';
}

/** One PUBLISH, with one message or several. */
export interface SentPacket {
  readonly device: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly messages: readonly SentMessage[];
}

/** The door lets it in and the database refuses it; warmer than the class allows, the door refuses it. */
export const POISON_C = 66.6;
export const TOO_HOT_C = 500;

/** Readings in one packet at most. */
const READINGS_MAX = 3;

/** A machine's gateway: it numbers what it says, and keeps every packet until its PUBACK, over restarts. */
export class Device {
  readonly equipmentId: string;
  readonly outbox: SentPacket[] = [];
  readonly #random: Random;
  #boot = 1;
  #seq = 0;

  constructor(equipmentId: string, random: Random) {
    this.equipmentId = equipmentId;
    this.#random = random;
  }

  /** Puts one packet into the outbox. */
  speak(now: EpochMs): SentPacket {
    const event = this.#random.chance(0.2);
    const count = event ? 1 : this.#random.integer(1, READINGS_MAX);
    const elements = Array.from({length: count}, () => this.#say(now, event));
    const packet = {
      device: this.equipmentId,
      topic: `${event ? 'event' : 'telemetry'}/v1/AMS/${this.equipmentId}`,
      payload: Buffer.from(JSON.stringify(count === 1 ? elements[0]!.json : elements.map(({json}) => json))),
      messages: elements.map(({message}) => message),
    };
    this.outbox.push(packet);
    return packet;
  }

  /** Loses nothing but its count: numbers begin again under the next boot. */
  restart(): void {
    this.#boot += 1;
    this.#seq = 0;
  }

  acknowledged(packet: SentPacket): void {
    const at = this.outbox.indexOf(packet);
    if (at >= 0) this.outbox.splice(at, 1);
  }

  #say(now: EpochMs, event: boolean): {readonly json: object; readonly message: SentMessage} {
    this.#seq += 1;
    const origin = {observedAt: toIso(now), boot: this.#boot, seq: this.#seq};
    const key = `${this.equipmentId}:${this.#boot}:${this.#seq}`;
    if (event) {
      const code = `E${this.#random.integer(1, 99)}`;
      return {
        json: {...origin, type: 'error', code},
        message: {key, kind: 'event', content: code, fate: 'stored'},
      };
    }
    const [celsius, fate] = this.#temperature();
    return {
      json: {...origin, values: {temperature_c: celsius}},
      message: {key, kind: 'reading', content: String(celsius), fate},
    };
  }

  #temperature(): [number, SentMessage['fate']] {
    if (this.#random.chance(0.02)) return [POISON_C, 'refused by the database'];
    if (this.#random.chance(0.02)) return [TOO_HOT_C, 'refused by the door'];
    return [this.#random.integer(0, 60), 'stored'];
  }
}
