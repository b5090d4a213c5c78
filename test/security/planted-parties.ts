import type pg from 'pg';
import type {Segment} from '../../domain/segment.ts';
import type {TestDatabase} from '../support/database.ts';

/** Two of each kind of partner. Each is planted with rows of its own in every table that parties may read. */
export const SUPPLIERS = ['SUP-A', 'SUP-B'] as const;
export const CUSTOMERS = ['CUS-A', 'CUS-B'] as const;
export const TECHNICIANS = ['SVC-A', 'SVC-B'] as const;
export const PARTIES = [...SUPPLIERS, ...CUSTOMERS, ...TECHNICIANS];

/** Who reads: a party, or somebody of it who is bound to segments. */
export interface Reader {
  readonly name: string;
  readonly partyId: string;
  readonly segments: readonly Segment[] | null;
}
/** Each party, and one of each kind who is bound to a segment. */
export const READERS: readonly Reader[] = [
  ...PARTIES.map((partyId) => ({name: partyId, partyId, segments: null})),
  {name: 'SUP-A of C', partyId: 'SUP-A', segments: ['C']},
  {name: 'CUS-A of B', partyId: 'CUS-A', segments: ['B']},
  {name: 'SVC-A of C', partyId: 'SVC-A', segments: ['C']},
];

/** When their contracts run, and one day after they ended. */
export const WITHIN = Date.UTC(2026, 0, 5);
export const AFTER = Date.UTC(2027, 0, 2);

const RUN = '00000000-0000-4000-8000-000000000099';

type Row = Readonly<Record<string, unknown>>;

/** Which reader is to see which planted row: `seen.get('CUS-A').get('network.equipment')` are physical row addresses. */
export type Seen = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/**
 * Plants two suppliers, two customers and two service partners side by side, with the same shapes, and notes for each row who may see
 * it. What is noted here is the agreement in words (docs/partners.md), told a second time and without SQL.
 */
export async function plantParties(owner: pg.Client): Promise<Seen> {
  const seen = new Map(READERS.map(({name}) => [name, new Map<string, string[]>()] as const));
  /** By order and need: the part that it is about. */
  const partOf = new Map<unknown, unknown>();
  const plant = async (table: string, row: Row, ...readers: readonly string[]): Promise<void> => {
    const columns = Object.keys(row).join(', ');
    const {rows} = await owner.query<{at: string}>(
      `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE
       SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1) RETURNING ctid::text AS at`,
      [JSON.stringify(row)],
    );
    const {part_id, order_id, demand_id} = row;
    if (['network.supply_order', 'network.demand_line'].includes(table))
      partOf.set(order_id ?? demand_id, part_id);
    const about = [part_id, partOf.get(order_id), partOf.get(demand_id)].filter((id) => id !== undefined);
    for (const {name, partyId, segments} of READERS) {
      const isOfSegments = about.every((id) => segments?.includes(segmentOf(id as string)) !== false);
      if (!readers.includes(partyId) || !isOfSegments) continue;
      const tables = seen.get(name)!;
      tables.set(table, [...(tables.get(table) ?? []), rows[0]!.at]);
    }
  };
  await plantGround(plant);
  for (const [index, side] of ['A', 'B'].entries()) await plantSide(plant, side, index + 1);
  return seen;
}

/** Example: 'P-A-1' → 'B', 'P-A-2' → 'C'. */
function segmentOf(partId: string): Segment {
  return partId.endsWith('1') ? 'B' : 'C';
}

type Plant = (table: string, row: Row, ...readers: readonly string[]) => Promise<void>;

