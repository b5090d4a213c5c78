import type {Message} from '../domain/reading.ts';
import type {EpochMs} from '../domain/time.ts';
import type {EquipmentEntry} from './core/equipment.ts';
import type {Decoded} from './core/draft.ts';
import type {KeyOf} from './core/identity.ts';
import {DOOR_LIMITS, judge} from './core/judge.ts';
import type {DoorLimits} from './core/judge.ts';
import {PROFILES} from './core/profile.ts';
import type {Profile} from './core/profile.ts';
import {readPacket, route} from './core/read-packet.ts';
import type {Route} from './core/read-packet.ts';
import {rejection} from './core/rejection.ts';
import type {Rejection} from './core/rejection.ts';
import {isEventTopic} from './core/topic.ts';
import type {
  DeadLetter,
  DeadLetterStore,
  EquipmentDirectory,
  InboundPacket,
  IngestClocks,
  IngestLog,
  IngestMetrics,
  MqttDoor,
  Promised,
  ReadingSink,
} from './ports.ts';
import type {SparkplugRegistry, SparkplugTaken} from './sparkplug-registry.ts';
import {StatusLine} from './status-line.ts';

export interface DoorPorts {
  readonly door: MqttDoor;
  readonly sink: ReadingSink;
  readonly directory: EquipmentDirectory;
  readonly deadLetters: DeadLetterStore;
  readonly keyOf: KeyOf;
  readonly clocks: IngestClocks;
  readonly metrics: IngestMetrics;
  readonly log: IngestLog;
}

export interface DoorOptions {
  readonly profiles?: readonly Profile[];
  readonly limits?: DoorLimits;
  /** Larger payloads are rejected with a letter; beyond the door's packet limit the connection ends. */
  readonly payloadBytesMax?: number;
  /** Telemetry, too, is acknowledged at the store's commit only; events always are. */
  readonly strictTelemetry?: boolean;
  /** Reads spBv1.0/#; without it such topics are unknown. */
  readonly sparkplug?: SparkplugRegistry;
}

