import {existsSync} from 'node:fs';
import path from 'node:path';
import {groupBy} from '../../../domain/group-by.ts';
import {HOUR_MS, epochMs, type EpochMs} from '../../../domain/time.ts';
import type {TrainingLife, TrainingMachine} from '../../../predict/training/dataset.ts';
import type {TrainingTarget} from '../../../predict/training/training-target.ts';
import {SIGNALS, equipmentIdOf} from '../../replay/azure-network.ts';
import {azureRows, type AzureRow} from '../../replay/azure-rows.ts';
import {fileUnreadable} from '../../input-file.ts';

const GRID_H = 3;
/** A row stamped T was averaged over hours up to T + 1 h. */
const KNOWN_AFTER_H = 1;
export const COMPONENTS = ['comp1', 'comp2', 'comp3', 'comp4'] as const;
type Component = (typeof COMPONENTS)[number];

/** The class as data: what its machines send, and on which grid. */
export const AZURE_CLASS: TrainingTarget = {
  equipmentClassId: 'azure-pdm',
  gridH: GRID_H,
  windowH: 72,
  signals: SIGNALS.filter(({low}) => low !== null).map(({name, unit, low, high}) => ({
    name,
    label: name.replace('_mean', ''),
    unit,
    normalLow: low,
    normalHigh: high,
  })),
};

export interface AzureMachineHistory {
  readonly machineId: number;
  readonly history: TrainingMachine;
  /** Instants of failures by component, rising; empty where the folder has none. */
  readonly failures: Readonly<Record<Component, readonly EpochMs[]>>;
}

export interface AzureSet {
  readonly machines: readonly AzureMachineHistory[];
  /** Failures of the file that no replacement answers: nobody knows what was done, and the component runs on as old as it was. */
  readonly unanswered: number;
  readonly hasFailures: boolean;
}

interface AzureEvent {
  readonly machineId: number;
  readonly at: EpochMs;
  readonly what: string;
}

/**
 * Reads a folder of the azure-pdm set; one to be forecast may be without failures. They say how a life ended, which no input
 * reads: lives begin and end by the maintenance records alone.
 *
 * @throws OperationalFault 'file-unreadable' at the first thing that is wrong, naming file, line and column
 */
export async function readAzureSet(folder: string): Promise<AzureSet> {
  const file = (name: string): string => path.join(folder, `${name}.csv.gz`);
  const master = new Map<number, {readonly model: string; readonly ageYears: number}>();
  for await (const row of azureRows(file('PdM_machines'), ['machineID', 'model', 'age'])) {
    const model = row.text('model', /^model\d+$/, 'model such as model1');
    master.set(row.whole('machineID'), {model, ageYears: row.whole('age')});
  }
  const machineOf = (row: AzureRow): number => {
    const machineId = row.whole('machineID');
    if (!master.has(machineId)) throw row.refused('machineID', 'machine of PdM_machines.csv.gz');
    return machineId;
  };
  const events = async (name: string, column: string, form: RegExp): Promise<Map<number, AzureEvent[]>> => {
    const read: AzureEvent[] = [];
    for await (const row of azureRows(file(name), ['datetime', 'machineID', column])) {
      const what = row.text(column, form, `name of the form ${form.source}`);
      read.push({machineId: machineOf(row), at: row.instant('datetime'), what});
    }
    read.sort((a, b) => a.at - b.at);
    return new Map(groupBy(read, ({machineId}) => machineId));
  };
  const telemetry = await readTelemetry(file('telemetry_3h'), machineOf);
  const errors = await events('PdM_errors', 'errorID', /^error\d+$/);
  const maintenance = await events('PdM_maint', 'comp', /^comp[1-4]$/);
  const hasFailures = existsSync(file('PdM_failures'));
  const failures = hasFailures
    ? await events('PdM_failures', 'failure', /^comp[1-4]$/)
    : new Map<number, readonly AzureEvent[]>();
  let unanswered = 0;
  const machines = [...telemetry].map(([machineId, {hours, signals}]): AzureMachineHistory => {
    const replaced = maintenance.get(machineId) ?? [];
    const failed = failures.get(machineId) ?? [];
    const isReplaced = new Set(replaced.map(({at, what}) => `${at} ${what}`));
    unanswered += failed.filter(({at, what}) => !isReplaced.has(`${at} ${what}`)).length;
    const {model, ageYears} = master.get(machineId)!;
    const beganAt = epochMs(hours[0]! - GRID_H * HOUR_MS);
    return {
      machineId,
      failures: byComponent(failed),
      history: {
        equipmentId: equipmentIdOf(machineId),
        classId: AZURE_CLASS.equipmentClassId,
        modelId: model,
        attributes: {age_years: ageYears},
        hours,
        signals,
        events: [
          ...(errors.get(machineId) ?? []).map(({at, what}) => ({type: 'error', code: what, at})),
          // What was replaced before telemetry began lies on another calendar.
          ...replaced
            .filter(({at}) => at >= beganAt)
            .map(({at, what}) => ({type: 'part-replaced', positionId: what, at})),
        ].sort((a, b) => a.at - b.at),
        lives: COMPONENTS.flatMap((component) => livesOf(machineId, component, replaced, failed, beganAt)),
        knownAfterH: KNOWN_AFTER_H,
      },
    };
  });
  return {machines, unanswered, hasFailures};
}

