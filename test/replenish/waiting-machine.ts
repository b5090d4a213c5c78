import {DAY_MS, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import type {Pool} from '../../platform/pg.ts';
import {createBackorderStore} from '../../replenish/adapters/backorder-rows.ts';
import {backorderEvents, readStandings} from '../../replenish/api.ts';
import {watchBackorders} from '../../replenish/backorder-service.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

export const LINE = '5f8e4a3c-0000-4000-8000-000000000001';
export const LATE = '5f8e4a3c-0000-4000-8000-00000000000a';

/** One empty depot with a slow supplier and a dear, quick one; nothing is forecast. */
function oneDepot(): MasterData {
  const network = tinyNetwork();
  const [, fromSupplier] = network['sourcing']!;
  const base = {...fromSupplier!, depot_id: 'D-1', lead_time_sd_d: 0};
  const others = Object.entries(network).filter(([table]) => table !== 'opening_stock');
  return {
    ...Object.fromEntries(others),
    sourcing: [
      {...base, lead_time_mean_d: 30},
      {...base, kind: 'emergency', lead_time_mean_d: 5, price_minor: 400_000},
    ],
    part_depot: [{part_id: 'P-1', depot_id: 'D-1', party_id: 'OWN'}],
  };
}

type Standing = NonNullable<ReturnType<Awaited<ReturnType<typeof readStandings>>['get']>>;

/** Machine M-1 asks for one piece at START; the only one on order was ordered forty days before and promised for ten days ago. */
export class WaitingMachine {
  readonly network: DecidingNetwork;

  private constructor(network: DecidingNetwork) {
    this.network = network;
  }

  static async open(): Promise<WaitingMachine> {
    const network = await DecidingNetwork.open(oneDepot());
    const world = new WaitingMachine(network);
    const at = (days: number): string => toIso((START + days * DAY_MS) as typeof START);
    await world.networkDb().query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty, requested_at, needed_at)
       SELECT $1, 'test', 'line', 'P-1', 'D-1', equipment_no, 'CUS', 'gold', 1, $2, $2 FROM network.equipment WHERE equipment_id = 'M-1'`,
      [LINE, at(0)],
    );
    await world
      .networkDb()
      .query(
        `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-1', 'SUP', 'OWN', 1, 'released', $2, $3, 0, 0, 'EUR', NULL)`,
        [LATE, at(-40), at(-10)],
      );
    await world
      .networkDb()
      .query(
        `UPDATE network.supply_order SET state = 'confirmed', promised_at = $2, first_promised_at = $2 WHERE order_id = $1`,
        [LATE, at(-10)],
      );
    return world;
  }

  watch(): Promise<number> {
    const {network} = this;
    return watchBackorders({store: createBackorderStore(network.pool), now: () => network.now});
  }

  async standing(): Promise<Standing> {
    return (await readStandings(this.network.pool, [LINE], this.network.now)).get(LINE)!;
  }

  async lived(): Promise<string[]> {
    return (await backorderEvents(this.network.pool, LINE)).map(({type}) => type);
  }

  audited(action: string): Promise<number> {
    return this.network.count(`platform.audit_entry WHERE action = '${action}'`);
  }

  networkDb(): Pool {
    return this.network.database.poolFor('forestock_network');
  }
}
