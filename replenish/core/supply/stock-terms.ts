import {inScope} from '../../../domain/contract-term.ts';
import type {TermEffect} from '../../../domain/term-effect.ts';
import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import {withEachNeed} from '../demand/dated-need.ts';
import type {SubstitutionRule} from './contracted-way.ts';
import type {DepotSituation, Lane, Situation} from '../decision/situation.ts';
import {termsAbout, type SupplyTerm} from './supply-terms.ts';
import {expressWays} from './express.ts';

/** An order under way, and whose it is to deliver. */
export interface DueOrder {
  readonly orderId: string;
  readonly supplierId: string | null;
  readonly dueAt: number;
}

/**
 * The situation with what pools of depots agreed: a lane between two of them takes a share of the lender's shelf at most, and a piece
 * has its transfer price. Lanes of no pool stay as they are.
 *
 * Example: 50 % of 5 pieces → 2 at most.
 */
export function underPools(situation: Situation, terms: readonly SupplyTerm[]): Situation {
  if (!terms.some(({type}) => type === 'poolShare')) return situation;
  const depots = new Map(situation.depots.map((depot) => [depot.depotId, depot]));
  const lanes = situation.lanes.map((lane) =>
    pooled(situation, lane, terms, depots.get(lane.fromDepotId)?.onHand ?? 0),
  );
  return {...situation, lanes};
}

function pooled({part}: Situation, lane: Lane, terms: readonly SupplyTerm[], onHand: number): Lane {
  const {fromDepotId, toDepotId: depotId} = lane;
  if (lane.barred !== undefined || onHand === 0) return lane;
  const [share] = termsAbout('poolShare', terms, {partId: part.partId, depotId}, () => true)
    .filter(({params}) => [fromDepotId, depotId].every((one) => (params.depots as string[]).includes(one)))
    .sort((a, b) => a.params.priority - b.params.priority);
  if (share === undefined) return lane;
  const {contractId, termNo, params} = share;
  const {quotaPct, transferPriceMinor, currency} = params;
  const piecesMax = Math.floor((onHand * quotaPct) / 100);
  if (piecesMax === 0)
    return {...lane, barred: `contract ${contractId} lends ${quotaPct} % of the ${onHand} at ${fromDepotId}`};
  const isPriced = currency === part.currency;
  const priceMinor = isPriced ? transferPriceMinor : 0;
  const by = {contractId, termNo};
  const effects: TermEffect[] = [{term: 'poolShare', ...by, piecesMax, priceMinor, currency: part.currency}];
  if (!isPriced) effects.push({term: 'unused', ...by, type: 'poolShare', currency});
  return {...lane, pool: {...by, piecesMax, priceMinor}, terms: [...(lane.terms ?? []), ...effects]};
}

/** The situation with orders that are due too soon to be hurried, as agreed with their supplier. */
export function underFreezes(
  situation: Situation,
  terms: readonly SupplyTerm[],
  awaited: readonly DueOrder[],
): Situation {
  if (!terms.some(({type}) => type === 'calendar')) return situation;
  const orders = new Map(awaited.map((order) => [order.orderId, order]));
  const depots = situation.depots.map((depot) => ({
    ...depot,
    receipts: depot.receipts.map((receipt) => {
      const order = orders.get(receipt.orderId);
      if (expressWays(receipt).length === 0 || order === undefined) return receipt;
      const frozen = whyFrozen(situation, depot, order, terms);
      return frozen === null ? receipt : {...receipt, frozen};
    }),
  }));
  return {...situation, depots};
}

function whyFrozen(
  {now, part: {partId}}: Situation,
  {depotId, partyId}: DepotSituation,
  {supplierId, dueAt}: DueOrder,
  terms: readonly SupplyTerm[],
): string | null {
  if (supplierId === null) return null;
  const frozen = termsAbout(
    'calendar',
    terms,
    {partId, depotId},
    ({parties}) => parties.includes(partyId) && parties.includes(supplierId),
  ).find(({params}) => dueAt >= now && dueAt - now < params.frozenDays * DAY_MS);
  if (frozen === undefined) return null;
  const {contractId, params} = frozen;
  const due = toIso(epochMs(dueAt)).slice(0, 10);
  return `contract ${contractId} freezes orders ${params.frozenDays} days before they are due, and this one is due on ${due}`;
}

/** The situation with what the contracts of machines that wait say of other parts. */
export function underSubstitutionTerms(situation: Situation, terms: readonly SupplyTerm[]): Situation {
  const ruling = terms.filter(({type}) => type === 'substitution');
  if (ruling.length === 0) return situation;
  const depots = situation.depots.map((depot) =>
    withEachNeed(depot, (need) => {
      const substitution = ruleFor(situation, depot, need, ruling);
      return substitution === null ? need : {...need, substitution};
    }),
  );
  return {...situation, depots};
}

function ruleFor(
  {part: {partId}}: Situation,
  {depotId}: DepotSituation,
  {contractId, equipmentId}: DepotSituation['needs'][number],
  terms: readonly SupplyTerm[],
): SubstitutionRule | null {
  if (contractId === undefined || equipmentId === null) return null;
  const rule = terms.find(
    (term) => term.contractId === contractId && inScope(term.scope, {equipmentId, partId, depotId}),
  );
  return rule?.type === 'substitution' ? {contractId, termNo: rule.termNo, ...definite(rule.params)} : null;
}

function definite({
  allowed,
  approverRole,
  customerConsent,
}: {
  readonly allowed: boolean;
  readonly approverRole?: string | undefined;
  readonly customerConsent: boolean;
}): Omit<SubstitutionRule, 'contractId' | 'termNo'> {
  return {allowed, customerConsent, ...(approverRole === undefined ? {} : {approverRole})};
}
