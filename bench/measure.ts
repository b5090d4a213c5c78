import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {loadavg} from 'node:os';
import {fileURLToPath} from 'node:url';
import type {LoadPlan, LoadResult} from './load.ts';
import {median} from './quantiles.ts';

/** How a scenario is to be measured. */
export interface Effort {
  readonly runs: number;
  /** Of each run, warm-up apart. */
  readonly seconds: number;
}

/** One figure of one scenario, with what it should be. */
export interface Figure {
  readonly scenario: string;
  readonly figure: string;
  readonly unit: string;
  /** The median of the runs. */
  readonly value: number;
  readonly runs: readonly number[];
  readonly goal?: {readonly atLeast: number} | {readonly below: number};
  /** One-minute load of the machine when the first run began. */
  readonly loadBefore: number;
}

/** Starts the load generator as a process of its own and waits for its report. */
export async function load(plan: LoadPlan): Promise<LoadResult> {
  const file = fileURLToPath(new URL('./load.js', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the load generator ended with code ${code}`);
  return JSON.parse(output) as LoadResult;
}

/** Runs `once` several times; the median of each figure stands. */
export async function repeat(
  scenario: string,
  runs: number,
  run: (nth: number) => Promise<Readonly<Record<string, number>>>,
  describe: Readonly<Record<string, {unit: string; goal?: Figure['goal']}>>,
): Promise<Figure[]> {
  const loadBefore = loadavg()[0]!;
  const results: Readonly<Record<string, number>>[] = [];
  for (let nth = 1; nth <= runs; nth += 1) {
    results.push(await run(nth));
    process.stderr.write(`${scenario} ${nth}/${runs}: ${JSON.stringify(results.at(-1))}\n`);
  }
  return Object.entries(describe).map(([figure, {unit, goal}]) => {
    const values = results.map((result) => result[figure]!);
    return {
      scenario,
      figure,
      unit,
      value: median(values),
      runs: values,
      ...(goal === undefined ? {} : {goal}),
      loadBefore,
    };
  });
}

export function goalMet({value, goal}: Pick<Figure, 'value' | 'goal'>): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atLeast' in goal ? value >= goal.atLeast : value < goal.below;
}
