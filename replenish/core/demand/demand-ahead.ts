import {campaignDemand} from '../forecast/campaign-demand.ts';
import {seasonPace} from '../forecast/season.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {convolve} from '../probability/pmf.ts';
import type {DepotSituation} from '../decision/situation.ts';

/** What makes the demand of the coming time differ from that of a mean year of independent machines; nothing of it where none of it is known. */
export interface DemandAhead {
  /** Hours of a mean year that the next hours are worth. */
  readonly paced?: (hours: number) => number;
  /** Pieces that campaigns ask for within the next hours. */
  readonly dated?: (hours: number) => DemandPmf;
  /** P(the failures of components of one lot have a cause in common). */
  readonly lotShare?: number;
}

export function demandAhead(
  {season, campaigns = []}: DepotSituation,
  now: number,
  lotShare?: number,
): DemandAhead {
  return {
    ...(lotShare === undefined ? {} : {lotShare}),
    ...(season === undefined ? {} : {paced: seasonPace(season, now)}),
    ...(campaigns.length === 0 ? {} : {dated: addedUp(campaigns.map((each) => campaignDemand(each, now)))}),
  };
}

/** Of a depot and those it feeds: paces weighed by the rates that they pace, campaigns added up. */
export function pooledAhead(
  family: readonly {readonly perYear: number; readonly ahead: DemandAhead}[],
): DemandAhead {
  const perYear = family.reduce((sum, one) => sum + one.perYear, 0);
  const dated = family.flatMap(({ahead}) => (ahead.dated === undefined ? [] : [ahead.dated]));
  const lotShare = family[0]?.ahead.lotShare;
  const isPaced = perYear > 0 && family.some(({ahead}) => ahead.paced !== undefined);
  return {
    ...(lotShare === undefined ? {} : {lotShare}),
    ...(isPaced
      ? {
          paced: (hours) =>
            family.reduce((sum, one) => sum + one.perYear * (one.ahead.paced?.(hours) ?? hours), 0) / perYear,
        }
      : {}),
    ...(dated.length === 0 ? {} : {dated: addedUp(dated)}),
  };
}

function addedUp(parts: readonly ((hours: number) => DemandPmf)[]): (hours: number) => DemandPmf {
  return (hours) => parts.map((each) => each(hours)).reduce(convolve);
}
