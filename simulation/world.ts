import type {EquipmentEntry} from '../ingest/core/equipment.ts';
import {EquipmentId} from '../domain/ids.ts';
import type {IngestLog} from '../ingest/ports.ts';
import {partitionOf} from '../domain/partition.ts';
import {streamOf} from '../simulator/random.ts';
import type {Random} from '../simulator/random.ts';
import {ChainLedger} from './chain-ledger.ts';
import {POISON_C} from './device.ts';
import {DatabaseClock} from './database-clock.ts';
import {Line, Server} from './line.ts';
import {MemoryDatabase} from './memory-database.ts';
import {MemoryStoreTables} from './memory-store.ts';
import {VirtualTime} from './virtual-time.ts';
import {Weather} from './weather.ts';

export const PARTITIONS = 4;
/** Small, so that boots are forgotten and read again. */
export const BOOTS_CACHED_MAX = 3;
const DEVICES_MAX = 4;

/** What all of one run share: its time, its luck, its servers and what is known of every message. */
export interface World {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly weather: Weather;
  readonly line: Line;
  readonly ledger: ChainLedger;
  readonly database: {
    readonly server: Server;
    readonly transactions: MemoryDatabase;
    readonly tables: MemoryStoreTables;
    readonly clock: DatabaseClock;
  };
  readonly equipment: ReadonlyMap<string, EquipmentEntry>;
  /** One line of the trace; costs nothing when nobody reads it. */
  tell(what: string): void;
  log(who: string): IngestLog;
}

export function createWorld(seed: number, print?: (line: string) => void): World {
  const time = new VirtualTime();
  const weather = new Weather(streamOf(seed, 'weather'));
  const ledger = new ChainLedger();
  const tell = (what: string): void => print?.(`${time.nowMs.toFixed(1).padStart(10)} ms  ${what}`);
  const tables = new MemoryStoreTables({
    refuses: (message) =>
      message.kind === 'reading' && message.values['temperature_c'] === POISON_C
        ? 'no row may be this warm'
        : undefined,
    row: (row, ownsPartition) => {
      ledger.row(row, ownsPartition);
      tell(`row ${row.message.equipmentId} ${String(row.message.boot)}:${String(row.message.seq)} committed`);
    },
    head: (partitionNo, lastLogSeq) => ledger.head(partitionNo, lastLogSeq),
    letter: (raw, equipmentId) => ledger.letter(raw, equipmentId),
  });
  const random = streamOf(seed, 'world');
  return {
    seed,
    time,
    random,
    weather,
    line: new Line(time, weather),
    ledger,
    database: {
      server: new Server('database'),
      transactions: new MemoryDatabase(),
      tables,
      clock: new DatabaseClock(time),
    },
    equipment: installedBase(random.integer(1, DEVICES_MAX)),
    tell,
    log: (who) => ({
      info: (fields, message) => tell(`${who}: ${message} ${print ? JSON.stringify(fields) : ''}`),
      warn: (fields, message) => tell(`${who}: ${message} ${print ? JSON.stringify(fields) : ''}`),
      error: (fields, message) => tell(`${who}: ${message} ${print ? JSON.stringify(fields) : ''}`),
    }),
  };
}

function installedBase(devices: number): ReadonlyMap<string, EquipmentEntry> {
  const numbers = Array.from({length: devices}, (_, i) => i + 1);
  return new Map(
    numbers.map((equipmentNo) => {
      const equipmentId = `CH-000${equipmentNo}`;
      return [
        equipmentId,
        {
          equipmentId: EquipmentId.parse(equipmentId),
          equipmentNo,
          partitionNo: partitionOf(equipmentId, PARTITIONS),
          siteId: 'AMS',
          partyId: 'customer-1',
          expectedIntervalS: 60,
          signals: new Map([['temperature_c', {unit: '°C', minValue: -40, maxValue: 120}]]),
          positions: new Set<string>(),
        },
      ];
    }),
  );
}
