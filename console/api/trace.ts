import {z} from 'zod';
import {epochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import {findForecast, readingsBehind, traceWindow} from '../../predict/api.ts';
import type {ForecastRecord, ForecastRef, ReadingRecord, WindowTrace} from '../../predict/api.ts';
import {
  decisionSignals,
  decisionSituation,
  findAlert,
  findDecision,
  shelfBehind,
} from '../../replenish/api.ts';
import type {AlertRecord, DecisionRecord, ShelfBehind, SignalRecord, Situation} from '../../replenish/api.ts';

/** A forecast, and the readings that its window held. */
export interface TracedForecast {
  readonly forecast: ForecastRecord;
  readonly readings: {readonly total: number; readonly newest: readonly ReadingRecord[]};
}

/** From a decision back to the very readings. */
export interface DecisionTrace {
  readonly decision: DecisionRecord;
  readonly signals: readonly SignalRecord[];
  /** The forecasts of the components that the reasons name, each with its readings. */
  readonly forecasts: readonly TracedForecast[];
}

/** From an alert back to the very readings. */
export interface AlertTrace {
  readonly alert: AlertRecord;
  /** Of the component that the alert names unless that has failed already, then of those at its depot that are likeliest to fail. */
  readonly forecasts: readonly TracedForecast[];
}

const SIGNALS_SHOWN = 50;
const READINGS_SHOWN = 20;

/** What a decision was taken from: the shelf with the demand expected of it, and what the machines said that its reasons name. */
export interface WhyDecision {
  readonly decision: DecisionRecord;
  readonly shelf: ShelfBehind;
  readonly windows: readonly (WindowTrace & {readonly forecast: ForecastRecord})[];
}

/** Signals drawn of one machine. */
const SIGNALS_DRAWN = 4;

/** @param db a connection that may read every stage's tables. Null: no such decision. */
export async function whyDecision(db: Queryable, decisionId: string): Promise<WhyDecision | null> {
  const decision = await findDecision(db, decisionId);
  const situation = await decisionSituation(db, decisionId);
  const shelf = decision && situation && shelfBehind(situation, decision.depotId);
  if (decision === null || situation === null || shelf === null) return null;
  const windows: WhyDecision['windows'][number][] = [];
  for (const key of componentsBehind(decision, situation)) {
    const forecast = await findForecast(db, refOf(key));
    if (forecast === null) continue;
    const named = forecast.topSignals.map(({signal}) => signal);
    windows.push({forecast, ...(await traceWindow(db, forecast, SIGNALS_DRAWN, named))});
  }
  return {decision, shelf, windows};
}

/** Of the decision's depot, the components that its reasons name. */
function componentsBehind(decision: DecisionRecord, situation: Situation): readonly ForecastKey[] {
  const named = new Set(
    decision.reasons.flatMap((reason) => (reason.code === 'failure-expected' ? [reason.componentId] : [])),
  );
  const depot = situation.depots.find((one) => one.depotId === decision.depotId);
  return depot?.components.filter((one) => named.has(one.componentId)) ?? [];
}

/** @param db a connection that may read every stage's tables. Null: no such decision. */
export async function traceDecision(db: Queryable, decisionId: string): Promise<DecisionTrace | null> {
  const decision = await findDecision(db, decisionId);
  const situation = await decisionSituation(db, decisionId);
  if (decision === null || situation === null) return null;
  return {
    decision,
    signals: await decisionSignals(db, decisionId, SIGNALS_SHOWN),
    forecasts: await traced(db, componentsBehind(decision, situation)),
  };
}

/**
 * A decision is about one depot and its alerts about any of the group, so an alert names the forecasts that it rests on itself.
 *
 * @param db a connection that may read every stage's tables. Null: no such alert.
 */
export async function traceAlert(db: Queryable, alertId: string): Promise<AlertTrace | null> {
  const alert = await findAlert(db, alertId);
  if (alert === null) return null;
  const rests = RestsOn.safeParse(alert.body);
  return {alert, forecasts: rests.success ? await traced(db, rests.data.behind) : []};
}

/** Alerts on data or on a feed name no forecast. */
const RestsOn = z.object({
  behind: z.array(
    z.object({componentId: z.string(), asOf: z.int(), modelVersion: z.string(), revision: z.int()}),
  ),
});
type ForecastKey = z.output<typeof RestsOn>['behind'][number];

async function traced(db: Queryable, forecastKeys: readonly ForecastKey[]): Promise<TracedForecast[]> {
  const forecasts: TracedForecast[] = [];
  for (const key of forecastKeys) {
    const forecast = await findForecast(db, refOf(key));
    if (forecast !== null)
      forecasts.push({forecast, readings: await readingsBehind(db, forecast, READINGS_SHOWN)});
  }
  return forecasts;
}

function refOf({componentId, asOf, modelVersion, revision}: ForecastKey): ForecastRef {
  return {componentId, asOf: epochMs(asOf), modelVersionId: modelVersion, revision};
}
