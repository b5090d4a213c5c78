import {writeFile} from 'node:fs/promises';
import {cpus, totalmem} from 'node:os';
import {Command} from 'commander';
import Table from 'cli-table3';
import {busWays} from './bus-ways.ts';
import {consoleSpeed} from './console.ts';
import {decisionMaths} from './decision-maths.ts';
import {drain} from './drain.ts';
import {hotPath} from './hot-path.ts';
import {latency} from './latency.ts';
import {goalMet} from './measure.ts';
import type {Figure} from './measure.ts';
import {memory} from './memory.ts';
import {modelSpeed} from './model-speed.ts';
import {peers} from './peers.ts';
import {replay} from './replay.ts';
import {rowWays} from './row-ways.ts';
import {scaling} from './scaling.ts';
import {soak} from './soak.ts';
import {connected, embedded} from './throughput.ts';

const SCENARIOS = {
  embedded,
  connected,
  latency,
  memory,
  'hot-path': hotPath,
  rows: rowWays,
  bus: busWays,
  mathematics: decisionMaths,
  models: modelSpeed,
  console: consoleSpeed,
  peers,
  drain,
  scaling,
  replay,
  soak,
};
/** An hour, and so only when it is named. */
const LONG: readonly string[] = ['soak'];

interface Options {
  readonly only?: string;
  readonly runs: string;
  readonly seconds: string;
  readonly json?: string;
}

await new Command('bench')
  .description('measures the service on this machine; medians, with every run beside them')
  .option('--only <names>', `some of: ${Object.keys(SCENARIOS).join(', ')}, separated by commas`)
  .option('--runs <n>', 'runs of each scenario', '3')
  .option('--seconds <n>', 'seconds of each run, after a warm-up', '10')
  .option('--json <file>', 'writes the figures there as well')
  .action(run)
  .parseAsync();

async function run({only, runs, seconds, json}: Options): Promise<void> {
  const chosen =
    only === undefined ? Object.keys(SCENARIOS).filter((name) => !LONG.includes(name)) : only.split(',');
  const figures: Figure[] = [];
  for (const name of chosen) {
    const scenario = SCENARIOS[name as keyof typeof SCENARIOS] as (typeof SCENARIOS)['embedded'] | undefined;
    if (scenario === undefined)
      throw new Error(`no scenario ${name}; there are ${Object.keys(SCENARIOS).join(', ')}`);
    figures.push(...(await scenario({runs: Number(runs), seconds: Number(seconds)})));
  }
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  console.log(table(figures));
  if (json !== undefined) {
    await writeFile(
      json,
      `${JSON.stringify({measuredAt: new Date().toISOString(), machine, figures}, null, 2)}\n`,
    );
  }
}

function table(figures: readonly Figure[]): string {
  const rows = new Table({
    head: ['scenario', 'figure', 'median', 'runs', 'unit', 'goal', 'load before'],
    style: {head: []},
  });
  for (const each of figures) {
    const {goal} = each;
    const wanted = goal === undefined ? '' : 'atLeast' in goal ? `≥ ${goal.atLeast}` : `< ${goal.below}`;
    rows.push([
      each.scenario,
      each.figure,
      String(each.value),
      each.runs.join(' '),
      each.unit,
      `${wanted}${goalMet(each) === false ? ' missed' : ''}`,
      each.loadBefore.toFixed(1),
    ]);
  }
  return rows.toString();
}
