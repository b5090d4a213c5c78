import type {DemandSource} from './depot-demand.ts';
import {demandWithin} from './depot-demand.ts';
import type {TimePoint} from '../lead-time/time-points.ts';
import {backorderCurve, mean} from '../probability/pmf.ts';

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
  /** What one costs that is known to be missed in so many hours: hurried no sooner than it must be. Left out: `rescueMinor`. */
  readonly rescueInTimeMinor?: (hours: number) => number;
}

/** Pieces that are owed already, and needed by a date to come. */
export interface Coming {
  readonly hours: number;
  readonly pieces: number;
}

/** Base points of the time grid; every possible arrival is added to them. */
const GRID_POINTS = 12;

interface Instant {
  readonly hours: number;
  /** EBO of the demand until then at net stock 0, 1, 2, … */
  readonly curve: Float64Array;
  readonly meanDemand: number;
  /** Pieces owed that nobody needs yet. */
  readonly later: number;
}

/** Distribution of the pieces arrived by one instant: pieces[k] of them with probability weights[k]. */
interface Arrived {
  readonly pieces: readonly number[];
  readonly weights: readonly number[];
}

/** What supplies will have brought, instant by instant of one outlook. */
export type Arrivals = readonly Arrived[];

const NONE_ARRIVED: Arrived = {pieces: [0], weights: [1]};

/**
 * How many pieces a depot will be short of, over time: the demand until each instant of a grid, ready to be met by any supply.
 *
 *   E[B(t)] = Σ_k P(supply by t = k) · EBO(D(t), net + k)
 *
 * Times at which something may arrive belong to the grid, so supply is constant between two instants; the demand between
 * them is integrated by the trapezoid rule. So do the dates of needs that are still to come: until then nobody waits for their pieces.
 */
export class Outlook {
  readonly horizonH: number;
  readonly #instants: readonly Instant[];
  readonly #comingPieces: number;

  /**
   * @param arrivalsH every arrival time that the supplies asked about may contain.
   * @param coming needs by date that every net stock asked about has taken off already.
   */
  constructor(
    source: DemandSource,
    horizonH: number,
    arrivalsH: readonly number[],
    stockMax: number,
    coming: readonly Coming[] = [],
  ) {
    this.#comingPieces = coming.reduce((sum, {pieces}) => sum + pieces, 0);
    const hours = new Set<number>([0, horizonH]);
    // Denser at the start: what happens in the next days decides.
    for (let i = 1; i < GRID_POINTS; i += 1) hours.add(horizonH * (i / GRID_POINTS) ** 2);
    for (const at of [...arrivalsH, ...coming.map((need) => need.hours)]) if (at < horizonH) hours.add(at);
    this.horizonH = horizonH;
    this.#instants = [...hours]
      .sort((a, b) => a - b)
      .map((at) => {
        const demand = demandWithin(source, at);
        // More stock than the demand can ask for is never short: two kilometres of cable by the millimetre need no longer curve.
        const curve = backorderCurve(demand, Math.min(stockMax + this.#comingPieces, demand.p.length));
        const later = coming.reduce((sum, need) => (need.hours > at ? sum + need.pieces : sum), 0);
        return {hours: at, curve, meanDemand: mean(demand), later};
      });
  }

  arrivals(supplies: readonly Supply[]): Arrivals {
    const none: Arrivals = this.#instants.map(() => NONE_ARRIVED);
    return supplies.reduce((arrivals, supply) => this.adding(arrivals, supply), none);
  }

  /** The same arrivals and one supply more. */
  adding(arrivals: Arrivals, supply: Supply): Arrivals {
    // Between two possible times of arrival nothing changes: neighbouring instants share one distribution.
    let before: Arrived | undefined;
    let share = 0;
    let after = NONE_ARRIVED;
    return this.#instants.map(({hours}, i) => {
      const arrived = arrivals[i]!;
      const here = arrivedShare(supply, hours);
      if (arrived !== before || here !== share) after = withMore(arrived, supply.quantity, here);
      before = arrived;
      share = here;
      return after;
    });
  }

