import {invariant} from '../../../domain/invariant.ts';

/** A stock point that may send to its neighbours. One time unit throughout. */
export interface PoolingPoint {
  readonly demandRate: number;
  readonly baseStock: number;
  /** Mean time in which one piece is replaced; each piece on its own. */
  readonly replenishmentTime: number;
  /** Who is asked, in this order, when nothing is on the shelf: indexes of other points. */
  readonly donors: readonly number[];
}

/** How the demand of one point is met; the shares add up to 1. */
export interface PoolingShares {
  readonly own: number;
  /** In the order of the point's donors. */
  readonly lateral: readonly number[];
  /** By nobody in the pool: an emergency shipment from outside. */
  readonly emergency: number;
}

/**
 * Share of demand that finds no piece: Erlang's loss formula with one server a piece. It holds whatever the law of the
 * replenishment time.
 *
 * @param offered Demand rate × replenishment time.
 *
 * Source: Erlang (1917); Zipkin (2000), Foundations of Inventory Management, ch. 7.
 * Example: 1 piece, offered 0.8 → 0.8 / 1.8 = 0.4444.
 */
export function erlangLoss(pieces: number, offered: number): number {
  let loss = 1;
  for (let n = 1; n <= pieces; n += 1) loss = (offered * loss) / (n + offered * loss);
  return loss;
}

/**
 * Emergency share of a pool in which everybody may send to everybody and replenishment takes equally long: the pool is one
 * stock. Exact then; a plan says it of joined depots as the most that helping can reach.
 *
 * Source: van Houtum & Kranenburg (2015), Spare Parts Inventory Control under System Availability Constraints, ch. 5.
 * Example: rates 0.08 and 0.15, stocks 1 and 2, 10 days each → 0.2543.
 */
export function fullPoolingEmergency(points: readonly PoolingPoint[]): number {
  const pieces = points.reduce((sum, {baseStock}) => sum + baseStock, 0);
  return erlangLoss(
    pieces,
    points.reduce((sum, point) => sum + point.demandRate * point.replenishmentTime, 0),
  );
}

const ENOUGH = 1e-13;
const MOST_ROUNDS = 10_000;

/**
 * Approximate shares under lateral transshipment, with emergency shipments when the whole pool is empty: what one point
 * cannot serve reaches the next donor as more Poisson demand, and points are empty independently of each other. Off by 0.001-0.009 at normal service, by 0.04-0.08 where one piece stands at each of
 * several busy points; `exactPooling` (./lateral-exact.ts) says by how much.
 *
 * Source: after Kranenburg & van Houtum (2009), A new partial pooling structure for spare parts networks, European Journal of Operational
 * Research 199(3). Example: rates 0.08 and 0.15, stocks 1 and 2, 10 days each → own shares 0.418 and 0.606 (exactly 0.449 and 0.618).
 */
export function approximatePooling(points: readonly PoolingPoint[]): readonly PoolingShares[] {
  checkPool(points);
  let fill = points.map(() => 1);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const offered = points.map(({demandRate}) => demandRate);
    points.forEach((point, i) => {
      let overflow = point.demandRate * (1 - fill[i]!);
      for (const donor of point.donors) {
        offered[donor]! += overflow;
        overflow *= 1 - fill[donor]!;
      }
    });
    const next = points.map(
      ({baseStock, replenishmentTime}, i) => 1 - erlangLoss(baseStock, offered[i]! * replenishmentTime),
    );
    const change = Math.max(...next.map((value, i) => Math.abs(value - fill[i]!)));
    fill = next;
    if (change < ENOUGH) break;
  }
  return points.map(({donors}, i) => {
    let left = 1 - fill[i]!;
    const lateral = donors.map((donor) => {
      const served = left * fill[donor]!;
      left -= served;
      return served;
    });
    return {own: fill[i]!, lateral, emergency: left};
  });
}

/** Throws where a point asks itself, somebody twice, or somebody who is not there. Example: donors [1, 1] are refused. */
export function checkPool(points: readonly PoolingPoint[]): void {
  points.forEach(({donors, demandRate, baseStock, replenishmentTime}, i) => {
    invariant(
      new Set(donors).size === donors.length && donors.every((donor) => donor !== i && points[donor]),
      `point ${i} asks each other point once at most`,
    );
    invariant(
      demandRate >= 0 && replenishmentTime > 0 && Number.isInteger(baseStock) && baseStock >= 0,
      `point ${i} has a rate ≥ 0, whole pieces and a replenishment time > 0`,
    );
  });
}