/** What everybody stands on and nobody but the installation reads. */
async function plantGround(plant: Plant): Promise<void> {
  await plant('network.party', {party_id: 'OWN', kind: 'own', name: 'Own'});
  for (const partyId of PARTIES) {
    const kind = partyId.startsWith('SUP') ? 'supplier' : partyId.startsWith('CUS') ? 'customer' : 'partner';
    await plant('network.party', {party_id: partyId, kind, name: `Name of ${partyId}`}, partyId);
  }
  const place = {lat: 52, lon: 5, tz: 'Europe/Amsterdam'};
  await plant('network.site', {site_id: 'SITE-OWN', party_id: 'OWN', name: 'Depot', ...place});
  await plant('network.depot', {
    ...{depot_id: 'D-1', site_id: 'SITE-OWN', party_id: 'OWN', echelon: 'central', calendar_id: 'always'},
  });
  await plant('network.equipment_class', {
    ...{equipment_class_id: 'chiller', name: 'Chiller', grid_minutes: 60, expected_interval_s: 600},
  });
  await plant('network.equipment_model', {model_id: 'CH', equipment_class_id: 'chiller', name: 'CH'});
  await plant('network.planning_group', {group_id: 'G', version: 0});
  await plant('replenish.plan_run', {
    ...{run_id: RUN, kind: 'criticality', actor: 'test', goal: {}, outcome: {}, world_at: '2026-01-01Z'},
  });
}

/** One supplier, one customer and one service partner, who know of the same machine and of nothing of the other side. */
async function plantSide(plant: Plant, side: string, no: number): Promise<void> {
  const [supplier, customer, technician] = [`SUP-${side}`, `CUS-${side}`, `SVC-${side}`];
  const uuid = (kind: number, of = no): string =>
    `00000000-0000-4000-8000-0000000${String(kind).padStart(3, '0')}${String(of).padStart(2, '0')}`;
  const [partId, supplied, machine] = [`P-${side}-1`, `P-${side}-2`, `M-${side}-1`];
  const part = {group_id: 'G', stocking_uom: 'EA', unit_cost_minor: 100 * no, currency: 'EUR'};
  const rest = {repairable: false, lot_required: false, serial_required: false, flags: []};
  await plant(
    'network.part',
    {...part, ...rest, part_id: partId, criticality: segmentOf(partId), name: `Pump of ${side}`},
    ...[supplier, customer, technician],
  );
  // Its class is left out of the master data, and follows from what failures cost.
  await plant(
    'network.part',
    {...part, ...rest, part_id: supplied, name: `Seal of ${side}`},
    ...[supplier, customer, technician],
  );
  await plant('replenish.part_criticality', {
    ...{part_id: supplied, valid_from: '2026-01-01Z', criticality: segmentOf(supplied), reason: {}},
    run_id: RUN,
  });
  await plant(
    'network.site',
    {
      ...{site_id: `SITE-${side}`, party_id: customer, name: `Plant of ${side}`},
      ...{lat: 52, lon: 5, tz: 'Europe/Amsterdam'},
    },
    ...[customer, technician],
  );
  await plant('network.contract', {
    ...{contract_id: `K-${side}`, version: 1, party_a: technician, party_b: customer, type: 'service'},
    ...{tier: 'gold', valid: '[2025-01-01Z,2027-01-01Z)', status: 'active', penalty_minor_per_h: 5000},
  });
  const equipment = {
    ...{model_id: 'CH', site_id: `SITE-${side}`, partition_no: 0, currency: 'EUR', criticality: 'B'},
    ...{downtime_minor_per_h: 100, commissioned_at: '2025-01-01Z', attributes: {}, monitored: true},
    state: 'active',
  };
  await plant(
    'network.equipment',
    {
      ...equipment,
      ...{equipment_no: no, equipment_id: machine, customer_party_id: customer, contract_id: `K-${side}`},
    },
    ...[customer, technician],
  );
  await plantSupply(plant, {supplier, partId, supplied, uuid});
  await plantNeeds(plant, {customer, technician, partId, supplied, machine, no, uuid});
}

interface SupplySide {
  readonly supplier: string;
  readonly partId: string;
  readonly supplied: string;
  readonly uuid: (kind: number) => string;
}

