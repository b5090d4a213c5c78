import {DAY_MS} from '../../../domain/time.ts';
import type {Candidate} from './candidate.ts';
import {costed} from './costed-option.ts';
import {waitingOption} from './options.ts';
import {balanceLane, balancedShelf} from '../plan/plan-input.ts';
import {rebalance} from '../plan/rebalance.ts';
import type {PlannedMove, Situation} from './situation.ts';
import {laneBill} from '../supply/tariff.ts';
import type {Donors} from './unaided.ts';

/** What a run proposed this long ago has either been done or no longer fits. */
const LIFE_MS = 7 * DAY_MS;

/**
 * Moves that the newest rebalancing run proposed to the depots of the group, as far as they still pay: each is judged again by the run's own
 * rule, on what the two shelves hold now, and makes no more than the planned pieces. A saving here is the run's: expected shortage and
 * holding of both depots, freight paid.
 */
export function plannedMoves(situation: Situation, donors: Donors): readonly Candidate[] {
  return situation.depots.flatMap(({depotId, plannedMoves: moves = []}) =>
    moves
      .filter(({plannedAt}) => situation.now - plannedAt <= LIFE_MS)
      .flatMap((move) => stillPaying(situation, donors, depotId, move)),
  );
}

function stillPaying(
  situation: Situation,
  donors: Donors,
  toDepotId: string,
  {fromDepotId, mode, quantity: planned, runId}: PlannedMove,
): Candidate[] {
  const plan = donors.plans.get(toDepotId)!;
  const donor = donors.plans.get(fromDepotId);
  const lane = situation.lanes.find(
    (one) => one.fromDepotId === fromDepotId && one.toDepotId === toDepotId && one.mode === mode,
  );
  if (donor === undefined || lane === undefined || lane.barred !== undefined) return [];
  const way = balanceLane(situation, lane);
  const [move] = rebalance(
    [balancedShelf(situation, donor), balancedShelf(situation, plan)],
    [{...way, piecesMax: Math.min(planned, way.piecesMax)}],
    situation.policy.marginMinor,
  );
  if (move === undefined) return [];
  const {quantity, gainMinor} = move;
  const option = costed(
    situation,
    plan,
    {
      action: 'transfer',
      sourceKind: 'depot',
      sourceId: fromDepotId,
      mode,
      quantity,
      arrival: lane,
      excluded: null,
      bill: laneBill(situation.part, lane, quantity),
      ownerPartyId: lane.sendable?.ownerPartyId,
      donorRiskMinor: donors.risk(donor, quantity),
      terms: lane.terms,
    },
    {movesStock: true},
  );
  const {currency} = situation.part;
  return [
    {
      plan,
      option,
      options: [option, waitingOption(plan)],
      savingMinor: gainMinor,
      reasons: [{code: 'rebalanced', runId, donorDepotId: fromDepotId, gainMinor, currency}],
    },
  ];
}
