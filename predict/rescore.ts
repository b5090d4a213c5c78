import {ok, refused, type Result} from '../domain/result.ts';
import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {ComponentId, ModelVersionId} from '../domain/ids.ts';
import type {ForecastRecord} from './api.ts';
import {eventMemoryH} from './core/class-spec.ts';
import {gridAtOrBefore} from './core/grid.ts';
import type {Score, Scorer} from './core/score.ts';
import {putBuckets} from './equipment-cache.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import type {PredictStore} from './ports.ts';
import {windowAt} from './window.ts';

export interface RescorePorts {
  readonly store: Pick<
    PredictStore,
    'equipment' | 'installations' | 'heardUntil' | 'rebuildBuckets' | 'events'
  >;
  readonly scorer: Scorer;
}

/**
 * Scores a model's forecast again, from the readings and events of its window as the log stood when it was made, and from the
 * model version that it names. On the backend that it names, the probabilities are the very same. Equipment attributes and
 * installations are taken as they are now.
 *
 * @throws OperationalFault 'model-not-loaded' when that version is no longer among the scorer's.
 */
export async function rescore(
  {store, scorer}: RescorePorts,
  forecast: ForecastRecord,
): Promise<Result<Score, 'nothing-to-rescore'>> {
  const {componentId, equipmentId, equipmentNo, positionId, asOf, windowFrom, logSeqThrough} = forecast;
  const [master] = await store.equipment([equipmentNo]);
  const installed = (await store.installations([equipmentNo])).find(
    (each) => each.componentId === componentId && each.positionId === positionId && each.installedAt <= asOf,
  );
  if (forecast.method !== 'model' && forecast.method !== 'pooled')
    return refused(
      'nothing-to-rescore',
      `forecast of ${componentId}: made by ${forecast.modelVersionId}, not by a model`,
    );
  if (master === undefined || installed === undefined)
    return refused(
      'nothing-to-rescore',
      `forecast of ${componentId}: ${equipmentId} no longer has it installed at ${positionId}`,
    );
  const windowMs = asOf - windowFrom;
  const lastGrid = gridAtOrBefore(asOf, master.gridMs);
  const known: Pick<CachedEquipment, 'master' | 'buckets'> = {master, buckets: new Map()};
  const span = {equipmentNo, from: epochMs(lastGrid - windowMs), through: logSeqThrough};
  // What lies in an interval counts from when a later reading has closed it (core/grid.ts).
  const heardUntil = await store.heardUntil({...span, to: epochMs(asOf + master.gridMs)});
  if (heardUntil !== null) {
    const to = epochMs(Math.min(lastGrid, gridAtOrBefore(heardUntil, master.gridMs)));
    putBuckets(known, await store.rebuildBuckets([{...span, to}], master.gridMs));
  }
  const spec = scorer.models.find(({modelVersionId}) => modelVersionId === forecast.modelVersionId)?.spec;
  const eventsMs = Math.max(windowMs, spec === undefined ? 0 : eventMemoryH(spec) * HOUR_MS);
  const eventsFrom = epochMs(asOf - eventsMs);
  const events = await store.events([{equipmentNo, from: eventsFrom, to: asOf, through: logSeqThrough}]);
  const window = windowAt(known, asOf, windowMs, events, eventsMs);
  const ageH = (asOf - installed.installedAt) / HOUR_MS;
  const component = {...installed, componentId: componentId as ComponentId, ageH};
  const [score] = await scorer.score(forecast.modelVersionId as ModelVersionId, [{window, component}]);
  return ok(score!);
}
