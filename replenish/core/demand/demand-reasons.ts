import type {Reason} from '../../../domain/decision.ts';
import type {DepotSituation} from '../decision/situation.ts';

/** Demand beside the failures, where more is known of it than the master data says. */
export function demandReasons({background, backgroundPerYear, campaigns = []}: DepotSituation): Reason[] {
  const reasons: Reason[] = campaigns.map(({campaignId, machines, quantity, endsAt}) => ({
    code: 'campaign-demand',
    campaignId,
    machines,
    quantity,
    endsAt,
  }));
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