async function plantSupply(plant: Plant, {supplier, partId, supplied, uuid}: SupplySide): Promise<void> {
  const agreed = {depot_id: 'D-1', source_kind: 'supplier', source_id: supplier};
  for (const id of [partId, supplied]) {
    const time = {valid_from: '-infinity', lead_time_mean_d: 20, lead_time_sd_d: 5};
    const lot = {price_minor: 900, order_cost_minor: 0, moq: 1, multiple: 1, crossing: true};
    await plant('network.sourcing', {...agreed, ...time, ...lot, part_id: id, kind: 'normal'}, supplier);
  }
  await plant(
    'network.sourcing_express',
    {...agreed, part_id: partId, mode: 'air', lead_time_mean_d: 2, fee_minor: 5000},
    supplier,
  );
  await plant(
    'replenish.lead_time',
    {
      ...{part_id: partId, kind: 'normal', learned_at: '2026-01-01Z', plan_d: 20, mean_d: 22, sd_d: 4},
      ...{...agreed, evidence: 8, enough: true, lead: [], promise: []},
    },
    supplier,
  );
  const forecast = {as_of: '2026-01-01Z', party_id: 'OWN', per_year: 6, vmr: 1, prior_kind: 'master-data'};
  const evidence = {prior_per_year: 6, credibility: 0, history_months: 0, pieces: 0, hidden_share: 0};
  await plant(
    'replenish.demand_forecast',
    {...forecast, ...evidence, part_id: partId, depot_id: 'D-1'},
    supplier,
  );
  for (const [kind, state] of [
    [1, 'released'],
    [2, 'received'],
    [3, 'proposed'],
    [4, 'released'],
  ] as const) {
    const readers = state === 'proposed' ? [] : [supplier]; // what nobody has released is nobody's order
    const order = {
      ...{order_id: uuid(kind), kind: 'purchase', from_loc: `supplier:${supplier}`},
      part_id: kind === 4 ? supplied : partId,
      ...{to_loc: 'depot:D-1', supplier_party_id: supplier, owner_party_id: 'OWN', qty: 3, shipped_qty: 0},
      ...{received_qty: 0, state, ordered_at: '2026-01-01Z', expected_at: '2026-01-21Z', lead_time_sd_h: 0},
      ...{cost_minor: 2700, currency: 'EUR', slips: 0},
    };
    await plant('network.supply_order', order, ...readers);
    await plant(
      'network.supply_order_event',
      {
        ...{order_id: uuid(kind), event_no: 1, source: supplier, source_key: `${supplier}-${kind}`},
        ...{type: 'confirm', qty: 3, world_at: '2026-01-02Z', body: {}},
      },
      ...readers,
    );
  }
}

interface NeedSide {
  readonly customer: string;
  readonly technician: string;
  readonly partId: string;
  readonly supplied: string;
  readonly machine: string;
  readonly no: number;
  readonly uuid: (kind: number) => string;
}

async function plantNeeds(plant: Plant, side: NeedSide): Promise<void> {
  const {customer, technician, partId, supplied, machine, no, uuid} = side;
  const both = [customer, technician];
  const line = {
    ...{part_id: partId, depot_id: 'D-1', customer_party_id: customer, tier: 'gold', qty: 2, filled_qty: 1},
    ...{requested_at: '2026-01-01Z', needed_at: '2026-01-02Z', state: 'open', cause: 'failure'},
    predicted: false,
  };
  const source = {source: customer, source_key: `${customer}-need`};
  await plant('network.demand_line', {...line, ...source, demand_id: uuid(11), equipment_no: no}, ...both);
  // Over the counter: of no machine, and so no technician's job.
  const counter = {...line, source: customer, source_key: `${customer}-counter`, equipment_no: null};
  await plant('network.demand_line', {...counter, demand_id: uuid(12)}, customer);
  const seal = {...line, part_id: supplied, source: customer, source_key: `${customer}-seal`};
  await plant('network.demand_line', {...seal, demand_id: uuid(13), equipment_no: no}, ...both);
  for (const [kind, readers, part_id] of [
    [11, both, partId],
    [12, [customer], partId],
    [13, both, supplied],
  ] as const) {
    const demand_id = uuid(kind);
    const fill = {type: 'filled', qty: 1, part_id, pieces: 1, world_at: '2026-01-02Z'};
    const by = {source: customer, source_key: `${customer}-${kind}`};
    await plant('network.demand_event', {demand_id, event_no: 1, ...by, ...fill}, ...readers);
    const instead = {...fill, source: customer, source_key: `${customer}-${kind}-instead`, part_id: supplied};
    await plant('network.demand_event', {demand_id, event_no: 2, ...instead}, ...readers);
    await plant(
      'network.demand_promise',
      {
        ...{demand_id, promise_no: 1, promised_at: '2026-01-09Z', promise_ppm: 950_000},
        ...{promised_by: 'shelf', made_at: '2026-01-02Z'},
      },
      ...readers,
    );
    await plant(
      'replenish.backorder',
      {
        ...{demand_id, part_id, depot_id: 'D-1', party_id: 'OWN', needed_at: '2026-01-02Z'},
        ...{level: no, policy_key: 'default'},
      },
      ...readers,
    );
  }
  const alert = {opened_at: '2026-01-03Z', updated_at: '2026-01-03Z', state: 'open', level: 1};
  const facts = {money_minor: 0, body: {equipmentId: machine}};
  await plant(
    'replenish.alert',
    {
      ...{...alert, ...facts, alert_id: uuid(21), kind: 'equipment-silent', subject: machine},
      party_id: customer,
    },
    ...both,
  );
  // Of a part at a depot, where customers meet: nobody's but the installation's.
  const shared = {kind: 'backorder-impact', subject: `${partId}@D-1`, party_id: 'OWN'};
  await plant('replenish.alert', {...alert, ...facts, ...shared, alert_id: uuid(22)});
  for (const [kind, partyId] of [
    [31, customer],
    [32, technician],
  ] as const) {
    await plant(
      'network.repair_report',
      {
        ...{report_id: uuid(kind), source: partyId, source_key: `${partyId}-job`, equipment_no: no},
        ...{position_id: 'pump', reported_at: '2026-01-02Z', part_id: partId, part_missing: true},
        ...{finding: 'failed', note: `seen by ${partyId}`, party_id: partyId},
      },
      partyId,
    );
    await plant(
      'network.part_report',
      {
        ...{report_id: uuid(kind), source: partyId, source_key: `${partyId}-part`, party_id: partyId},
        ...{demand_id: uuid(11), problem: 'wrong-part', pieces: 1, reported_at: '2026-01-03Z'},
        note: `told by ${partyId}`,
      },
      partyId,
    );
  }
}

