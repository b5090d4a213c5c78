import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import {findForecast, readingsBehind} from '../../predict/api.ts';
import type {ForecastRecord, ReadingRecord} from '../../predict/api.ts';
import {decisionSignals, decisionSituation, findDecision} from '../../replenish/api.ts';
import type {DecisionRecord, SignalRecord} from '../../replenish/api.ts';

/** From a decision back to the very readings. */
export interface DecisionTrace {
  readonly decision: DecisionRecord;
  readonly signals: readonly SignalRecord[];
  /** The forecasts of the components that the reasons name, each with its readings. */
  readonly forecasts: readonly {
    readonly forecast: ForecastRecord;
    readonly readings: {readonly total: number; readonly newest: readonly ReadingRecord[]};
  }[];
}

const SIGNALS_SHOWN = 50;
const READINGS_SHOWN = 20;

/** @param db a connection that may read every stage's tables. Null: no such decision. */
export async function traceDecision(db: Queryable, decisionId: string): Promise<DecisionTrace | null> {
  const decision = await findDecision(db, decisionId);
  const situation = await decisionSituation(db, decisionId);
  if (decision === null || situation === null) return null;
  const named = new Set(
    decision.reasons.flatMap((reason) => (reason.code === 'failure-expected' ? [reason.componentId] : [])),
  );
  const depot = situation.depots.find((one) => one.depotId === decision.depotId);
  const forecasts: DecisionTrace['forecasts'][number][] = [];
  for (const component of depot?.components.filter((one) => named.has(one.componentId)) ?? []) {
    const {componentId, asOf, modelVersion, revision} = component;
    const forecast = await findForecast(db, {
      componentId,
      asOf: asOf as EpochMs,
      modelVersionId: modelVersion,
      revision,
    });
    if (forecast !== null)
      forecasts.push({forecast, readings: await readingsBehind(db, forecast, READINGS_SHOWN)});
  }
  return {decision, signals: await decisionSignals(db, decisionId, SIGNALS_SHOWN), forecasts};
}
