import type {DemandSource, TimePoint} from './depot-demand.ts';
import {demandWithin} from './depot-demand.ts';
import {backorderCurve, mean} from './pmf.ts';

/** Pieces that will arrive, and when they may. */
export interface Supply {
  readonly quantity: number;
  readonly times: readonly TimePoint[];
}

export interface ShortageCosts {
  /** What one missing piece costs an hour. */
  readonly shortageMinorPerH: number;
  /** What one missing piece costs when it is fetched as soon as it is missed: fee, freight and the wait. */
  readonly rescueMinor: number;
}

/** Base points of the time grid; every possible arrival is added to them. */
const GRID_POINTS = 12;

interface Instant {
  readonly hours: number;
  /** EBO of the demand until then at net stock 0, 1, 2, … */
  readonly curve: Float64Array;
  readonly meanDemand: number;
}

/**
 * How many pieces a depot will be short of, over time: the demand until each instant of a grid, ready to be met by any supply.
 *
 *   E[B(t)] = Σ_k P(supply by t = k) · EBO(D(t), net + k)
 *
 * Times at which something may arrive belong to the grid, so supply is constant between two instants; the demand between
 * them is integrated by the trapezoid rule.
 */
export class Outlook {
  readonly horizonH: number;
  readonly #instants: readonly Instant[];

  /** @param arrivals every arrival time that the supplies asked about may contain. */
  constructor(
    source: DemandSource,
    now: number,
    horizonH: number,
    arrivals: readonly number[],
    stockMax: number,
  ) {
    const hours = new Set<number>([0, horizonH]);
    // Denser at the start: what happens in the next days decides.
    for (let i = 1; i < GRID_POINTS; i += 1) hours.add(horizonH * (i / GRID_POINTS) ** 2);
    for (const at of arrivals) if (at < horizonH) hours.add(at);
    this.horizonH = horizonH;
    this.#instants = [...hours]
      .sort((a, b) => a - b)
      .map((at) => {
        const demand = demandWithin(source, now, at);
        return {hours: at, curve: backorderCurve(demand, stockMax), meanDemand: mean(demand)};
      });
  }

  /**
   * Expected piece-hours of shortage within the horizon.
   *
   * @param net Pieces on the shelf less pieces owed; negative when customers wait already.
   * Example: net −1, no demand, one piece certain after 10 h, horizon 24 h → 10 piece-hours.
   */
  shortagePieceHours(net: number, supplies: readonly Supply[]): number {
    let sum = 0;
    for (let i = 0; i + 1 < this.#instants.length; i += 1) {
      const from = this.#instants[i]!;
      const to = this.#instants[i + 1]!;
      const supply = arrivedBy(supplies, from.hours);
      sum +=
        ((expectedShort(from, net, supply) + expectedShort(to, net, supply)) / 2) * (to.hours - from.hours);
    }
    return sum;
  }

  /**
   * Expected cost within the horizon when whoever waits already waits on, and each piece that is missed later costs its
   * shortage or one rescue at that time, whichever rule is cheaper over all: acting when a machine fails is always open.
   *
   * Example: empty shelf, nothing coming, one failure expected with 10 % in the middle of 100 h, 60 an hour, a rescue costs
   * 500 → min(10 % · 50 h · 60, 10 % · 500) = 50.
   */
  costMinor(net: number, supplies: readonly Supply[], costs: ShortageCosts): number {
    let waitingH = 0;
    let owedH = 0;
    let missed = 0;
    for (let i = 0; i + 1 < this.#instants.length; i += 1) {
      const from = this.#instants[i]!;
      const to = this.#instants[i + 1]!;
      const hours = to.hours - from.hours;
      for (const [pieces, weight] of arrivedBy(supplies, from.hours)) {
        const before = ebo(from, net + pieces);
        const after = ebo(to, net + pieces);
        waitingH += weight * ((before + after) / 2) * hours;
        missed += weight * (after - before);
        owedH += weight * Math.max(0, -net - pieces) * hours;
      }
    }
    const {shortageMinorPerH, rescueMinor} = costs;
    return Math.round(
      Math.min(waitingH * shortageMinorPerH, owedH * shortageMinorPerH + missed * rescueMinor),
    );
  }

  /** Hours until an empty shelf is more likely than `probability`; null when it does not come to that within the horizon. */
  emptyAfterH(net: number, supplies: readonly Supply[], probability: number): number | null {
    for (const instant of this.#instants) {
      let short = 0;
      for (const [pieces, weight] of arrivedBy(supplies, instant.hours)) {
        short += weight * (ebo(instant, net + pieces) - ebo(instant, net + pieces + 1)); // EBO(s) − EBO(s+1) = P(D > s)
      }
      if (short > probability) return instant.hours;
    }
    return null;
  }
}

/** Distribution of the pieces arrived by an instant. */
function arrivedBy(supplies: readonly Supply[], hours: number): ReadonlyMap<number, number> {
  let arrived = new Map<number, number>([[0, 1]]);
  for (const {quantity, times} of supplies) {
    let here = 0;
    for (const time of times) if (time.hours <= hours) here += time.weight;
    if (here === 0) continue;
    const next = new Map<number, number>();
    for (const [pieces, weight] of arrived) {
      if (here < 1) next.set(pieces, (next.get(pieces) ?? 0) + weight * (1 - here));
      next.set(pieces + quantity, (next.get(pieces + quantity) ?? 0) + weight * Math.min(1, here));
    }
    arrived = next;
  }
  return arrived;
}

function expectedShort(instant: Instant, net: number, supply: ReadonlyMap<number, number>): number {
  let short = 0;
  for (const [pieces, weight] of supply) short += weight * ebo(instant, net + pieces);
  return short;
}

function ebo({curve, meanDemand}: Instant, net: number): number {
  if (net < 0) return meanDemand - net;
  return curve[Math.min(net, curve.length - 1)]!;
}
