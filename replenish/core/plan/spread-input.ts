import {demandAhead} from '../demand/demand-ahead.ts';
import {demandOverLeadTime} from '../demand/depot-demand.ts';
import {planDepots, type DepotPlan} from '../decision/depot-plan.ts';
import {giveable, netStock} from '../decision/shelf.ts';
import type {Situation} from '../decision/situation.ts';
import {added, type UncertainTime} from '../lead-time/time-points.ts';
import {mean} from '../probability/pmf.ts';
import {pricedByContracts} from '../supply/contract-price.ts';
import type {Claimant} from './scarce-supply.ts';

/** A depot that wants some of a scarce supply. */
export interface SpreadClaimant extends Claimant {
  readonly depotId: string;
  /** Pieces expected to be asked for until the next supply has come to it. */
  readonly expectedDemand: number;
}

export interface SpreadInput {
  /** Pieces on the shelf that may leave. */
  readonly giveable: number;
  /** Hours until the depot itself is supplied again. */
  readonly nextSupplyH: number;
  /** The depots that it fills, and its own shelf where machines or people ask it directly. */
  readonly claimants: readonly SpreadClaimant[];
}

/** A depot without any source of its own is looked at this far ahead. */
const UNSUPPLIED_H = 2160;

/**
 * Who wants a depot's pieces, and until when they must last: until the depot is supplied again and has sent on. Undefined where the depot
 * does not hold the part.
 */
export function spreadInput(recorded: Situation, fromDepotId: string): SpreadInput | undefined {
  const situation = pricedByContracts(recorded);
  const plans = planDepots(situation);
  const from = plans.get(fromDepotId);
  if (from === undefined) return undefined;
  const supply = nextSupply(from);
  const fed = [...plans.values()].filter(({depot}) => depot.parentDepotId === fromDepotId && depot.mayStock);
  const claimants = fed.map((plan): SpreadClaimant => {
    const demand = demandOverLeadTime(
      plan.echelon,
      plan.source === null ? supply : added(supply, plan.source),
      0,
    );
    return claimant(plan, plan.position, demand);
  });
  return {
    giveable: giveable(from.depot, 0),
    nextSupplyH: supply.meanH,
    claimants: asksItself(from) ? [...claimants, ownShelf(situation, from, supply)] : claimants,
  };
}

function ownShelf({now, policy}: Situation, from: DepotPlan, supply: UncertainTime): SpreadClaimant {
  const {depot, risks} = from;
  const source = {...depot, risks, ...demandAhead(depot, now, policy.lotShare)};
  return claimant(from, netStock(depot) - giveable(depot, 0), demandOverLeadTime(source, supply, 0));
}

function claimant(plan: DepotPlan, net: number, demand: Claimant['demand']): SpreadClaimant {
  const {depot, rescueMinor} = plan;
  return {depotId: depot.depotId, net, demand, shortageCost: rescueMinor, expectedDemand: mean(demand)};
}

/** The first receipt that is under way, else an order placed now. */
function nextSupply({depot, source}: DepotPlan): UncertainTime {
  const [first] = [...depot.receipts].sort((a, b) => a.meanH - b.meanH);
  return first ?? source ?? {meanH: UNSUPPLIED_H, sdH: 0};
}

function asksItself({depot}: DepotPlan): boolean {
  const {components, needs, backgroundPerYear, campaigns = []} = depot;
  return components.length + needs.length + campaigns.length > 0 || backgroundPerYear > 0;
}
