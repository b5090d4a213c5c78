import {NETWORK_COMMANDS, execute} from '../network/api.ts';
import type {NetworkPorts} from '../network/main.ts';
import {timestamp} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';

interface Allotted {
  readonly allocation_id: string;
  readonly demand_id: string;
  readonly part_id: string;
  readonly depot_id: string;
  readonly pieces: number;
  readonly covers_left: number;
  readonly customer: string;
  readonly owner: string;
  readonly condition: 'new' | 'serviceable';
  readonly lot: string;
}

/** The store keeper of the demo and of replays: what was allotted to a line is issued for it as soon as it lies there. */
export class StoreKeeper {
  readonly #ports: NetworkPorts;
  readonly #pool: Pool;

  constructor({ports, pool}: {readonly ports: NetworkPorts; readonly pool: Pool}) {
    this.#ports = ports;
    this.#pool = pool;
  }

  /** @returns whether anything was issued. */
  async turn(): Promise<boolean> {
    const {rows} = await this.#pool.query<Allotted>(
      `SELECT v.allocation_id, v.demand_id, v.part_id, v.depot_id, least(v.covers_left, b.qty / v.ratio) * v.ratio AS pieces, v.covers_left,
              l.customer_party_id AS customer, b.owner_party_id AS owner, b.condition, b.lot
         FROM network.allotment v JOIN network.demand_line l USING (demand_id)
         JOIN LATERAL (SELECT b.owner_party_id, b.condition, b.lot, b.qty FROM network.stock_balance b
                        WHERE b.loc = 'depot:' || v.depot_id AND b.part_id = v.part_id AND b.condition IN ('new', 'serviceable')
                          AND b.qty >= v.ratio
                          AND NOT EXISTS (SELECT FROM network.lot t WHERE t.part_id = b.part_id AND t.lot = b.lot AND t.usable_until <= $1)
                        ORDER BY b.qty >= v.covers_left * v.ratio DESC, b.condition DESC, b.lot, b.owner_party_id LIMIT 1) b ON true
        WHERE l.customer_party_id IS NOT NULL ORDER BY v.allocation_id`,
      [timestamp(this.#ports.worldClock.now())],
    );
    let acted = false;
    for (const row of rows) acted = (await this.#issue(row)) || acted;
    return acted;
  }

  async #issue({allocation_id: allocationId, ...row}: Allotted): Promise<boolean> {
    const body = {
      source: 'store-keeper',
      // What is left of the allotment makes the next turn another one.
      sourceKey: `allotment:${allocationId}:${row.covers_left}`,
      part: {number: row.part_id},
      depotId: row.depot_id,
      qty: row.pieces,
      lot: row.lot,
      condition: row.condition,
      ownerPartyId: row.owner,
      customerPartyId: row.customer,
      demandId: row.demand_id,
    };
    return (await execute(this.#ports, NETWORK_COMMANDS.issueStock, body, 'store-keeper')).ok;
  }
}
