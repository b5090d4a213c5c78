import type {EpochMs} from '../domain/time.ts';
import {numericAttributes} from './core/class-spec.ts';
import type {FeatureWindow, WindowEvent} from './core/feature-window.ts';
import {gridAtOrBefore} from './core/grid.ts';
import {windowBuckets} from './equipment-cache.ts';
import type {CachedEquipment} from './equipment-cache.ts';

/** What is known of an equipment at an instant: its closed intervals in (asOf − windowMs, asOf], its events in (asOf − eventsMs, asOf]. */
export function windowAt(
  {master, buckets}: Pick<CachedEquipment, 'master' | 'buckets'>,
  asOf: EpochMs,
  windowMs: number,
  events: readonly WindowEvent[],
  eventsMs = windowMs,
): FeatureWindow {
  const {gridMs, equipmentId, attributes, modelId} = master;
  return {
    equipmentId,
    asOf,
    gridMs,
    buckets: windowBuckets(buckets, gridAtOrBefore(asOf, gridMs), gridMs, Math.round(windowMs / gridMs)),
    events: events.filter((event) => event.at > asOf - eventsMs && event.at <= asOf),
    attributes: numericAttributes(attributes, modelId),
  };
}
