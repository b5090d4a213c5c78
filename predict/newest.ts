import {toIso} from '../domain/time.ts';
import {movedMaterially} from './core/material.ts';
import type {CurrentForecast, ForecastRow, Installation, PredictCommit} from './ports.ts';

/**
 * The newest forecast per installed component, and a signal for every group that has to look again.
 *
 * @param told What stands of their components.
 * @param materialPpm What a probability must move by to be told.
 */
export function newestForecasts(
  forecasts: readonly ForecastRow[],
  told: ReadonlyMap<string, CurrentForecast>,
  installations: readonly Installation[],
  materialPpm: number,
): Pick<PredictCommit, 'current' | 'signals'> {
  const newest = new Map<string, ForecastRow>();
  for (const forecast of forecasts) {
    const other = newest.get(forecast.componentId);
    if (other === undefined || forecast.asOf >= other.asOf) newest.set(forecast.componentId, forecast);
  }
  const installed = new Map(
    installations.filter((i) => i.removedAt === Infinity).map((i) => [i.componentId, i]),
  );
  const current: PredictCommit['current'][number][] = [];
  const signals: PredictCommit['signals'][number][] = [];
  for (const forecast of newest.values()) {
    const before = told.get(forecast.componentId);
    const installation = installed.get(forecast.componentId);
    if (installation === undefined || (before !== undefined && before.asOf > forecast.asOf)) continue;
    const moved = movedMaterially(before?.signalledPpm, forecast.cumulativePpm, materialPpm);
    current.push({forecast, signalledPpm: moved ? forecast.cumulativePpm : before!.signalledPpm});
    if (moved) {
      signals.push({groupId: installation.groupId, causeKind: 'forecast', causeRef: causeOf(forecast)});
    }
  }
  return {current, signals};
}

/** What a signal names as its cause. */
export function causeOf({componentId, asOf, modelVersionId, revision}: ForecastRow): string {
  return `${componentId}|${toIso(asOf)}|${modelVersionId}|${revision}`;
}
