import {DAY_MS, HOUR_MS, epochMs, type EpochMs} from '../../../domain/time.ts';
import type {RiskyComponent} from '../../../replenish/core/decision/situation.ts';
import type {Demand} from './demand-stream.ts';
import {byDepot, type Foresight} from './foresight.ts';

/** Nothing further ahead changes what is ordered today: the longest lead time with its spread is shorter. */
const AHEAD_MS = 120 * DAY_MS;

/** Knows the hour of every demand to come, those of machines without telemetry too, and is asked once a day. */
export function perfectForesight(demands: readonly Demand[], from: EpochMs, to: EpochMs): Foresight {
  const looksAt: EpochMs[] = [];
  for (let at: number = from; at <= to; at += DAY_MS) looksAt.push(epochMs(at));
  return {
    risksAt: (at) =>
      byDepot(
        demands.flatMap((demand, i) =>
          demand.at > at && demand.at <= at + AHEAD_MS ? [[demand, certain(demand, i, at)] as const] : [],
        ),
      ),
    backgroundPerYear: () => 0,
    looksAt,
  };
}

/** A failure that comes in its hour and at no other. */
function certain(demand: Demand, nth: number, at: EpochMs): RiskyComponent {
  const wholeH = Math.floor((demand.at - at) / HOUR_MS);
  const name = `N${String(nth).padStart(6, '0')}`;
  return {
    componentId: demand.componentId ?? name,
    equipmentId: demand.equipmentId ?? name,
    positionId: name,
    quantity: 1,
    asOf: at,
    revision: 0,
    modelVersion: 'perfect',
    method: 'perfect',
    horizonsH: wholeH === 0 ? [1] : [wholeH, wholeH + 1],
    cumulativePpm: wholeH === 0 ? [1_000_000] : [0, 1_000_000],
    tailHazardPpbPerH: 0,
    shortageMinorPerH: demand.shortageMinorPerH,
    topSignals: [],
  };
}
