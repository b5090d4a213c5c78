import {LRUCache} from 'lru-cache';
import {EquipmentId} from '../../domain/ids.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {EquipmentEntry, SignalLimits} from '../core/equipment.ts';
import type {EquipmentDirectory} from '../ports.ts';

/** How long "we do not know that equipment" is believed: a stranger's stream must not become a stream of queries. */
const STRANGER_MS = 5000;
const STRANGERS_MAX = 10_000;

interface EquipmentRow {
  readonly equipment_id: string;
  readonly equipment_no: number;
  readonly partition_no: number;
  readonly site_id: string;
  readonly customer_party_id: string;
  readonly model_id: string;
  readonly equipment_class_id: string;
  readonly expected_interval_s: number;
}

const EQUIPMENT = `
  SELECT e.equipment_id, e.equipment_no, e.partition_no, e.site_id, e.customer_party_id, e.model_id,
         m.equipment_class_id, coalesce(e.expected_interval_s, c.expected_interval_s) AS expected_interval_s
    FROM network.equipment e
    JOIN network.equipment_model m USING (model_id)
    JOIN network.equipment_class c USING (equipment_class_id)`;

/** The installed base in memory: some 300 bytes an equipment; signals and positions are shared by class and model. */
export class PgEquipmentDirectory implements EquipmentDirectory {
  readonly #database: Queryable;
  #entries: ReadonlyMap<string, EquipmentEntry> = new Map();
  #late = new Map<string, EquipmentEntry>();
  readonly #strangers = new LRUCache<string, true>({max: STRANGERS_MAX, ttl: STRANGER_MS});

  constructor(database: Queryable) {
    this.#database = database;
  }

  find(equipmentId: string): EquipmentEntry | undefined {
    return this.#entries.get(equipmentId) ?? this.#late.get(equipmentId);
  }

  async lookup(equipmentId: string): Promise<EquipmentEntry | undefined> {
    const known = this.find(equipmentId);
    if (known || this.#strangers.has(equipmentId)) return known;
    const [entry] = await this.#load(`${EQUIPMENT} WHERE e.equipment_id = $1`, [equipmentId]);
    if (entry) this.#late.set(entry.equipmentId, entry);
    else this.#strangers.set(equipmentId, true);
    return entry;
  }

  async refresh(): Promise<void> {
    const entries = await this.#load(EQUIPMENT, []);
    this.#entries = new Map(entries.map((entry) => [entry.equipmentId, entry]));
    this.#late = new Map();
    this.#strangers.clear();
  }

  async #load(query: string, values: readonly string[]): Promise<readonly EquipmentEntry[]> {
    const {rows} = await this.#database.query<EquipmentRow>(query, [...values]);
    if (rows.length === 0) return [];
    const signals = await this.#signals();
    const positions = await this.#positions();
    return rows.map((row) => ({
      equipmentId: EquipmentId.parse(row.equipment_id),
      equipmentNo: row.equipment_no,
      partitionNo: row.partition_no,
      siteId: row.site_id,
      partyId: row.customer_party_id,
      expectedIntervalS: row.expected_interval_s,
      signals: signals.get(row.equipment_class_id) ?? new Map<string, SignalLimits>(),
      positions: positions.get(row.model_id) ?? new Set<string>(),
    }));
  }

  async #signals(): Promise<ReadonlyMap<string, ReadonlyMap<string, SignalLimits>>> {
    const {rows} = await this.#database.query<{
      equipment_class_id: string;
      signal: string;
      unit: string;
      min_value: number;
      max_value: number;
      normal_low: number | null;
      normal_high: number | null;
    }>(
      'SELECT equipment_class_id, signal, unit, min_value, max_value, normal_low, normal_high FROM network.class_signal ORDER BY 1, 2',
    );
    const byClass = new Map<string, Map<string, SignalLimits>>();
    for (const row of rows) {
      const limits = {
        unit: row.unit,
        minValue: row.min_value,
        maxValue: row.max_value,
        ...(row.normal_low === null ? {} : {normalLow: row.normal_low}),
        ...(row.normal_high === null ? {} : {normalHigh: row.normal_high}),
      };
      gather(byClass, row.equipment_class_id, () => new Map<string, SignalLimits>()).set(row.signal, limits);
    }
    return byClass;
  }

  async #positions(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const {rows} = await this.#database.query<{model_id: string; position_id: string}>(
      'SELECT DISTINCT model_id, position_id FROM network.bom_position ORDER BY 1, 2',
    );
    const byModel = new Map<string, Set<string>>();
    for (const row of rows) gather(byModel, row.model_id, () => new Set<string>()).add(row.position_id);
    return byModel;
  }
}

function gather<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
