import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {NETWORK_COMMANDS, execute} from '../network/api.ts';
import type {NetworkPorts} from '../network/main.ts';
import type {Pool} from '../platform/pg.ts';
import {sampleArrival} from '../simulator/supply-side.ts';
import {StoreKeeper} from './store-keeper.ts';

interface OpenOrder {
  readonly order_id: string;
  readonly state: string;
  readonly from_loc: string;
  readonly ordered_at: number;
  readonly expected_at: number;
  readonly lead_time_sd_h: number;
}

/**
 * Suppliers and carriers for the demo and replays: every released order arrives after a lead time drawn from its own
 * distribution, the same for an order id at every asking. Keeps no state: what is due follows from the open orders.
 */
export class SupplySide {
  readonly #ports: NetworkPorts;
  readonly #pool: Pool;
  readonly #seed: number;
  readonly #storeKeeper: StoreKeeper;

  constructor(options: {readonly ports: NetworkPorts; readonly pool: Pool; readonly seed: number}) {
    this.#ports = options.ports;
    this.#pool = options.pool;
    this.#seed = options.seed;
    this.#storeKeeper = new StoreKeeper(options);
  }

  /** Ships and delivers what is due by `now`, and issues what was allotted; says when the next delivery is due, Infinity when nothing is on its way. */
  async turn(now: EpochMs): Promise<{readonly acted: boolean; readonly nextAt: number}> {
    const open = await this.#pool.query<OpenOrder>(
      // What a source really needs is the world's; what we learn of it must not become true by being believed.
      `SELECT o.order_id, o.state, o.from_loc, o.ordered_at,
              coalesce(o.ordered_at + make_interval(secs => s.lead_time_mean_d * 86400), o.expected_at) AS expected_at,
              coalesce(s.lead_time_sd_d * 24, o.lead_time_sd_h) AS lead_time_sd_h
         FROM network.supply_order o
         LEFT JOIN LATERAL (SELECT s.lead_time_mean_d, s.lead_time_sd_d FROM network.sourcing s
                             WHERE s.part_id = o.part_id AND s.depot_id = substr(o.to_loc, 7) AND o.from_loc = s.source_kind || ':' || s.source_id
                               AND s.kind = CASE WHEN o.kind IN ('emergency', 'repair') THEN o.kind ELSE 'normal' END
                               AND s.valid_from <= o.ordered_at AND o.mode IS NULL ORDER BY s.valid_from DESC LIMIT 1) s ON true
        WHERE o.state IN ('released', 'confirmed', 'shipped') ORDER BY o.order_id`,
    );
    let acted = false;
    let nextAt = Infinity;
    for (const order of open.rows) {
      const arrivesAt = this.#arrivalOf(order);
      if (arrivesAt > now) nextAt = Math.min(nextAt, arrivesAt);
      const leaves = order.state !== 'shipped' && order.from_loc.startsWith('depot:');
      if (arrivesAt <= now) await this.#deliver(order);
      else if (leaves) await this.#ship(order);
      acted ||= arrivesAt <= now || leaves;
    }
    acted = (await this.#storeKeeper.turn()) || acted;
    return {acted, nextAt};
  }

  #arrivalOf(order: OpenOrder): EpochMs {
    const meanH = Math.max(0.1, (order.expected_at - order.ordered_at) / HOUR_MS);
    return sampleArrival({
      orderId: order.order_id,
      orderedAt: epochMs(order.ordered_at),
      meanH,
      sdH: order.lead_time_sd_h,
      seed: this.#seed,
    });
  }

  async #ship({order_id: orderId}: OpenOrder): Promise<void> {
    const body = {source: 'carrier', sourceKey: `ship:${orderId}`, orderId};
    const shipped = await execute(this.#ports, NETWORK_COMMANDS.shipOrder, body, 'carrier');
    // Meanwhile a customer at the donor depot got the piece: the transfer is off, and its group is asked again.
    if (!shipped.ok && shipped.reason === 'not-enough-stock') await this.#cancel(orderId);
  }

  async #deliver({order_id: orderId}: OpenOrder): Promise<void> {
    const body = {source: 'carrier', sourceKey: `deliver:${orderId}`, orderId};
    const received = await execute(this.#ports, NETWORK_COMMANDS.receiveOrder, body, 'carrier');
    if (!received.ok && received.reason === 'not-enough-stock') await this.#cancel(orderId);
    else if (!received.ok && received.reason === 'lot-missing') {
      const withLot = {...body, sourceKey: `${body.sourceKey}:lot`, lot: `LOT-${orderId.slice(0, 8)}`};
      await execute(this.#ports, NETWORK_COMMANDS.receiveOrder, withLot, 'carrier');
    }
  }

  async #cancel(orderId: string): Promise<void> {
    await execute(
      this.#ports,
      NETWORK_COMMANDS.cancelOrder,
      {source: 'carrier', sourceKey: `cancel:${orderId}`, orderId},
      'carrier',
    );
  }
}
