import {invariant} from '../../../domain/invariant.ts';
import {cdf, type DemandPmf} from '../probability/pmf.ts';

/** Demand until an order placed now is here, and until one placed at the next look is. */
export interface DemandBefore {
  readonly orderedNow: DemandPmf;
  readonly orderedNext: DemandPmf;
}

/** What ordering a piece at the wrong look costs, in the same money unit. */
export interface PieceCosts {
  /** Its demand comes before it is here: one rescue. */
  readonly missed: number;
  /** Its demand comes later: held from one look to the next. */
  readonly held: number;
}

/** Whether one more piece is ordered now or left to the next look. */
export interface NextLook {
  /** Smallest position that needs no piece more now. */
  readonly level: number;
  /** P(the first piece beyond the position is missed if it is left to the next look | it can still be in time now). */
  readonly risk: (position: number) => number;
  /** The risk at which ordering now and later cost the same. */
  readonly riskMax: number;
}

/**
 * When to order each piece, for a shelf whose missed pieces are fetched for a fee. The y-th piece from now serves the y-th demand, at T_y. Ordered
 * now it is here after L, ordered at the next look after L + R; what is asked for before L is missed either way. So waiting for the next look
 * costs a rescue if T_y falls in between, and saves holding for R if it comes later:
 *
 *   order now ⟺ P(T_y ≤ L + R | T_y > L) > held / (missed + held),   P(T_y > t) = P(D(t) < y)
 *
 * The newsvendor over L + R asks instead whether the piece will be needed at all, against holding it for all of L + R. That is exact where a
 * piece short waits for the order at so much an hour. Where it costs once it holds too little: the longer the y-th demand has not come, the
 * sooner it will.
 *
 * Source: pieces and demands are matched one by one as in Axsäter (1990), Operations Research 38 (1); for Poisson demand, as R → 0, it is the
 * marginal condition λ · missed · P(D(L) = y − 1) > held per time · P(D(L) < y).
 * Example: 12 failures a year, 30 days, a look a day, 200 a year to hold a piece, 2,000 a rescue → level 5, and so costs least of all
 * base stocks in simulation; the newsvendor's ratio 0.9919 says 4.
 */
export function nextLook({orderedNow, orderedNext}: DemandBefore, {missed, held}: PieceCosts): NextLook {
  invariant(missed >= 0 && held > 0, 'a piece held costs something, a piece missed does not earn');
  const riskMax = held / (missed + held);
  const risk = (position: number): number => {
    const stillInTime = cdf(orderedNow, position);
    return stillInTime === 0 ? 1 : Math.max(0, 1 - cdf(orderedNext, position) / stillInTime);
  };
  let level = 0;
  while (level < orderedNext.p.length - 1 && risk(level) > riskMax) level += 1;
  return {level, risk, riskMax};
}