/**
 * For each party a schema with copies of its rows alone: the answer to a query that reads there is what row-level security has to
 * give for the same query. Returns what may be read: table → columns, from the grants themselves.
 */
export async function openOracle(owner: pg.Client, seen: Seen): Promise<ReadonlyMap<string, Columns>> {
  const readable = await grantedColumns(owner);
  for (const [reader, tables] of seen) {
    await owner.query(`CREATE SCHEMA ${oracleOf(reader)}`);
    for (const [table, columns] of readable) {
      const names = columns.map(({name}) => name).join(', ');
      await owner.query(
        `CREATE TABLE ${oracleOf(reader)}.${table.replace('.', '__')} AS SELECT ${names} FROM ${table} WHERE ctid = ANY($1::tid[])`.replace(
          '$1',
          `'{${(tables.get(table) ?? []).map((at) => `"${at}"`).join(',')}}'`,
        ),
      );
    }
  }
  return readable;
}

export function oracleOf(reader: string): string {
  return `oracle_${reader.toLowerCase().replaceAll(/\W/g, '_')}`;
}

export type Columns = readonly {readonly name: string; readonly type: string}[];

/** What forestock_party may read, by the catalogue of the database. */
async function grantedColumns(owner: pg.Client): Promise<ReadonlyMap<string, Columns>> {
  const {rows} = await owner.query<{table: string; name: string; type: string}>(
    `SELECT p.table_schema || '.' || p.table_name AS table, p.column_name AS name, c.data_type AS type
       FROM information_schema.column_privileges p
       JOIN information_schema.columns c USING (table_schema, table_name, column_name)
       JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE p.grantee = 'forestock_party' AND p.privilege_type = 'SELECT' AND t.table_type = 'BASE TABLE'
      ORDER BY 1, c.ordinal_position`,
  );
  const tables = new Map<string, {name: string; type: string}[]>();
  for (const {table, name, type} of rows) tables.set(table, [...(tables.get(table) ?? []), {name, type}]);
  return tables;
}

/** The owner's connection to a test's own database; compiles no query, as the service's own connections do not. */
export async function connectOwner(database: TestDatabase): Promise<pg.Client> {
  const {default: driver} = await import('pg');
  const owner = new driver.Client({connectionString: database.ownerUrl, options: '-c jit=off'});
  await owner.connect();
  await owner.query(`SET TimeZone = 'UTC'`);
  return owner;
}
