import type {Option} from '../../../domain/decision.ts';
import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import type {TermEffect} from '../../../domain/term-effect.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {lendable, sourceEffects} from '../supply/contracted-way.ts';
import {positionOf} from './depot-plan.ts';
import type {DepotSituation, Situation, Source} from './situation.ts';
import {laneBill, sourceBill} from '../supply/tariff.ts';
import type {Bill} from '../supply/tariff.ts';
import {expressWays, type Express} from '../supply/express.ts';

export const VERDICTS = ['approve', 'change', 'reject'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Why a planner went another way than the service; counted by code, so that the next version can learn from it. */
export const REVIEW_REASONS = [
  'ordered-elsewhere',
  'quantity-too-high',
  'quantity-too-low',
  'equipment-retiring',
  'forecast-doubted',
  'data-wrong',
  'budget',
  'supplier-trouble',
  'other',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

export const DECISION_STATES = [
  'recorded',
  'proposed',
  'executed',
  'approved',
  'changed',
  'rejected',
  'expired',
  'withdrawn',
] as const;
export type DecisionState = (typeof DECISION_STATES)[number];

/** What becomes of a proposal. */
export const AFTER = {approve: 'approved', change: 'changed', reject: 'rejected'} as const satisfies Record<
  Verdict,
  DecisionState
>;

/** Why a decision in this state takes no verdict; null: it does. */
const CLOSED: Record<DecisionState, string | null> = {
  proposed: null,
  recorded: 'was recorded only and is no proposal; set FORESTOCK_MODE=propose to get proposals',
  executed: 'was executed within the limits; cancel its order instead',
  approved: 'was approved before; cancel its order instead',
  changed: 'was approved with another quantity before; cancel its order instead',
  rejected: 'was rejected before; a new proposal follows when the situation changes',
  expired: 'expired unanswered; a new proposal follows if it is still needed',
  withdrawn: 'was withdrawn because the situation changed; look at the newer decision of the part',
};

/** Whether a decision takes a verdict now. */
export function reviewable(
  proposal: {
    readonly decisionId: string;
    readonly state: DecisionState;
    readonly expiresAt: EpochMs | null;
  },
  now: EpochMs,
): Result<null> {
  const closed = CLOSED[proposal.state];
  if (closed !== null) return refused('proposal-closed', `decision ${proposal.decisionId} ${closed}`);
  if (proposal.expiresAt !== null && proposal.expiresAt <= now)
    return refused('proposal-expired', `decision ${proposal.decisionId} ${CLOSED.expired!}`);
  return ok(null);
}

/**
 * The option with a planner's quantity instead of ours. The quantity must be one that its source takes, and the price follows.
 *
 * Example: 90,000 a piece, 5,000 an order, multiple 2: 4 pieces → landedMinor 365,000; 3 pieces are refused.
 */
export function withQuantity(
  situation: Situation,
  depotId: string,
  option: Option,
  quantity: number,
): Result<Option> {
  const {part} = situation;
  const changed = ({landedMinor}: Bill, terms: readonly TermEffect[] = []): Result<Option> => {
    const asChanged: Option = {...option, quantity, landedMinor, terms};
    if (terms.length === 0) delete (asChanged as {terms?: unknown}).terms;
    return ok(asChanged);
  };
  // Counted as an override it would say that somebody knew better (D5).
  if (quantity === option.quantity)
    return refused('quantity-unchanged', `${quantity} is what was proposed; approve the proposal instead`);
  if (option.sourceKind === 'order')
    return refused(
      'quantity-fixed',
      `order ${option.sourceId!} is under way: its quantity cannot be changed here; cancel it`,
    );
  if (option.substitute !== undefined)
    return refused(
      'quantity-fixed',
      `line ${option.substitute.demandId} takes ${option.quantity} of ${option.substitute.partId}: approve or reject`,
    );
  const depot = situation.depots.find((one) => one.depotId === depotId);
  const source = depot === undefined ? undefined : sourceOf(depot, option);
  if (source !== undefined) {
    const {minimum, multiple, sourceId, priceMinor: usualMinor} = source;
    if (quantity < minimum || quantity % multiple !== 0)
      return refused(
        'quantity-not-orderable',
        `${sourceId} delivers ${minimum} or more in multiples of ${multiple}, not ${quantity}`,
      );
    if (option.action === 'repair' && quantity > (depot?.repairable ?? 0))
      return refused(
        'quantity-not-orderable',
        `${depot?.repairable ?? 0} pieces wait for repair, not ${quantity}`,
      );
    const express = option.action === 'expedite' ? speedOf(source, option) : undefined;
    const order = {pieces: quantity, express, position: positionOf(depot!), currency: part.currency};
    const terms = option.action === 'repair' ? source.terms : sourceEffects(source, order);
    return changed(sourceBill(part, source, quantity, {usualMinor, express}), terms);
  }
  const lane = situation.lanes.find(
    (one) => one.fromDepotId === option.sourceId && one.toDepotId === depotId && one.mode === option.mode,
  );
  if (lane === undefined)
    return refused(
      'quantity-fixed',
      `nothing is known of ${String(option.sourceId)} that would price another quantity`,
    );
  if (quantity > lendable(lane))
    return refused(
      'quantity-not-orderable',
      `the pool of ${lane.fromDepotId} and ${depotId} lends ${lendable(lane)} at most, not ${quantity}`,
    );
  return changed(laneBill(part, lane, quantity), lane.terms);
}

function sourceOf(depot: DepotSituation, option: Option): Source | undefined {
  const named = depot.sources.filter(
    (source) => source.sourceKind === option.sourceKind && source.sourceId === option.sourceId,
  );
  switch (option.action) {
    case 'order':
      return named.find((source) => source.kind === 'normal');
    case 'emergency':
    case 'repair':
      return named.find((source) => source.kind === option.action);
    case 'expedite':
      return named.find((source) => speedOf(source, option) !== undefined);
    case 'transfer':
    case 'substitute':
    case 'nothing':
      return undefined;
  }
}

function speedOf(source: Source, {mode}: Option): Express | undefined {
  return expressWays(source).find((way) => way.mode === mode);
}
