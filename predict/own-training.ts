import {ok, refused, type Result} from '../domain/result.ts';
import {toMinute, type EpochMs} from '../domain/time.ts';
import type {Pool} from '../platform/pg.ts';
import {machinesHeld, readClassRecord, readSignals, readTrainingMachines} from './adapters/training-rows.ts';
import type {TrainingMachine} from './training/dataset.ts';
import {checkRecord, type ClassRecord} from './training/own-history.ts';
import {signalLabel} from './training/signal-label.ts';
import type {TrainingTarget} from './training/training-target.ts';

/** What an installation's own machines have to teach. */
export interface OwnHistory {
  /** One a class, in the order asked for. */
  readonly targets: readonly TrainingTarget[];
  /** Read one after another. */
  readonly machines: AsyncIterable<TrainingMachine>;
  readonly machineCount: number;
  /** For the card. */
  readonly source: string;
}

/** Looks what was recorded of some equipment classes since an instant; refused with everything that is wrong with any of them. */
export async function ownHistory(
  pool: Pool,
  {classIds, since}: {readonly classIds: readonly string[]; readonly since: EpochMs},
): Promise<Result<OwnHistory>> {
  const records: ClassRecord[] = [];
  const problems: string[] = [];
  for (const classId of classIds) {
    const record = await readClassRecord(pool, classId, since);
    if (record === null)
      return refused('unknown-class', `no equipment class ${classId}; name one of equipment_class.csv`);
    const checked = checkRecord(record, since, machinesHeld(record, classIds.length));
    records.push(record);
    if (!checked.ok) problems.push(checked.detail);
  }
  const grids = new Set(records.map(({gridMinutes}) => gridMinutes));
  if (grids.size > 1) {
    const each = records.map(({equipmentClassId, gridMinutes}) => `${equipmentClassId} has ${gridMinutes}`);
    problems.push(
      `a pooled model is taught on one grid: ${each.join(', ')} minutes; set the same grid_minutes`,
    );
  }
  if (problems.length > 0) return refused('history-insufficient', problems.join('\n'));
  const targets = await Promise.all(
    records.map(async ({equipmentClassId, gridMinutes, visitEveryDays}): Promise<TrainingTarget> => ({
      equipmentClassId,
      gridH: gridMinutes / 60,
      ...(visitEveryDays === null ? {} : {visitEveryH: 24 * visitEveryDays}),
      signals: (await readSignals(pool, equipmentClassId)).map((signal) => ({
        ...signal,
        label: signalLabel(signal.name, signal.unit),
      })),
    })),
  );
  const held = new Map(
    records.map((record) => [record, Math.min(record.machines, machinesHeld(record, records.length))]),
  );
  const machineCount = [...held.values()].reduce((sum, count) => sum + count, 0);
  const heard = records.reduce((sum, {machines}) => sum + machines, 0);
  return ok({
    targets,
    machines: (async function* () {
      for (const [record, count] of held) yield* readTrainingMachines(pool, record, since, count);
    })(),
    machineCount,
    source:
      `what this installation recorded since ${toMinute(since)} ` +
      `(${machineCount} of ${heard} machines, ${records.reduce((sum, {failures}) => sum + failures, 0)} failures)`,
  });
}
