import {refused, ok, type Result} from '../domain/result.ts';
import type {Ppm} from '../domain/quantity.ts';
import type {EpochMs} from '../domain/time.ts';
import {timestamp} from '../platform/pg.ts';
import type {Queryable} from '../platform/pg.ts';
import {modelHistory} from './adapters/model-registry.ts';
import {HORIZONS_H} from '../domain/forecast.ts';
import {movedMaterially} from './core/material.ts';
import {standings} from './core/model-lifecycle.ts';
import type {PredictTuning} from './core/tuning.ts';
import {breachesOf} from './core/watch-figures.ts';
import type {Breach, WatchRules} from './core/watch-rules.ts';
import type {WatchRow} from './watch-ports.ts';

/** Forecasts that one dry run reads at most. */
const FORECASTS_MAX = 200_000;
/** Of those that come out otherwise, the oldest that are listed. */
const LISTED_MAX = 1000;

/** What a change of the tunables of forecasts makes of those on record. */
export interface TuningDryRun {
  readonly depth: 'each-component-alone';
  readonly forecasts: number;
  /** Forecasts that replenish was to look at, … */
  readonly told: Compared;
  /** … and those that say which signals drive them. */
  readonly explained: Compared;
  /** Told before and not after, or the other way round, the oldest first. */
  readonly changed: number;
  readonly changes: readonly {
    readonly componentId: string;
    readonly asOf: EpochMs;
    readonly told: 'before' | 'after';
  }[];
}
interface Compared {
  readonly before: number;
  readonly after: number;
}

interface SaidRow {
  readonly componentId: string;
  readonly asOf: EpochMs;
  readonly ppm: readonly Ppm[];
  readonly isModel: boolean;
}

/** Takes each component's forecasts since an instant anew; the first of them counts as told. */
export async function dryRunTuning(
  db: Queryable,
  {
    before,
    after,
    from,
  }: {readonly before: PredictTuning; readonly after: PredictTuning; readonly from: EpochMs},
): Promise<Result<TuningDryRun>> {
  const {rows} = await db.query<SaidRow>(
    `SELECT component_id AS "componentId", as_of AS "asOf", cumulative_ppm AS ppm, method IN ('model', 'pooled') AS "isModel"
       FROM predict.forecast WHERE NOT shadow AND as_of >= $1
      ORDER BY component_id COLLATE "C", issued_at, as_of, revision LIMIT ${FORECASTS_MAX + 1}`,
    [timestamp(from)],
  );
  if (rows.length > FORECASTS_MAX)
    return refused(
      'too-many-forecasts',
      `more than ${FORECASTS_MAX} forecasts were made in that time; ask for fewer days`,
    );
  const explained = ({explainFromPpm}: PredictTuning): number =>
    rows.filter(({isModel, ppm}) => isModel && (ppm.at(-1) ?? 0) >= explainFromPpm).length;
  const [was, would] = [toldBy(rows, before.materialPpm), toldBy(rows, after.materialPpm)];
  const changes = rows
    .flatMap(({componentId, asOf}, i) =>
      was.has(i) === would.has(i)
        ? []
        : [{componentId, asOf, told: was.has(i) ? ('before' as const) : ('after' as const)}],
    )
    .sort((a, b) => a.asOf - b.asOf);
  return ok({
    depth: 'each-component-alone',
    forecasts: rows.length,
    told: {before: was.size, after: would.size},
    explained: {before: explained(before), after: explained(after)},
    changed: changes.length,
    changes: changes.slice(0, LISTED_MAX),
  });
}

/** Indexes of the forecasts that replenish is told. */
function toldBy(rows: readonly SaidRow[], materialPpm: Ppm): ReadonlySet<number> {
  const told = new Set<number>();
  let last: (SaidRow & {readonly newest: number}) | undefined;
  rows.forEach((row, i) => {
    const known = last?.componentId === row.componentId ? last : undefined;
    if (known !== undefined && row.asOf < known.newest) return; // a newer one stood already
    if (movedMaterially(known?.ppm, row.ppm, materialPpm)) {
      told.add(i);
      last = {...row, newest: row.asOf};
    } else last = {...known!, newest: row.asOf};
  });
  return told;
}

/** What other rules of watching make of the nights on record. */
export interface WatchDryRun {
  readonly depth: 'each-night-alone';
  readonly nights: number;
  /** Champions whose first night out of bounds would be another one. */
  readonly changes: readonly {
    readonly modelVersionId: string;
    readonly equipmentClassId: string;
    readonly before: FirstFall | null;
    readonly after: FirstFall | null;
  }[];
}
interface FirstFall {
  readonly night: EpochMs;
  readonly breaches: readonly Breach[];
}

type Night = WatchRow & {readonly night: EpochMs};

/** Judges the figures that each night since an instant has kept of the champions of that night: which would have been sent back, and when first. */
export async function dryRunWatch(
  db: Queryable,
  {before, after, from}: {readonly before: WatchRules; readonly after: WatchRules; readonly from: EpochMs},
): Promise<WatchDryRun> {
  const {rows} = await db.query<Night>(
    `SELECT night, said, equipment_class_id AS "equipmentClassId", NULL AS "depotId", figures, breaches FROM predict.model_watch
      WHERE depot_id = '' AND night >= $1 ORDER BY night, equipment_class_id COLLATE "C", said COLLATE "C"`,
    [timestamp(from)],
  );
  const history = await modelHistory(db);
  const nights = [...new Set(rows.map(({night}) => night))];
  const first = {before: new Map<string, FirstFall>(), after: new Map<string, FirstFall>()};
  for (const night of nights) {
    const champions = new Set(
      standings(history.filter(({fromAt}) => fromAt <= night))
        .filter(({state}) => state === 'champion')
        .map(keyOf),
    );
    const watched = rows.filter((row) => row.night === night && champions.has(championKey(row)));
    const tests = watched.reduce((sum, {figures}) => sum + HORIZONS_H.length + 1 + figures.inputs.length, 0);
    for (const row of watched)
      for (const [when, rules] of [
        ['before', before],
        ['after', after],
      ] as const) {
        const breaches = breachesOf(row.figures, rules, Math.max(1, tests));
        const falls = breaches.some((one) => rules.fallBackOn.includes(one));
        if (falls && !first[when].has(championKey(row))) first[when].set(championKey(row), {night, breaches});
      }
  }
  const keys = [...new Set([...first.before.keys(), ...first.after.keys()])];
  return {
    depth: 'each-night-alone',
    nights: nights.length,
    changes: keys.flatMap((key) => {
      const [was, would] = [first.before.get(key) ?? null, first.after.get(key) ?? null];
      const [modelVersionId, equipmentClassId] = JSON.parse(key) as [string, string];
      return was?.night === would?.night
        ? []
        : [{modelVersionId, equipmentClassId, before: was, after: would}];
    }),
  };
}

function championKey({said, equipmentClassId}: Pick<WatchRow, 'said' | 'equipmentClassId'>): string {
  return JSON.stringify([said, equipmentClassId]);
}

function keyOf({
  modelVersionId,
  equipmentClassId,
}: {
  readonly modelVersionId: string;
  readonly equipmentClassId: string;
}): string {
  return championKey({said: modelVersionId, equipmentClassId});
}
