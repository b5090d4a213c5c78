import {PPM} from '../../../domain/quantity.ts';
import {HOUR_MS} from '../../../domain/time.ts';
import type {RiskyComponent, Situation} from '../decision/situation.ts';
import {mapped, onShelves} from './what-if-selection.ts';

/** What is known of a component's failures after the fact: when it failed, if it did. */
export type FailedAt = (componentId: string) => number | undefined;

/** As far as a forecast reaches, in hours; what comes after it, no decision was told of. */
export const HINDSIGHT_H = 672;

/**
 * A situation as it would have been with the coming weeks known: each component fails in the hour in which it did, or not at all.
 * Acts that are priced in it are priced by the same outcomes, whichever model they come from.
 *
 * Example: failed after 30.5 h → P(≤ 30 h) = 0, P(≤ 31 h) = 1.
 */
export function inHindsight(situation: Situation, failedAt: FailedAt): Situation {
  const {now} = situation;
  return onShelves(situation, {}, (depot) => ({
    ...depot,
    ...mapped(depot, 'components', (one) => ({
      ...one,
      ...curveOf(now, failedAt(one.componentId)),
      asOf: now,
    })),
  }));
}

function curveOf(
  now: number,
  failedAt: number | undefined,
): Pick<
  RiskyComponent,
  'horizonsH' | 'cumulativePpm' | 'tailHazardPpbPerH' | 'method' | 'modelVersion' | 'topSignals'
> {
  const known = {tailHazardPpbPerH: 0, method: 'hindsight', modelVersion: 'hindsight', topSignals: []};
  const hours = failedAt === undefined || failedAt <= now ? Infinity : Math.ceil((failedAt - now) / HOUR_MS);
  if (hours > HINDSIGHT_H) return {...known, horizonsH: [HINDSIGHT_H], cumulativePpm: [0]};
  return hours === 1
    ? {...known, horizonsH: [1], cumulativePpm: [PPM]}
    : {...known, horizonsH: [hours - 1, hours], cumulativePpm: [0, PPM]};
}
