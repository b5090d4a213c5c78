import type {Message} from '../domain/reading.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Result} from '../domain/result.ts';
import type {Device} from './core/device-rights.ts';
import type {EquipmentEntry} from './core/equipment.ts';
import type {RejectionReason} from './core/rejection.ts';
import type {SparkplugBirth} from './core/sparkplug.ts';

/** One PUBLISH as it came in. */
export interface InboundPacket {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  /** MQTT 5 user properties and content type, when the sender gave any. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Resolves: the packet can no longer be lost, PUBACK may go out. Rejects: not now, the sender keeps it and sends it again. */
export type PacketHandler = (packet: InboundPacket) => Promise<void>;

/** Where equipment connects: an embedded broker, or a session at an external one. */
export interface MqttDoor {
  /** @returns the TCP port when the door listens itself. */
  start(handle: PacketHandler): Promise<{readonly port?: number}>;
  /** Sends to equipment; QoS 0 and not retained unless told otherwise. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: {readonly retain?: boolean; readonly qos?: 0 | 1},
  ): Promise<void>;
  state(): 'up' | 'down';
  /** Takes no new packet, waits for those in hand and their PUBACKs, then closes. */
  stop(): Promise<void>;
}

/** What the sender of a message waits for: that the bus keeps it, or that the store has committed it. */
export type Promised = 'kept' | 'committed';

/** The bus, seen from the door. Resolves when what was asked for ('kept' unless told) is sure; rejects when it cannot be promised now. */
export interface ReadingSink {
  publish(messages: readonly Message[], promised?: Promised): Promise<void>;
}

/** The installed base as the door needs it: a cache, so that judging a message waits for nobody. */
export interface EquipmentDirectory {
  find(equipmentId: string): EquipmentEntry | undefined;
  /** Asks the installed base about one that find() does not know; a "no" is remembered for some seconds. */
  lookup(equipmentId: string): Promise<EquipmentEntry | undefined>;
  /** Reads the installed base anew; a failure leaves the previous answers standing and rejects. */
  refresh(): Promise<void>;
}

export type DeadLetterState = 'rejected' | 'quarantined' | 'resubmitted' | 'dropped';

/** A message that was not taken, with the very bytes that came. */
export interface DeadLetter {
  readonly receivedAt: EpochMs;
  readonly topic: string;
  /** The element alone where it can stand alone, else the whole packet; cut at the stated limit. */
  readonly raw: Uint8Array;
  readonly reason: RejectionReason;
  readonly detail: string;
  readonly equipmentId?: string;
  readonly partyId?: string;
  readonly state: 'rejected' | 'quarantined';
}

export interface StoredDeadLetter extends Omit<DeadLetter, 'state'> {
  /** UUIDv5 of topic, bytes and reason: the same mistake sent again is the same letter, counted. */
  readonly deadLetterId: string;
  readonly state: DeadLetterState;
  readonly seenCount: number;
}

/** An equipment nobody has registered, and what waits for it. */
export interface QuarantinedEquipment {
  readonly equipmentId: string;
  readonly letters: number;
  readonly firstReceivedAt: EpochMs;
  readonly lastReceivedAt: EpochMs;
  readonly lastTopic: string;
}

export interface DeadLetterFilter {
  readonly state?: DeadLetterState;
  readonly equipmentId?: string;
  /** At most this many, newest first; 1 to 1000. */
  readonly limit: number;
}

export interface DeadLetterStore {
  /** Committed when it resolves. Quarantined letters beyond the caps are counted and left out. */
  add(letters: readonly DeadLetter[]): Promise<{readonly kept: number; readonly dropped: number}>;
  list(filter: DeadLetterFilter): Promise<readonly StoredDeadLetter[]>;
  get(deadLetterId: string): Promise<StoredDeadLetter | undefined>;
  quarantined(): Promise<readonly QuarantinedEquipment[]>;
  /** Moves open letters (rejected, quarantined) on, exactly once. @returns how many this call moved. */
  close(
    deadLetterIds: readonly string[],
    state: 'resubmitted' | 'dropped',
    resubmittedKey?: string,
  ): Promise<number>;
}

/** A login as it is listed. */
export interface IssuedLogin extends Device {
  /** Wall time. */
  readonly madeAt: EpochMs;
  /** As a password file of Mosquitto has it. */
  readonly secretHash: string;
}

/** Logins of equipment and Sparkplug nodes. Kept is a salted hash: 32 random bytes cannot be found again from it. */
export interface DeviceLogins {
  /** A new secret; one that the login had before is worth nothing from now on. @returns it, which can never be read again */
  issue(
    login: {readonly login: string; readonly equipmentIds: readonly string[]},
    actor: string,
  ): Promise<Result<Device & {readonly secret: string}>>;
  /** From now on nobody connects by it. @returns whether there was one. */
  revoke(login: string, actor: string): Promise<boolean>;
  list(): Promise<readonly IssuedLogin[]>;
  /** Who connects so; null where there is no such login, or the secret is another. */
  holderOf(login: string, secret: string): Promise<Device | null>;
  /** By its name alone: whoever asks has seen a certificate of that name. */
  named(login: string): Promise<Device | null>;
}

/** Sparkplug: what the last BIRTH of a node or device declared, so that alias-only data can be read after a restart. */
export interface SparkplugBirthStore {
  loadAll(): Promise<readonly SparkplugBirth[]>;
  save(birth: SparkplugBirth): Promise<void>;
}

/** Counters of the door; the process binds them to Prometheus. */
export interface IngestMetrics {
  /** One packet came in. */
  packet(): void;
  /** Messages handed to the bus. */
  accepted(messages: number): void;
  rejected(reason: RejectionReason): void;
  /** The packet could not be taken now and stays with its sender. */
  refusedForNow(): void;
  /** Quarantined letters beyond the cap, not kept. */
  quarantineOverflow(letters: number): void;
}

/** Business time (received-at, silence) and wall time (latency, rate limits), from platform's clocks. */
export interface IngestClocks {
  worldNow(): EpochMs;
  wallNow(): EpochMs;
}

/** The logger's shape, as pino has it: fields first, then the sentence. */
export interface IngestLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
