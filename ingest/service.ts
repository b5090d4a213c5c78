import type {Message} from '../domain/reading.ts';
import type {EpochMs} from '../domain/time.ts';
import type {EquipmentEntry} from './core/equipment.ts';
import type {Decoded} from './core/draft.ts';
import type {Hashes} from './core/identity.ts';
import {DOOR_LIMITS, judge} from './core/judge.ts';
import type {DoorLimits} from './core/judge.ts';
import {PROFILES} from './core/profile.ts';
import type {Profile} from './core/profile.ts';
import {readPacket, route} from './core/read-packet.ts';
import type {Route} from './core/read-packet.ts';
import {rejection} from './core/rejection.ts';
import type {Rejection} from './core/rejection.ts';
import type {
  DeadLetter,
  DeadLetterStore,
  EquipmentDirectory,
  InboundPacket,
  IngestClocks,
  IngestLog,
  IngestMetrics,
  MqttDoor,
  ReadingSink,
} from './ports.ts';
import {StatusLine} from './status-line.ts';

export interface DoorPorts {
  readonly door: MqttDoor;
  readonly sink: ReadingSink;
  readonly directory: EquipmentDirectory;
  readonly deadLetters: DeadLetterStore;
  readonly hashes: Hashes;
  readonly clocks: IngestClocks;
  readonly metrics: IngestMetrics;
  readonly log: IngestLog;
}

export interface DoorOptions {
  readonly profiles?: readonly Profile[];
  readonly limits?: DoorLimits;
  /** Larger payloads are rejected with a letter; beyond the door's packet limit the connection ends. */
  readonly payloadBytesMax?: number;
}

/** 256 KiB: a thousand messages of 20 values. */
const PAYLOAD_BYTES_MAX = 262_144;
/** What a letter keeps of a payload that was refused for its size. */
const CUT_BYTES = 4096;

/** What became of one packet. */
export interface PacketOutcome {
  readonly messages: readonly Message[];
  readonly letters: readonly DeadLetter[];
  readonly siteId: string | undefined;
}

/** How a packet is read again: by the clock of its first receipt, which stands in where the message has no time. */
export interface Rereading {
  readonly judgedAt: EpochMs;
}

/** The door's one code path: packet → profile → drafts → messages for the bus, and a letter for whatever was not taken. */
export class DoorService {
  readonly #ports: DoorPorts;
  readonly #profiles: readonly Profile[];
  readonly #limits: DoorLimits;
  readonly #payloadBytesMax: number;
  readonly #status: StatusLine;

  constructor(ports: DoorPorts, options: DoorOptions = {}) {
    this.#ports = ports;
    this.#profiles = options.profiles ?? PROFILES;
    this.#limits = options.limits ?? DOOR_LIMITS;
    this.#payloadBytesMax = options.payloadBytesMax ?? PAYLOAD_BYTES_MAX;
    this.#status = new StatusLine(ports.door, ports.clocks, ports.log);
  }

  async start(): Promise<{readonly port?: number}> {
    await this.#ports.directory.refresh();
    return this.#ports.door.start((packet) => this.handle(packet));
  }

  async stop(): Promise<void> {
    await this.#ports.door.stop();
  }

  /** Resolves when everything in the packet is either with the bus for good or a committed dead letter; then PUBACK may go out. */
  async handle(packet: InboundPacket): Promise<void> {
    const {sink, deadLetters, metrics} = this.#ports;
    metrics.packet();
    try {
      const outcome = await this.read(packet);
      const {messages, letters} = outcome;
      const [, kept] = await Promise.all([
        messages.length > 0 ? sink.publish(messages) : undefined,
        letters.length > 0 ? deadLetters.add(letters) : undefined,
      ]);
      metrics.accepted(messages.length);
      if (kept && kept.dropped > 0) metrics.quarantineOverflow(kept.dropped);
      this.#answer(outcome);
    } catch (error) {
      metrics.refusedForNow();
      throw error;
    }
  }

