import type {Reason} from '../../../domain/decision.ts';
import {inScope} from '../../../domain/contract-term.ts';
import {marginalPenaltyMinorPerH} from '../../../domain/penalty.ts';
import type {WaitPoint} from '../../../domain/penalty.ts';
import {withEachNeed} from '../demand/dated-need.ts';
import {timePoints} from '../lead-time/time-points.ts';
import {refillArrival} from '../decision/refill.ts';
import type {Charge, ContractCharges, DepotSituation, Situation} from '../decision/situation.ts';

/** Where nobody can send a piece the wait is as long as the shortest look ahead of a plan. */
const WAIT_WITHOUT_SOURCE = {meanH: 168, sdH: 0};

/**
 * The situation with what contracts charge for lateness as part of what an hour of waiting costs: the formula of the settlement,
 * at the margin, over the wait until the depot's normal source can really deliver. A machine that runs starts with a clock at zero; one that
 * waits is charged from where its clock stands.
 *
 * Plans count piece-hours, so a formula that is no straight line enters as its mean slope over that wait: a rescue that keeps the
 * allowed hours is credited with that slope for each hour it saves.
 *
 * Example: 100.00 an hour after 8 h, the source takes 24 h → 66.67 an hour on top of the downtime.
 */
export function pricedByContracts(recorded: Situation): Situation {
  const {contracts, ...situation} = recorded;
  if (contracts === undefined || contracts.length === 0) return recorded;
  const byId = new Map(contracts.map((contract) => [contract.contractId, contract]));
  return {...situation, depots: situation.depots.map((depot) => priced(situation, byId, depot))};
}

type Named = {readonly equipmentId: string | null; readonly contractId?: string | undefined};

function priced(
  situation: Situation,
  contracts: ReadonlyMap<string, ContractCharges>,
  depot: DepotSituation,
): DepotSituation {
  const {depotId} = depot;
  const {partId} = situation.part;
  const wait = timePoints(refillArrival(situation, depot, 1) ?? WAIT_WITHOUT_SOURCE);
  const perHour = ({equipmentId, contractId}: Named, clockedH: readonly (number | null)[] = []): number => {
    const charges = contracts.get(contractId ?? '')?.charges ?? [];
    const sum = charges.reduce((total, charge, i) => {
      if (equipmentId === null || !inScope(charge.scope, {equipmentId, partId, depotId})) return total;
      return total + slope(charge, clockedH[i] === undefined ? 0 : clockedH[i], wait);
    }, 0);
    return Math.round(sum);
  };
  const needs = withEachNeed(depot, (one) => ({
    ...one,
    shortageMinorPerH: one.shortageMinorPerH + perHour(one, one.clockedH),
  }));
  return {
    ...needs,
    components: depot.components.map((one) => ({
      ...one,
      shortageMinorPerH: one.shortageMinorPerH + perHour(one),
    })),
  };
}

function slope(
  {limitH, clockShare, formula}: Charge,
  clockedH: number | null,
  wait: readonly WaitPoint[],
): number {
  if (clockedH === null) return 0;
  return marginalPenaltyMinorPerH(formula, {clockedH, limitH, clockShare, wait});
}

/** What the contracts of a depot's machines add to an hour of waiting, the dearest of each contract's machines. */
export function contractReasons(
  {contracts = [], depots, part: {currency}}: Situation,
  pricedDepot: DepotSituation,
): Reason[] {
  const recorded = depots.find(({depotId}) => depotId === pricedDepot.depotId);
  if (recorded === undefined) return [];
  const plain = [...recorded.components, ...recorded.needs];
  const dear = [...pricedDepot.components, ...pricedDepot.needs];
  return contracts.flatMap(({contractId, version}): Reason[] => {
    const added = dear.flatMap((one, i) =>
      one.contractId === contractId ? [one.shortageMinorPerH - plain[i]!.shortageMinorPerH] : [],
    );
    const perHourMinor = Math.max(0, ...added);
    return perHourMinor === 0
      ? []
      : [{code: 'contract-charges', contractId, version, perHourMinor, currency}];
  });
}
