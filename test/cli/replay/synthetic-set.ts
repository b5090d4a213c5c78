import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../../domain/time.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

/** Three machines of one depot, 20 days from here: made up by the code below, in the file format of the azure-pdm set. */
const FROM = Date.parse('2015-01-01T06:00:00Z');
const DAYS = 20;
const MACHINES = [5, 10, 15];
const STEP_H = 3;
const SEED = 20_150_101;

/** Rows that the set holds, by kind. */
export interface SyntheticSet {
  readonly telemetry: number;
  readonly error: number;
  readonly maintenance: number;
  readonly failure: number;
}

/** What breaks: machine, component, day. Two pieces lie at the depot, and the third of one component breaks before more can come. */
const FAILURES = [
  [5, 'comp2', 4],
  [10, 'comp2', 5],
  [15, 'comp2', 6],
  [5, 'comp4', 12],
] as const;
const PLANNED = [
  [10, 'comp1', 3],
  [15, 'comp3', 14],
] as const;

/** Writes a synthetic set into a folder. `broken` replaces the text of a file by another. */
export function writeSyntheticSet(
  folder: string,
  broken: Readonly<Record<string, (text: string) => string>> = {},
): SyntheticSet {
  const random = seededGenerator(SEED);
  const telemetry: string[] = [];
  const errors: string[] = [];
  for (const machine of MACHINES) {
    for (let at = FROM; at < FROM + DAYS * DAY_MS; at += STEP_H * HOUR_MS) {
      const dying = FAILURES.some(
        ([of, , day]) => of === machine && at <= dayAt(day) && at > dayAt(day) - 2 * DAY_MS,
      );
      const means = [170, 450, 100, 40].map((mean) => mean * (1 + (random() - 0.5) / 10));
      means[1]! *= dying ? 0.85 : 1;
      const deviations = [15, 50, 10, 5].map((sd) => sd * (0.5 + random()));
      const values = [...means, ...deviations].map((value) => value.toFixed(4));
      telemetry.push([stamp(at), machine, ...values].join());
      if (random() < (dying ? 0.3 : 0.02)) {
        errors.push([stamp(at), machine, `error${1 + Math.floor(random() * 5)}`].join());
      }
    }
  }
  const failures = FAILURES.map(([machine, component, day]) =>
    [stamp(dayAt(day)), machine, component].join(),
  );
  // As in the set: what fails is replaced at the same hour, and some replacements were planned.
  const planned = PLANNED.map(([machine, component, day]) => [stamp(dayAt(day)), machine, component].join());
  const maintenance = [...failures, ...planned];
  const files: Record<string, readonly string[]> = {
    PdM_machines: [
      'machineID,model,age',
      ...MACHINES.map((id, index) => `${id},model${1 + (index % 2)},${7 + index}`),
    ],
    telemetry_3h: [telemetryHeader(), ...telemetry],
    PdM_errors: ['datetime,machineID,errorID', ...errors],
    PdM_maint: ['datetime,machineID,comp', ...maintenance],
    PdM_failures: ['datetime,machineID,failure', ...failures],
  };
  mkdirSync(folder, {recursive: true});
  for (const [name, lines] of Object.entries(files)) {
    const text = `${lines.join('\n')}\n`;
    writeFileSync(path.join(folder, `${name}.csv.gz`), gzipSync(broken[name]?.(text) ?? text));
  }
  return {
    telemetry: telemetry.length,
    error: errors.length,
    maintenance: maintenance.length,
    failure: failures.length,
  };
}

function telemetryHeader(): string {
  const signals = ['volt', 'rotate', 'pressure', 'vibration'];
  const columns = ['mean', 'std'].flatMap((what) => signals.map((signal) => `${signal}_rolling${what}_3`));
  return ['datetime', 'machineID', ...columns].join();
}

const dayAt = (day: number): number => FROM + day * DAY_MS;
const stamp = (at: number): string => toIso(epochMs(at)).slice(0, 19).replace('T', ' ');
