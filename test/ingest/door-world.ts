import {EquipmentId} from '../../domain/ids.ts';
import type {Message} from '../../domain/reading.ts';
import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {EquipmentEntry} from '../../ingest/core/equipment.ts';
import type {RejectionReason} from '../../ingest/core/rejection.ts';
import {sha256Key} from '../../ingest/message-key.ts';
import type {DeadLetter, IngestMetrics, PacketHandler} from '../../ingest/ports.ts';
import {DoorService} from '../../ingest/service.ts';
import type {DoorOptions} from '../../ingest/service.ts';

/** 2026-01-05T10:00:00Z. */
export const NOW: EpochMs = epochMs(1_767_607_200_000);

export const CHILLER: EquipmentEntry = {
  equipmentId: EquipmentId.parse('CH-0001'),
  equipmentNo: 1,
  partitionNo: 3,
  siteId: 'AMS',
  partyId: 'customer-1',
  expectedIntervalS: 60,
  signals: new Map([
    ['temperature_c', {unit: '°C', minValue: -40, maxValue: 120, normalLow: 2, normalHigh: 95}],
    ['vibration_mm_s', {unit: 'mm/s', minValue: 0, maxValue: 50, normalLow: 0.2, normalHigh: 12}],
    ['pressure_kpa', {unit: 'kPa', minValue: 0, maxValue: 3000, normalLow: 80, normalHigh: 1200}],
  ]),
  positions: new Set(['comp1', 'compressor']),
};

/** A reading as the contract shows it, with whatever the test wants different. */
export function reading(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    observedAt: '2026-01-05T10:00:00.000Z',
    boot: 3,
    seq: 1841,
    values: {vibration_mm_s: 4.2, temperature_c: 71.5},
    ...over,
  };
}

/** A door service whose neighbours are lists. */
export class DoorWorld {
  readonly messages: Message[] = [];
  readonly letters: DeadLetter[] = [];
  readonly told: {topic: string; payload: Record<string, unknown>}[] = [];
  readonly counted: {packets: number; accepted: number; refusedForNow: number; rejected: RejectionReason[]} =
    {
      packets: 0,
      accepted: 0,
      refusedForNow: 0,
      rejected: [],
    };
  readonly service: DoorService;
  worldNow: EpochMs = NOW;
  sinkDown = false;
  lettersDown = false;
  handler: PacketHandler | undefined;

  constructor(options: DoorOptions = {}) {
    const metrics: IngestMetrics = {
      packet: () => (this.counted.packets += 1),
      accepted: (messages) => (this.counted.accepted += messages),
      rejected: (reason) => this.counted.rejected.push(reason),
      refusedForNow: () => (this.counted.refusedForNow += 1),
      quarantineOverflow: () => undefined,
    };
    const find = (id: string): EquipmentEntry | undefined =>
      id === CHILLER.equipmentId ? CHILLER : undefined;
    this.service = new DoorService(
      {
        door: {
          start: async (handle) => {
            this.handler = handle;
            return {};
          },
          publish: async (topic, payload) => {
            this.told.push({topic, payload: JSON.parse(payload as string) as Record<string, unknown>});
          },
          state: () => 'up',
          stop: async () => undefined,
        },
        sink: {
          publish: async (messages) => {
            if (this.sinkDown) throw new Error('the bus is away');
            this.messages.push(...messages);
          },
        },
        directory: {find, lookup: async (id) => find(id), refresh: async () => undefined},
        deadLetters: {
          add: async (letters) => {
            if (this.lettersDown) throw new Error('the database is away');
            this.letters.push(...letters);
            return {kept: letters.length, dropped: 0};
          },
          list: async () => [],
          get: async () => undefined,
          quarantined: async () => [],
          close: async () => 0,
        },
        keyOf: sha256Key,
        clocks: {worldNow: () => this.worldNow, wallNow: () => this.worldNow},
        metrics,
        log: {info: () => undefined, warn: () => undefined, error: () => undefined},
      },
      options,
    );
  }

  /** Hands a packet to the service as a door would. */
  async send(payload: unknown, topic = 'telemetry/v1/AMS/CH-0001', retain = false): Promise<void> {
    await this.service.handle({topic, payload: bytes(payload), retain});
  }

  /** The one rejection of a payload, as 'reason: detail'. */
  async refusalOf(payload: unknown, topic?: string): Promise<string> {
    const before = this.letters.length;
    await this.send(payload, topic);
    const fresh = this.letters.slice(before);
    return fresh.map(({reason, detail}) => `${reason}: ${detail}`).join(' | ');
  }
}

export function bytes(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  return new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload));
}