/** 256 KiB: a thousand messages of 20 values. */
const PAYLOAD_BYTES_MAX = 262_144;
/** Topics whose profile is remembered: an equipment has one or two. */
const ROUTES_CACHED_MAX = 100_000;
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
  #profiles: readonly Profile[];
  readonly #limits: DoorLimits;
  readonly #payloadBytesMax: number;
  readonly #strictTelemetry: boolean;
  readonly #status: StatusLine;
  readonly #sparkplug: SparkplugRegistry | undefined;
  readonly #routes = new Map<string, Route>();
  #stopped: Promise<void> | undefined;

  constructor(ports: DoorPorts, options: DoorOptions = {}) {
    this.#ports = ports;
    this.#profiles = options.profiles ?? PROFILES;
    this.#limits = options.limits ?? DOOR_LIMITS;
    this.#payloadBytesMax = options.payloadBytesMax ?? PAYLOAD_BYTES_MAX;
    this.#strictTelemetry = options.strictTelemetry ?? false;
    this.#sparkplug = options.sparkplug;
    this.#status = new StatusLine(ports.door, ports.clocks, ports.log);
  }

  async start(): Promise<{readonly port?: number}> {
    await this.#ports.directory.refresh();
    await this.#sparkplug?.load();
    return this.#ports.door.start((packet) => this.handle(packet));
  }

  /** From the next packet on, topics are read by these profiles. */
  useProfiles(profiles: readonly Profile[]): void {
    this.#profiles = profiles;
    this.#routes.clear();
  }

  /** Takes nothing new and answers what is in hand; once, however often it is asked. */
  async stop(): Promise<void> {
    await (this.#stopped ??= this.#ports.door.stop());
  }

  /** What has to be sure of a message before its packet counts as taken. */
  promisedTo(topic: string): Promised {
    return this.#strictTelemetry || isEventTopic(topic) ? 'committed' : 'kept';
  }

  /** Resolves when everything in the packet is as sure as its topic asks, or a committed dead letter; then PUBACK may go out. */
  handle(packet: InboundPacket): Promise<void> {
    const {metrics} = this.#ports;
    metrics.packet();
    const refuse = (error: unknown): never => {
      metrics.refusedForNow();
      throw error;
    };
    let outcome: PacketOutcome | Promise<PacketOutcome>;
    try {
      outcome = this.#read(packet);
    } catch (error) {
      outcome = Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    // What is plainly right waits for nothing but the bus, and is told by one promise.
    if (!(outcome instanceof Promise) && outcome.letters.length === 0 && outcome.messages.length > 0)
      return this.#publish(packet.topic, outcome.messages).then(
        () => metrics.accepted(outcome.messages.length),
        refuse,
      );
    return this.#handleOther(packet, outcome).catch(refuse);
  }

  async #handleOther(packet: InboundPacket, read: PacketOutcome | Promise<PacketOutcome>): Promise<void> {
    const {deadLetters, metrics} = this.#ports;
    const outcome = await read;
    const {messages, letters} = outcome;
    const [, kept] = await Promise.all([
      messages.length > 0 ? this.#publish(packet.topic, messages) : undefined,
      letters.length > 0 ? deadLetters.add(letters) : undefined,
    ]);
    metrics.accepted(messages.length);
    if (kept && kept.dropped > 0) metrics.quarantineOverflow(kept.dropped);
    this.#answer(outcome);
  }

  #publish(topic: string, messages: readonly Message[]): Promise<void> {
    return this.#ports.sink.publish(messages, this.promisedTo(topic));
  }

  /** Decodes and judges; only a BIRTH leaves a trace, in the Sparkplug registry. */
  async read(packet: InboundPacket, rereading?: Rereading): Promise<PacketOutcome> {
    return this.#read(packet, rereading);
  }

  /** @returns at once where nothing has to be waited for: the equipment is known, and there is no BIRTH to be kept */
  #read(packet: InboundPacket, rereading?: Rereading): PacketOutcome | Promise<PacketOutcome> {
    const receivedAt = this.#ports.clocks.worldNow();
    const opened = this.#open(packet, receivedAt, rereading);
    const {equipmentId, siteId} = opened;
    const known = equipmentId === undefined ? undefined : this.#ports.directory.find(equipmentId);
    if ('reason' in opened)
      return {messages: [], letters: [this.#letter(packet, receivedAt, opened, equipmentId, known)], siteId};
    const judgedAt = rereading?.judgedAt ?? receivedAt;
    return opened.kept === undefined && known !== undefined
      ? this.#judge(packet, opened, {receivedAt, judgedAt, entry: known})
      : this.#readLater(packet, opened, {receivedAt, judgedAt});
  }

  async #readLater(packet: InboundPacket, opened: Readable, times: Times): Promise<PacketOutcome> {
    const {equipmentId, siteId} = opened;
    if (opened.kept !== undefined) await opened.kept;
    if (opened.decoded?.length === 0) return {messages: [], letters: [], siteId}; // a node that only says that it lives
    const {directory} = this.#ports;
    const entry = directory.find(equipmentId) ?? (await directory.lookup(equipmentId));
    if (entry) return this.#judge(packet, opened, {...times, entry});
    const unknown = rejection('unknown-equipment', `${equipmentId} is not in the installed base`);
    return {messages: [], letters: [this.#letter(packet, times.receivedAt, unknown, equipmentId)], siteId};
  }

  #judge(
    packet: InboundPacket,
    opened: Readable,
    {receivedAt, judgedAt, entry}: Times & {readonly entry: EquipmentEntry},
  ): PacketOutcome {
    const {topic, retain} = packet;
    const arrival = {topic, retain, receivedAt, wallReceivedAt: this.#ports.clocks.wallNow(), judgedAt};
    const messages: Message[] = [];
    const letters: DeadLetter[] = [];
    for (const decoded of opened.decoded ?? readPacket(opened.route, opened.text)) {
      const verdict = decoded.ok
        ? judge(decoded.draft, entry, arrival, this.#limits, this.#ports.keyOf)
        : decoded;
      if (verdict.ok) messages.push(verdict.message);
      else {
        const sent = alone(packet, opened.text, decoded);
        letters.push(this.#letter(sent, receivedAt, verdict.rejection, opened.equipmentId, entry));
      }
    }
    return {messages, letters, siteId: opened.siteId};
  }

  /** Sparkplug is stateful, so its messages are taken before anything is waited for; text is decoded once the equipment is known. */
  #open(packet: InboundPacket, receivedAt: EpochMs, rereading: Rereading | undefined): Opened {
    const {topic, payload} = packet;
    if (this.#sparkplug && topic.startsWith('spBv1.0/') && payload.byteLength <= this.#payloadBytesMax) {
      const taken = rereading
        ? this.#sparkplug.peek(topic, payload, receivedAt)
        : this.#sparkplug.take(topic, payload, receivedAt);
      if (taken) return {...taken, siteId: undefined, text: undefined};
      return {
        ...rejection('bad-topic', `expected ${SPARKPLUG_TEMPLATE}`),
        equipmentId: undefined,
        siteId: undefined,
      };
    }
    const found = this.#route(topic);
    if ('reason' in found) return {...found, equipmentId: undefined, siteId: undefined};
    const {equipmentId, siteId} = found;
    const text = this.#text(payload);
    return typeof text === 'string'
      ? {route: found, text, equipmentId, siteId, decoded: undefined, kept: undefined}
      : {...text, equipmentId, siteId};
  }

  #route(topic: string): Route | Rejection {
    const known = this.#routes.get(topic);
    if (known !== undefined) return known;
    const found = route(this.#profiles, topic);
    if ('reason' in found) return found;
    if (this.#routes.size >= ROUTES_CACHED_MAX) this.#routes.clear();
    this.#routes.set(topic, found);
    return found;
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

/** A packet whose topic and bytes could be read. */
type Readable =
  | (SparkplugTaken & {readonly siteId: undefined; readonly text: undefined})
  | {
      readonly route: Route;
      readonly text: string;
      readonly equipmentId: string;
      readonly siteId: string | undefined;
      readonly decoded: undefined;
      readonly kept: undefined;
    };
type Opened =
  Readable | (Rejection & {readonly equipmentId: string | undefined; readonly siteId: string | undefined});

/** When a packet came, and when for the first time. */
interface Times {
  readonly receivedAt: EpochMs;
  readonly judgedAt: EpochMs;
}

const SPARKPLUG_TEMPLATE = 'spBv1.0/{group}/{NBIRTH|NDATA|NDEATH|DBIRTH|DDATA|DDEATH}/{node}[/{device}]';
const UTF8 = new TextDecoder('utf-8', {fatal: true});
const ENCODER = new TextEncoder();

/** The packet as if the element had come by itself, where it can. */
function alone(packet: InboundPacket, text: string | undefined, {span}: Decoded): InboundPacket {
  return span && text !== undefined
    ? {...packet, payload: ENCODER.encode(text.slice(span[0], span[1]))}
    : packet;
}