  /**
   * Expected piece-hours of shortage within the horizon.
   *
   * @param net Pieces on the shelf less pieces owed; negative when customers wait already, or will at a date.
   * Example: net −1, no demand, one piece certain after 10 h, horizon 24 h → 10 piece-hours; 4 if that piece is needed in 6 h.
   */
  shortagePieceHours(net: number, arrivals: Arrivals): number {
    let sum = 0;
    for (let i = 0; i + 1 < this.#instants.length; i += 1) {
      const from = this.#instants[i]!;
      const to = this.#instants[i + 1]!;
      const arrived = arrivals[i]!;
      const needed = net + from.later;
      sum +=
        ((expectedShort(from, needed, arrived) + expectedShort(to, needed, arrived)) / 2) *
        (to.hours - from.hours);
    }
    return sum;
  }

  /**
   * Expected cost within the horizon when whoever waits already waits on, and each piece that is missed later costs its
   * shortage or one rescue at that time, whichever rule is cheaper over all: acting when a machine fails is always open. A need by date is
   * missed at its date, and its rescue can be called before.
   *
   * Example: empty shelf, nothing coming, one failure expected with 10 % in the middle of 100 h, 60 an hour, a rescue costs
   * 500 → min(10 % · 50 h · 60, 10 % · 500) = 50.
   */
  costMinor(net: number, arrivals: Arrivals, costs: ShortageCosts): number {
    let waitingH = 0;
    let owedH = 0;
    let missed = 0;
    let lateMinor = 0;
    const {shortageMinorPerH, rescueMinor, rescueInTimeMinor = () => rescueMinor} = costs;
    for (let i = 0; i + 1 < this.#instants.length; i += 1) {
      const from = this.#instants[i]!;
      const to = this.#instants[i + 1]!;
      const hours = to.hours - from.hours;
      const {pieces, weights} = arrivals[i]!;
      const comesDue = (this.#instants[i - 1]?.later ?? from.later) - from.later;
      for (let k = 0; k < pieces.length; k += 1) {
        const stock = net + from.later + pieces[k]!;
        const weight = weights[k]!;
        if (comesDue > 0)
          lateMinor +=
            weight * (ebo(from, stock) - ebo(from, stock + comesDue)) * rescueInTimeMinor(from.hours);
        const before = ebo(from, stock);
        const after = ebo(to, stock);
        waitingH += weight * ((before + after) / 2) * hours;
        missed += weight * (after - before);
        owedH += weight * Math.max(0, -(net + this.#comingPieces + pieces[k]!)) * hours;
      }
    }
    const fetchedMinor = owedH * shortageMinorPerH + missed * rescueMinor + lateMinor;
    return Math.round(Math.min(waitingH * shortageMinorPerH, fetchedMinor));
  }

  /** Hours until an empty shelf is more likely than `probability`; null when it does not come to that within the horizon. */
  emptyAfterH(net: number, arrivals: Arrivals, probability: number): number | null {
    for (const [i, instant] of this.#instants.entries()) {
      const {pieces, weights} = arrivals[i]!;
      let short = 0;
      for (let k = 0; k < pieces.length; k += 1) {
        const stock = net + instant.later + pieces[k]!;
        short += weights[k]! * (ebo(instant, stock) - ebo(instant, stock + 1)); // EBO(s) − EBO(s+1) = P(D > s)
      }
      if (short > probability) return instant.hours;
    }
    return null;
  }
}

/** P(a supply is here by an instant). */
function arrivedShare({times}: Supply, hours: number): number {
  let share = 0;
  for (const time of times) if (time.hours <= hours) share += time.weight;
  return share;
}

/** Pieces arrived once `quantity` more are here with the given probability. */
function withMore(arrived: Arrived, quantity: number, share: number): Arrived {
  if (share === 0) return arrived;
  const next = new Map<number, number>();
  arrived.pieces.forEach((pieces, k) => {
    const weight = arrived.weights[k]!;
    if (share < 1) next.set(pieces, (next.get(pieces) ?? 0) + weight * (1 - share));
    next.set(pieces + quantity, (next.get(pieces + quantity) ?? 0) + weight * Math.min(1, share));
  });
  return {pieces: [...next.keys()], weights: [...next.values()]};
}

function expectedShort(instant: Instant, net: number, {pieces, weights}: Arrived): number {
  let short = 0;
  for (let k = 0; k < pieces.length; k += 1) short += weights[k]! * ebo(instant, net + pieces[k]!);
  return short;
}

function ebo({curve, meanDemand}: Instant, net: number): number {
  if (net < 0) return meanDemand - net;
  return curve[Math.min(net, curve.length - 1)]!;
}
