import type {Option} from '../../../domain/decision.ts';
import {decide} from '../decision/decide.ts';
import type {Situation} from '../decision/situation.ts';
import {nameOfAct, pricerOf} from './what-if.ts';
import type {Act} from './what-if.ts';

/** What two models would have had done in one recorded situation. */
export interface Duel {
  readonly before: Act;
  readonly after: Act;
  readonly same: boolean;
  /** Of acts that differ, once their outcomes are known: what the group costs after each. Null: not known yet, or not open to both. */
  readonly costs: {readonly beforeMinor: number; readonly afterMinor: number} | null;
}

/**
 * Decides a situation by two models' forecasts, and prices both acts by the outcomes that came: the very same for both.
 *
 * @param outcome The situation in hindsight (hindsight.ts); null while it is not known.
 */
export function duel(before: Situation, after: Situation, outcome: Situation | null): Duel {
  const {partId} = before.part;
  const [one, other] = [actOf(before), actOf(after)];
  if (nameOfAct(partId, one) === nameOfAct(partId, other))
    return {before: one, after: other, same: true, costs: null};
  const price = outcome === null ? () => null : pricerOf(outcome);
  const [beforeMinor, afterMinor] = [price(one), price(other)];
  const isOpen = beforeMinor !== null && afterMinor !== null;
  return {before: one, after: other, same: false, costs: isOpen ? {beforeMinor, afterMinor} : null};
}

function actOf(situation: Situation): {readonly depotId: string; readonly option: Option} {
  const {depotId, option} = decide(situation);
  return {depotId, option};
}
