import type {OpenNeed} from '../decision/situation.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {demandWithin} from './depot-demand.ts';
import type {DemandSource} from './depot-demand.ts';
import type {Supply} from './outlook.ts';

/** Quantiles of the projection: the middle, half of all cases, and nine of ten. */
export const PROJECTED_LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export interface ProjectedStock {
  readonly hours: number;
  /** Net stock, in pieces (negative: owed), at each of PROJECTED_LEVELS. */
  readonly quantiles: readonly number[];
  readonly mean: number;
  /** P(no piece on the shelf). */
  readonly emptyProbability: number;
  /** Pieces that customers wait for, on average. */
  readonly expectedShort: number;
}

/**
 * Net stock of a shelf at instants to come when nothing more is ordered: exact, from the distributions that its decisions use.
 *
 *   N(t) = on hand − needs due by t + arrivals by t − demand by t
 *
 * Orders come independently of each other and of demand. The q-quantile is the smallest n with P(N ≤ n) ≥ q.
 *
 * Source: net inventory of a base-stock system, Zipkin (2000), Foundations of Inventory Management, ch. 6.
 * Example: 5 on hand, Poisson demand of 1 a day, nothing coming → after 3 days mean 2, median 2, P(empty) = P(D ≥ 5) = 0.1847.
 */
export function projectedStock(
  shelf: {
    readonly source: DemandSource;
    readonly onHand: number;
    readonly needs: readonly OpenNeed[];
    readonly supplies: readonly Supply[];
  },
  hoursAhead: readonly number[],
): ProjectedStock[] {
  return hoursAhead.map((hours) => {
    const due = shelf.needs.reduce((sum, {inH = 0, quantity}) => (inH <= hours ? sum + quantity : sum), 0);
    return {
      hours,
      ...described(
        netStockAt(shelf.onHand - due, arrivedBy(shelf.supplies, hours), demandWithin(shelf.source, hours)),
      ),
    };
  });
}

/** P(so many pieces have arrived), from none on. */
function arrivedBy(supplies: readonly Supply[], hours: number): readonly number[] {
  let p: readonly number[] = [1];
  for (const {quantity, times} of supplies) {
    const here = times.reduce((sum, time) => (time.hours <= hours ? sum + time.weight : sum), 0);
    if (here === 0) continue;
    const next = new Array<number>(p.length + quantity).fill(0);
    p.forEach((weight, pieces) => {
      next[pieces] = next[pieces]! + weight * Math.max(0, 1 - here);
      next[pieces + quantity] = next[pieces + quantity]! + weight * Math.min(1, here);
    });
    p = next;
  }
  return p;
}

interface NetStock {
  /** Pieces of the first entry. */
  readonly lowest: number;
  readonly p: readonly number[];
}

function netStockAt(base: number, arrived: readonly number[], demand: DemandPmf): NetStock {
  const most = demand.p.length - 1;
  const p = new Array<number>(arrived.length + most).fill(0);
  arrived.forEach((weight, pieces) => {
    if (weight === 0) return;
    for (let asked = 0; asked <= most; asked += 1) p[pieces - asked + most]! += weight * demand.p[asked]!;
  });
  return {lowest: base - most, p};
}

function described({lowest, p}: NetStock): Omit<ProjectedStock, 'hours'> {
  let mean = 0;
  let emptyProbability = 0;
  let expectedShort = 0;
  p.forEach((weight, i) => {
    const pieces = lowest + i;
    mean += weight * pieces;
    if (pieces > 0) return;
    emptyProbability += weight;
    expectedShort -= weight * pieces;
  });
  const quantiles = PROJECTED_LEVELS.map((level) => {
    let sum = 0;
    const at = p.findIndex((weight) => (sum += weight) >= level - SLACK);
    return lowest + (at === -1 ? p.length - 1 : at);
  });
  return {quantiles, mean, emptyProbability: Math.min(1, emptyProbability), expectedShort};
}

/** So that a sum of 0.1 and 0.4 reaches a level of one half. */
const SLACK = 1e-12;
