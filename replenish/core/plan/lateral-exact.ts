import {invariant} from '../../../domain/invariant.ts';
import {checkPool, type PoolingPoint} from './lateral.ts';
import {MOST_STATES, stationary, type Jump} from '../probability/stationary.ts';

/** What becomes of a demand that nobody in the pool can serve. */
export type WhenEmpty =
  | {readonly then: 'emergency'}
  /** It waits at its own point for a piece of that point's orders; up to `waiting` at each are told apart. */
  | {readonly then: 'backorder'; readonly waiting: number};

export interface ExactPooling {
  readonly own: number;
  /** In the order of the point's donors. */
  readonly lateral: readonly number[];
  /** Share that nobody could serve at once. */
  readonly unserved: number;
  readonly meanOnHand: number;
  readonly expectedBackorders: number;
}

/**
 * Exact shares under lateral transshipment for exponential replenishment times: the chain of what each point has on order,
 * solved for its stationary distribution. A piece is replaced where it was taken.
 *
 * States multiply with the points (stock + 1 each), up to 1,500: for larger pools see `approximatePooling`.
 *
 * Source: the balance equations of that chain; van Houtum & Kranenburg (2015), Spare Parts Inventory Control under System Availability
 * Constraints, ch. 5. Example: rates 0.08 and 0.15, stocks 1 and 2, 10 days each → own shares 0.4492 and 0.6181, 0.2543 by emergency.
 */
export function exactPooling(
  points: readonly PoolingPoint[],
  whenEmpty: WhenEmpty = {then: 'emergency'},
): readonly ExactPooling[] {
  checkPool(points);
  const waiting = whenEmpty.then === 'backorder' ? whenEmpty.waiting : 0;
  const sizes = points.map(({baseStock}) => baseStock + waiting + 1);
  const states = sizes.reduce((product, size) => product * size, 1);
  invariant(
    states <= MOST_STATES,
    `a pool of ${states} states is beyond the exact method: at most ${MOST_STATES}`,
  );
  const stride = sizes.map((_, i) => sizes.slice(0, i).reduce((product, size) => product * size, 1));
  const onOrder = (state: number, i: number): number => Math.floor(state / stride[i]!) % sizes[i]!;
  const hasStock = (state: number, i: number): boolean => onOrder(state, i) < points[i]!.baseStock;
  const server = (state: number, i: number): number | undefined =>
    [i, ...points[i]!.donors].find((candidate) => hasStock(state, candidate));

  const jumps = Array.from({length: states}, (_, state): Jump[] =>
    points.flatMap((point, i) => {
      const list: Jump[] = [];
      const pieces = onOrder(state, i);
      if (pieces > 0) list.push({to: state - stride[i]!, rate: pieces / point.replenishmentTime});
      const from = server(state, i) ?? (pieces < sizes[i]! - 1 ? i : undefined);
      if (from !== undefined && point.demandRate > 0)
        list.push({to: state + stride[from]!, rate: point.demandRate});
      return list;
    }),
  );
  const probability = stationary(jumps);

  return points.map(({baseStock, donors}, i) => {
    const served = new Map<number | undefined, number>();
    let meanOnHand = 0;
    let expectedBackorders = 0;
    probability.forEach((p, state) => {
      const from = server(state, i);
      served.set(from, (served.get(from) ?? 0) + p);
      const net = baseStock - onOrder(state, i);
      if (net > 0) meanOnHand += p * net;
      else expectedBackorders -= p * net;
    });
    return {
      own: served.get(i) ?? 0,
      lateral: donors.map((donor) => served.get(donor) ?? 0),
      unserved: served.get(undefined) ?? 0,
      meanOnHand,
      expectedBackorders,
    };
  });
}
