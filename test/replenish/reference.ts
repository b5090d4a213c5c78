import {createNoticeStore} from '../../notices/adapters/notice-store.ts';
import {tellOfAlerts} from '../../notices/service.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import type {Policy} from '../../replenish/core/decision/policy.ts';
import {createReplenishStore} from '../../replenish/adapters/replenish-store.ts';
import type {Committed, Unplannable} from '../../replenish/ports.ts';
import {decideDirtyGroups} from '../../replenish/service.ts';
import {epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, importMasterData, NETWORK_COMMANDS, toRawFolder} from '../../network/api.ts';
import type {NetworkPorts} from '../../network/api.ts';
import {causeId} from '../../platform/ids.ts';
import type {Pool} from '../../platform/pg.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

/** The network with a test's own rows behind those of each table. */
export function withRows(network: MasterData, more: MasterData): MasterData {
  const merged = {...network};
  for (const [table, rows] of Object.entries(more)) merged[table] = [...(merged[table] ?? []), ...rows];
  return merged;
}

/** A workshop that gives a broken P-1 of D-1 back in 3 ± 1 days, for 200.00. */
export const WORKSHOP: MasterData = {
  party: [{party_id: 'SHOP', kind: 'supplier', name: 'Workshop'}],
  sourcing: [
    {
      part_id: 'P-1',
      depot_id: 'D-1',
      source_kind: 'supplier',
      source_id: 'SHOP',
      kind: 'repair',
      lead_time_mean_d: 3,
      lead_time_sd_d: 1,
      price_minor: 20_000,
    },
  ],
};

/** A small network in a database of its own, whose forecasts, stock and signals a test sets by hand. */
export class DecidingNetwork {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly #books: NetworkPorts;
  /** Every decision settled so far. */
  readonly settled: Committed[] = [];
  /** Every group that could not be planned. */
  readonly setAside: Unplannable[] = [];
  #at: EpochMs = START;
  #signals = 0;
  #commands = 0;

  private constructor(database: TestDatabase) {
    this.database = database;
    this.pool = database.poolFor('forestock_replenish');
    this.#books = openNetworkPorts(database.poolFor('forestock_network'), {
      worldClock: {now: () => this.#at},
      partitions: 4,
      autoIssue: false,
    });
  }

  static async open(data: MasterData = tinyNetwork()): Promise<DecidingNetwork> {
    const network = new DecidingNetwork(await openTestDatabase());
    const imported = await importMasterData(network.#books, toRawFolder(data), {actor: 'test'});
    if (!imported.ok) throw new Error(JSON.stringify(imported));
    await network.pool.query('UPDATE replenish.demand_signal SET pending = false');
    return network;
  }

  get now(): EpochMs {
    return this.#at;
  }

  pass(hours: number): void {
    this.#at = epochMs(this.#at + hours * HOUR_MS);
  }

  /** Puts P(failure within a week) of a component, and asks its group to look. */
  async forecast(componentId: string, weekPpm: number): Promise<void> {
    await this.database.poolFor('forestock_predict').query(
      `INSERT INTO predict.forecast_current (component_id, equipment_no, position_id, as_of, model_version_id, revision, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, signalled_ppm)
       SELECT $1, equipment_no, position_id, $2::timestamptz, 'm1', 0, 'weibull-age', '{168}', ARRAY[$3::int], 0, 100, ARRAY[$3::int]
         FROM network.installation WHERE component_id = $1 AND removed_at IS NULL
       ON CONFLICT (component_id) DO UPDATE SET as_of = excluded.as_of, cumulative_ppm = excluded.cumulative_ppm`,
      [componentId, toIso(this.#at), weekPpm],
    );
  }

  /** Books what people report: `network.book('receiveOrder', {orderId})`. */
  async book(command: keyof typeof NETWORK_COMMANDS, body: Record<string, unknown>): Promise<void> {
    const origin = {source: 'test', sourceKey: `c${(this.#commands += 1)}`};
    const outcome = await execute(
      this.#books,
      NETWORK_COMMANDS[command] as (typeof NETWORK_COMMANDS)['shipOrder'],
      {...origin, ...body},
      'test',
    );
    if (!outcome.ok) throw new Error(`${command}: ${outcome.detail}`);
  }

  /** A machine stands for want of a compressor: one P-1 is asked for at D-1. */
  async breakDown(equipmentId = 'M-1'): Promise<void> {
    await this.book('reportRepair', {
      equipmentId,
      positionId: 'compressor',
      finding: 'failed',
      partMissing: true,
      reportedAt: toIso(this.#at),
    });
  }

  async signal(groupId = 'G-1', count = 1): Promise<void> {
    const ids = Array.from({length: count}, () => causeId('test-signal', groupId, (this.#signals += 1)));
    await this.pool.query(
      `SELECT replenish.raise_demand_signal(s.id, $2, 'test', s.id::text, $3) FROM unnest($1::uuid[]) AS s(id)`,
      [ids, groupId, toIso(this.#at)],
    );
  }

  /** Decides until no group is dirty. @returns what was settled. */
  async decide(policy: Partial<Policy> = {}): Promise<readonly Committed[]> {
    const store = createReplenishStore(this.pool, {targets: ['erp'], mode: 'auto'});
    const before = this.settled.length;
    const ports = {
      store: {...store, policy: () => Promise.resolve({...DEFAULT_POLICY, mode: 'auto' as const, ...policy})},
      now: () => this.#at,
      decided: (committed: Committed) => this.settled.push(committed),
      setAside: (unplannable: Unplannable) => this.setAside.push(unplannable),
    };
    for (let round = 0; round < 100; round += 1) {
      if ((await decideDirtyGroups(ports, {groupsMax: 64, coalesceMs: 0})) === 0)
        return this.settled.slice(before);
    }
    throw new Error('the groups never came to rest');
  }

  /** Tells whoever is to hear of alerts. */
  async tell(): Promise<void> {
    const store = createNoticeStore(this.database.poolFor('forestock_notices'), ['erp']);
    const ports = {store, now: () => this.#at, nameOf: causeId, publicUrl: null};
    while ((await tellOfAlerts(ports)) > 0);
  }

  /** Every order as the books have it. */
  async orders(): Promise<readonly {from: string; to: string; qty: number}[]> {
    const found = await this.pool.query<{from: string; to: string; qty: number}>(
      'SELECT from_loc AS from, to_loc AS to, qty FROM network.supply_order ORDER BY ordered_at, order_id',
    );
    return found.rows;
  }

  async count(from: string): Promise<number> {
    return (await this.pool.query<{n: number}>(`SELECT count(*)::int AS n FROM ${from}`)).rows[0]!.n;
  }
}