  /** Decodes and judges, and changes nothing. */
  async read(packet: InboundPacket, rereading?: Rereading): Promise<PacketOutcome> {
    const receivedAt = this.#ports.clocks.worldNow();
    const found = route(this.#profiles, packet.topic);
    if ('reason' in found)
      return {messages: [], letters: [this.#letter(packet, receivedAt, found)], siteId: undefined};
    const text = this.#text(packet.payload);
    if (typeof text !== 'string') return this.#refused(packet, receivedAt, text, found);
    const entry = await this.#find(found.equipmentId);
    if (!entry) {
      const unknown = rejection('unknown-equipment', `${found.equipmentId} is not in the installed base`);
      return this.#refused(packet, receivedAt, unknown, found);
    }
    const messages: Message[] = [];
    const letters: DeadLetter[] = [];
    const arrival = {
      topic: packet.topic,
      retain: packet.retain,
      receivedAt,
      wallReceivedAt: this.#ports.clocks.wallNow(),
      judgedAt: rereading?.judgedAt ?? receivedAt,
    };
    for (const decoded of readPacket(found, text)) {
      const verdict = decoded.ok
        ? judge(decoded.draft, entry, arrival, this.#limits, this.#ports.hashes)
        : decoded;
      if (verdict.ok) messages.push(verdict.message);
      else
        letters.push(
          this.#letter(alone(packet, text, decoded), receivedAt, verdict.rejection, found.equipmentId, entry),
        );
    }
    return {messages, letters, siteId: found.siteId};
  }

  #text(payload: Uint8Array): string | Rejection {
    if (payload.byteLength > this.#payloadBytesMax) {
      return rejection('too-large', `${payload.byteLength} bytes; ${this.#payloadBytesMax} are allowed`);
    }
    try {
      return UTF8.decode(payload);
    } catch {
      return rejection(
        'not-utf8',
        `${payload.byteLength} bytes that are not UTF-8 text; is the payload compressed or binary?`,
      );
    }
  }

  async #find(equipmentId: string): Promise<EquipmentEntry | undefined> {
    return this.#ports.directory.find(equipmentId) ?? this.#ports.directory.lookup(equipmentId);
  }

  #refused(
    packet: InboundPacket,
    receivedAt: EpochMs,
    why: Rejection,
    {equipmentId, siteId}: Route,
  ): PacketOutcome {
    const entry = this.#ports.directory.find(equipmentId);
    return {messages: [], letters: [this.#letter(packet, receivedAt, why, equipmentId, entry)], siteId};
  }

  #letter(
    packet: InboundPacket,
    receivedAt: EpochMs,
    why: Rejection,
    equipmentId?: string,
    entry?: EquipmentEntry,
  ): DeadLetter {
    return {
      receivedAt,
      topic: packet.topic,
      raw: why.reason === 'too-large' ? packet.payload.subarray(0, CUT_BYTES) : packet.payload,
      reason: why.reason,
      detail: why.detail,
      ...(equipmentId === undefined ? {} : {equipmentId}),
      ...(entry ? {partyId: entry.partyId} : {}),
      state: why.reason === 'unknown-equipment' ? 'quarantined' : 'rejected',
    };
  }

  #answer({letters, siteId}: PacketOutcome): void {
    for (const letter of letters) {
      this.#ports.metrics.rejected(letter.reason);
      if (siteId === undefined || letter.equipmentId === undefined) continue;
      this.#status.tell(siteId, letter.equipmentId, letter.topic, letter.receivedAt, letter);
    }
  }
}

const UTF8 = new TextDecoder('utf-8', {fatal: true});
const ENCODER = new TextEncoder();

/** The packet as if the element had come by itself, where it can. */
function alone(packet: InboundPacket, text: string, {span}: Decoded): InboundPacket {
  return span ? {...packet, payload: ENCODER.encode(text.slice(span[0], span[1]))} : packet;
}