function byComponent(failed: readonly AzureEvent[]): AzureMachineHistory['failures'] {
  const of = (component: Component): EpochMs[] =>
    failed.filter(({what}) => what === component).map(({at}) => at);
  return {comp1: of('comp1'), comp2: of('comp2'), comp3: of('comp3'), comp4: of('comp4')};
}

/**
 * From replacement to replacement; one that answers a failure of the same hour ends its life by failure. What runs on after
 * a failure that none answers is as old as it was.
 */
function livesOf(
  machineId: number,
  component: Component,
  replaced: readonly AzureEvent[],
  failed: readonly AzureEvent[],
  beganAt: EpochMs,
): TrainingLife[] {
  const failedAt = new Set(failed.filter(({what}) => what === component).map(({at}) => at));
  const at = replaced.filter(({what}) => what === component).map((event) => event.at);
  // Never replaced before telemetry: it is as old as the record, for want of better knowledge.
  const starts = at.length > 0 && at[0]! <= beganAt ? at : [beganAt, ...at];
  const isStart = new Set(starts);
  const unanswered = [...failedAt].filter((instant) => !isStart.has(instant)).sort((a, b) => a - b);
  return starts.map((installedAt, nth): TrainingLife => {
    const endedAt = starts[nth + 1] ?? null;
    const ranOn = unanswered.filter((instant) => instant > installedAt && instant < (endedAt ?? Infinity));
    return {
      positionId: component,
      componentClassId: component,
      componentId: `${equipmentIdOf(machineId)}.${component}.${nth}`,
      installedAt,
      endedAt,
      end: endedAt === null ? 'running' : failedAt.has(endedAt) ? 'failure' : 'planned',
      ...(ranOn.length === 0 ? {} : {failedAt: ranOn}),
    };
  });
}

type Telemetry = Pick<TrainingMachine, 'hours' | 'signals'>;

async function readTelemetry(
  file: string,
  machineOf: (row: AzureRow) => number,
): Promise<ReadonlyMap<number, Telemetry>> {
  const stamps = new Map<number, Map<EpochMs, readonly number[]>>();
  for await (const row of azureRows(file, ['datetime', 'machineID', ...SIGNALS.map(({column}) => column)])) {
    const at = row.instant('datetime');
    if (at % (GRID_H * HOUR_MS) !== 0) throw row.refused('datetime', 'stamp of the 3-hour grid');
    const machineId = machineOf(row);
    const known = stamps.get(machineId) ?? new Map<EpochMs, readonly number[]>();
    stamps.set(machineId, known);
    if (known.has(at)) throw row.refused('datetime', 'new stamp of this machine');
    known.set(
      at,
      SIGNALS.map(({column}) => row.number(column)),
    );
  }
  if (stamps.size === 0) throw fileUnreadable(`${file} has no rows; fetch the file again`);
  return new Map([...stamps].sort(([a], [b]) => a - b).map(([machineId, of]) => [machineId, seriesOf(of)]));
}

/** Every stamp from the first to the last; a missing one is an interval in which nothing was heard. */
function seriesOf(stamps: ReadonlyMap<EpochMs, readonly number[]>): Telemetry {
  const at = [...stamps.keys()];
  const first = at.reduce((a, b) => (b < a ? b : a));
  const last = at.reduce((a, b) => (b > a ? b : a));
  const stepMs = GRID_H * HOUR_MS;
  const hours = Float64Array.from({length: (last - first) / stepMs + 1}, (_, i) => first + i * stepMs);
  const signals = Object.fromEntries(
    SIGNALS.map(({name}, s) => {
      const mean = Float32Array.from(hours, (hour) => stamps.get(epochMs(hour))?.[s] ?? 0);
      const n = Float32Array.from(hours, (hour) => (stamps.has(epochMs(hour)) ? 1 : 0));
      // One reading an interval, as the equipment would send it: no spread within.
      return [name, {mean, sd: new Float32Array(hours.length), min: mean, max: mean, n}];
    }),
  );
  return {hours, signals};
}
