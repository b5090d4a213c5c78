import type {Option} from '../../../domain/decision.ts';
import {pricedByContracts} from '../supply/contract-price.ts';
import type {Decision} from '../decision/decide.ts';
import {decide} from '../decision/decide.ts';
import type {DepotPlan} from '../decision/depot-plan.ts';
import {planDepots} from '../decision/depot-plan.ts';
import {essenceOfAction} from '../decision/essence.ts';
import {optionsFor, waitingOption} from '../decision/options.ts';
import {plannedMoves} from '../decision/planned-move.ts';
import {reviewReservations} from '../decision/reservation.ts';
import type {Situation} from '../decision/situation.ts';
import {standingOf} from '../decision/standing.ts';
import type {Standing} from '../decision/standing.ts';
import {donorsOf} from '../decision/unaided.ts';
import type {WhatIfRule} from './what-if-rules.ts';

/** What a decision does, and where. */
export interface Act {
  readonly depotId: string;
  readonly option: Option;
}

/** What one recorded situation comes to under an overlay, by the decision core of today. */
export interface WhatIfOutcome {
  /** From the situation as recorded. */
  readonly before: Decision;
  /** From the situation with the overlay laid over. */
  readonly after: Decision;
  /** What mode and limits make of each. */
  readonly standings: {readonly before: Standing; readonly after: Standing};
  /** The same act with the same standing. */
  readonly same: boolean;
  /** Of decisions that differ: what the whole group is expected to cost after each, both by the overlay's figures; null: it is not open there. */
  readonly costs?: {readonly beforeMinor: number | null; readonly afterMinor: number | null};
  /** Paths of the overlay's entries that found something to change. */
  readonly touched: readonly string[];
}

/**
 * Decides a recorded situation as it was and with the overlay laid over. Both times today's core decides: a difference comes from
 * the overlay, never from a newer rule.
 *
 * Example: no rules → same.
 */
export function whatIf(recorded: Situation, rules: readonly WhatIfRule[]): WhatIfOutcome {
  const before = decide(recorded);
  let situation = recorded;
  const touched: string[] = [];
  for (const rule of rules) {
    const next = rule.apply(situation);
    if (next !== situation) touched.push(rule.path);
    situation = next;
  }
  const after = situation === recorded ? before : decide(situation);
  const {partId} = recorded.part;
  const standings = {
    before: standingOf(before.option, recorded.policy, recorded.part.criticality),
    after: standingOf(after.option, situation.policy, situation.part.criticality),
  };
  const outcome = {before, after, standings, touched};
  if (
    nameOfAct(partId, before) === nameOfAct(partId, after) &&
    standings.before.state === standings.after.state
  )
    return {...outcome, same: true};
  const price = pricerOf(situation);
  return {...outcome, same: false, costs: {beforeMinor: price(before), afterMinor: price(after)}};
}

/** Two decisions with one name do the same; to do nothing is the same wherever it is said. */
export function nameOfAct(partId: string, {depotId, option}: Act): string {
  return option.action === 'nothing' ? 'nothing' : essenceOfAction(partId, depotId, option);
}

/**
 * What the group is expected to cost within the horizon after an act: the act's option at its depot, every other depot unaided. So acts at
 * two depots can be compared. The act's quantity is priced as it is, whatever the situation would have wanted.
 */
export function pricerOf(recorded: Situation): (act: Act) => number | null {
  const {situation} = reviewReservations(pricedByContracts(recorded));
  const plans = planDepots(situation);
  const donors = donorsOf(situation, plans);
  const unaided = [...plans.values()].reduce((sum, plan) => sum + plan.reactiveMinor, 0);
  const offers = (plan: DepotPlan, pieces: number): readonly Option[] => [
    waitingOption(plan),
    ...optionsFor(situation, donors, {...plan, target: plan.position + pieces}),
    ...plannedMoves(situation, donors)
      .filter((move) => move.plan.depot.depotId === plan.depot.depotId)
      .map(({option}) => option),
  ];
  return (act) => {
    const plan = plans.get(act.depotId);
    if (plan === undefined) return null;
    const {partId} = situation.part;
    const name = nameOfAct(partId, act);
    const offer = offers(plan, act.option.quantity).find(
      (option) => option.excluded === null && nameOfAct(partId, {depotId: act.depotId, option}) === name,
    );
    return offer === undefined ? null : unaided - plan.reactiveMinor + offer.totalMinor;
  };
}
