import {refused, ok, type Result} from '../../domain/result.ts';
import {DAY_MS, toMinute, type EpochMs} from '../../domain/time.ts';

/** What an installation has recorded of one equipment class, counted before anything is read. */
export interface ClassRecord {
  readonly equipmentClassId: string;
  /** From one interval's end to the next. */
  readonly gridMinutes: number;
  /** Planned days from one visit of a machine to the next; null: none are stated. */
  readonly visitEveryDays: number | null;
  /** Machines that were heard since. */
  readonly machines: number;
  /** Of components of these machines. */
  readonly failures: number;
  /** First and last interval that was heard; null: none was. */
  readonly heardFrom: EpochMs | null;
  readonly heardTo: EpochMs | null;
  /** Signals of the master data, and those of them that were heard. */
  readonly signals: readonly string[];
  readonly heard: readonly string[];
  /** Events that came to us only after a failure of their machine which they precede, or that are dated after they came. */
  readonly leaks: number;
  readonly firstLeak: {
    readonly equipmentId: string;
    readonly at: EpochMs;
    readonly receivedAt: EpochMs;
  } | null;
}

/** Training holds out each fifth of the machines in turn. */
const MACHINES_MIN = 20;
/** Each fifth has to see some, before and after the cut in time. */
const FAILURES_MIN = 40;
/** Teaching ends at 60 % of the record, and a judged forecast is 28 days older than the end. */
const DAYS_MIN = 120;

/**
 * Refused with everything that is wrong, and how much is needed.
 *
 * @param fitting Machines with such a record that training can hold at a time.
 */
export function checkRecord(
  record: ClassRecord,
  since: EpochMs,
  fitting: number,
): Result<ClassRecord, 'history-insufficient'> {
  const {equipmentClassId, machines, failures, heardFrom, heardTo, signals, heard, leaks, firstLeak} = record;
  const days = heardFrom === null || heardTo === null ? 0 : Math.floor((heardTo - heardFrom) / DAY_MS);
  const missing = signals.filter((signal) => !heard.includes(signal));
  const problems = [
    ...(fitting < MACHINES_MIN
      ? [
          `at ${record.gridMinutes} minutes an interval only ${fitting} machines fit into memory, ${MACHINES_MIN} are needed; set a longer grid_minutes, or train on less (--since)`,
        ]
      : []),
    ...(machines < MACHINES_MIN ? [`${machines} machines were heard, ${MACHINES_MIN} are needed`] : []),
    ...(failures < FAILURES_MIN ? [`${failures} failures are recorded, ${FAILURES_MIN} are needed`] : []),
    ...(days < DAYS_MIN ? [`the record has ${days} days, ${DAYS_MIN} are needed`] : []),
    ...(signals.length === 0 ? ['it has no signals; add them to class_signal.csv'] : []),
    ...(missing.length > 0
      ? [`no machine has sent ${missing.join(', ')}; correct class_signal.csv, or the machines`]
      : []),
    ...(firstLeak === null
      ? []
      : [
          `${leaks} events were not there when a forecast would have been made: the first is ${firstLeak.equipmentId}'s of ` +
            `${toMinute(firstLeak.at)}, which came at ${toMinute(firstLeak.receivedAt)}; train on what came in time (--since), or have them sent then`,
        ]),
  ];
  if (problems.length === 0) return ok(record);
  return refused(
    'history-insufficient',
    `${equipmentClassId} cannot be taught from what was recorded since ${toMinute(since)}: ${problems.join('; ')}`,
  );
}
