import {ok, refused, type Result} from '../domain/result.ts';
import {type EpochMs} from '../domain/time.ts';
import {normalSource} from './core/decision/refill.ts';
import type {Situation, Source} from './core/decision/situation.ts';
import {piecesToKeep, type KeptPieces} from './core/plan/kept-pieces.ts';
import {
  comparePolicies,
  type ComparedPolicy,
  type PolicyComparison,
  type PolicyInput,
} from './core/plan/policy-comparison.ts';
import {policySubject, servedFrom, type PolicySubject} from './core/plan/policy-input.ts';
import {meanSize} from './core/probability/compound-poisson.ts';
import type {PlanSnapshot, PlanStore} from './plan-ports.ts';
import {notHeld, situationOf} from './plan-scope.ts';

/** Beyond this a level is no number of pieces that anybody counts, and every policy is searched piece by piece. */
const PIECES_MAX = 500;

export interface PoliciesRequest {
  readonly partId: string;
  readonly depotId: string;
  /** Left out: as often as decisions look at a quiet part. */
  readonly reviewDays?: number | undefined;
  /** Also the level that reaches this share of the pieces; left out: none. */
  readonly fillRate?: number | undefined;
}

/** Policies for a part at a depot beside each other, with what they were worked out from. */
export interface PoliciesRun extends Omit<PolicyComparison, 'policies'> {
  readonly partId: string;
  readonly depotId: string;
  readonly currency: string;
  readonly sourceKind: Source['sourceKind'];
  readonly sourceId: string;
  readonly subject: Omit<PolicySubject, 'tiers'>;
  /** Money in whole minor units. */
  readonly policies: readonly ComparedPolicy[];
  /** Null: customers of one tier, or a depot that replenishes others. */
  readonly kept: KeptPieces | null;
}

/** What each kind of policy would give and cost for a part at a depot (D1). Reads, and writes nothing. */
export async function planPolicies(
  store: PlanStore,
  request: PoliciesRequest,
  now: EpochMs,
): Promise<Result<PoliciesRun>> {
  return store.inSnapshot(now, async (snapshot) => {
    const shelf = await shelfOf(snapshot, request);
    if (!shelf.ok) return shelf;
    const {situation, source} = shelf.value;
    const {partId, depotId, reviewDays = null, fillRate = null} = request;
    const served = servedFrom(situation.depots, depotId);
    const {tiers, ...subject} = policySubject(
      situation,
      {depotId, source, reviewDays},
      await snapshot.orderSizes(partId, served),
      await snapshot.tieredMachines(partId, depotId),
    );
    const {input} = subject;
    if (subject.piecesPerYear === 0)
      return refused(
        'no-demand',
        `part ${partId} at depot ${depotId}: nothing is known to ask for it; state background_per_year in part_depot.csv, or install what fails`,
      );
    const ahead = piecesAhead(input);
    if (ahead > PIECES_MAX)
      return refused(
        'moves-too-fast',
        `part ${partId} at depot ${depotId}: ${Math.round(ahead)} pieces are asked for until the next order is here, more than ${PIECES_MAX}; review more often, or count it in a larger unit`,
      );
    const {policies, ...comparison} = comparePolicies(input, fillRate);
    const baseStock = policies.find(({kind}) => kind === 'base-stock')!;
    const {meanDays: leadTimeDays} = input.leadTime;
    const {holdingMinorPerDay} = input.costs;
    const isLeaf = served.length === 1;
    return ok({
      partId,
      depotId,
      currency: situation.part.currency,
      sourceKind: source.sourceKind,
      sourceId: source.sourceId,
      subject,
      ...comparison,
      policies: policies.map(inWholeMinor),
      kept: isLeaf
        ? piecesToKeep(tiers, {
            baseStock: Math.max(0, baseStock.reorderPoint! + 1),
            leadTimeDays,
            holdingMinorPerDay,
          })
        : null,
    });
  });
}

/** The part at the depot, and who brings it there. */
async function shelfOf(
  snapshot: PlanSnapshot,
  {partId, depotId}: PoliciesRequest,
): Promise<Result<{readonly situation: Situation; readonly source: Source}>> {
  const found = await situationOf(snapshot, partId);
  if (!found.ok) return found;
  const situation = found.value;
  const depot = situation.depots.find((one) => one.depotId === depotId);
  if (depot === undefined) return notHeld(partId, depotId);
  if (!depot.mayStock)
    return refused(
      'may-not-stock',
      `depot ${depotId} may not stock part ${partId}; ask for the depot that serves its customers, or change may_stock in part_depot.csv`,
    );
  const source = normalSource(depot);
  if (source === null)
    return refused(
      'no-source',
      `depot ${depotId}: no normal source for part ${partId} is open; add one in sourcing.csv, or see which rule closes it`,
    );
  return ok({situation, source});
}

/** Mean demand until an order of the next review is here. */
function piecesAhead({orders, leadTime, reviewDays}: PolicyInput): number {
  return orders.perDay * meanSize(orders.sizes) * (leadTime.meanDays + reviewDays);
}

/** Rounded part by part, so that the parts add up to the total. */
function inWholeMinor(policy: ComparedPolicy): ComparedPolicy {
  const [ordering, holding, shortage] = [policy.ordering, policy.holding, policy.shortage].map(
    Math.round,
  ) as [number, number, number];
  return {...policy, ordering, holding, shortage, total: ordering + holding + shortage};
}
