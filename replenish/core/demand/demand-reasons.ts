import type {Reason} from '../../../domain/decision.ts';
import {PPM} from '../../../domain/quantity.ts';
import type {DepotPlan} from '../decision/depot-plan.ts';
import type {DepotSituation} from '../decision/situation.ts';
import {stillToCome, type CampaignAhead} from '../forecast/campaign-demand.ts';
import {mean} from '../probability/pmf.ts';
import {sharedLots} from './depot-demand.ts';
import {allNeeds, comingPieces, isDue, plannedPieces} from './dated-need.ts';

/** Lots named in a reason at most. */
const LOTS_NAMED = 3;

/** Demand beside the failures, where more is known of it than the master data says. */
export function demandReasons(
  {background, backgroundPerYear, campaigns = []}: DepotSituation,
  now: number,
): Reason[] {
  const reasons: Reason[] = campaigns.map((campaign) => campaignReason(campaign, now));
  if (background === undefined || backgroundPerYear === 0) return reasons;
  const {asOf, historyMonths, credibility, priorKind, priorPerYear} = background;
  reasons.push({
    code: 'background-demand',
    perYear: backgroundPerYear,
    forecastAt: asOf,
    historyMonths,
    credibilityPct: Math.round(credibility * 100),
    priorKind,
    priorPerYear,
  });
  return reasons;
}

/** Needs by date: those that an order is due for, and those that can wait. */
export function plannedReasons(depot: DepotSituation): Reason[] {
  const ahead = allNeeds(depot).filter((need) => !isDue(need));
  if (ahead.length === 0) return [];
  const firstAt = Math.min(...ahead.map(({neededAt}) => neededAt));
  return [{code: 'planned-needs', near: comingPieces(depot), later: plannedPieces(depot), firstAt}];
}

function campaignReason(campaign: CampaignAhead, now: number): Reason {
  const {campaignId, machines, quantity, endsAt, takePpm: plannedPpm, evidence} = campaign;
  const reason = {code: 'campaign-demand', campaignId, machines, quantity, endsAt} as const;
  if (evidence === undefined || plannedPpm === PPM) return reason;
  const {served, machines: of} = evidence;
  const expectedHere = Math.round(mean(stillToCome({...campaign, evidence}, now)) * 10) / 10;
  return {...reason, seen: {served, of, plannedPpm, expectedHere}};
}

/**
 * That lots fail together, where it moves the level: nothing else in the reasons tells why it differs from the sum of the forecasts.
 *
 * @param apart The same depot planned as if each component failed for itself.
 */
export function lotReasons({echelon, target}: DepotPlan, apart: DepotPlan): Reason[] {
  if (target === apart.target) return [];
  const lots = sharedLots(echelon);
  return [
    {
      code: 'lot-shares-cause',
      sharePpm: Math.round((echelon.lotShare ?? 0) * PPM),
      lots: lots.length,
      named: lots.slice(0, LOTS_NAMED).map(([first]) => first!.component.lot!),
      components: lots.reduce((sum, lot) => sum + lot.length, 0),
      target,
      targetApart: apart.target,
    },
  ];
}
