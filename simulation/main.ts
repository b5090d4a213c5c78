import {Command} from 'commander';
import {wholeNumber} from '../cli/option-values.ts';
import {simulateMany} from './many.ts';
import {simulate} from './simulate.ts';
import type {Outcome} from './simulate.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly trace?: boolean;
  readonly processes?: number;
}

/** Between two lines about how far it has come. */
const PROGRESS_MS = 5000;

await new Command('simulate')
  .description('tells stories of trouble from seeds, and names the seeds that end badly')
  .option('--seeds <n>', 'how many stories', wholeNumber, 500)
  .option('--from <n>', 'the first seed', wholeNumber, 1)
  .option('--processes <n>', 'how many at a time (default: one for each core)', wholeNumber)
  .option('--seed <n>', 'tells this one alone', wholeNumber)
  .option('--trace', 'with all that happens in it; needs --seed')
  .addHelpText('after', '\nExit code: 0 all end well, 1 one does not, 2 wrong option.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(run)
  .parseAsync();

async function run({seeds: count, seed, trace, from, processes}: Options): Promise<void> {
  const startedAt = performance.now();
  if (seed !== undefined) {
    const outcome = await simulate(seed, trace === true ? (line) => console.log(line) : undefined);
    report(outcome);
    summarize([outcome], startedAt);
    return;
  }
  if (trace === true) {
    console.error('--trace tells one story: name it with --seed <n>');
    process.exitCode = 2;
    return;
  }
  let toldAt = startedAt;
  const outcomes = await simulateMany({
    from,
    count,
    ...(processes === undefined ? {} : {processes}),
    told: (outcome, done) => {
      report(outcome);
      const now = performance.now();
      if (now - toldAt < PROGRESS_MS || done === count) return;
      toldAt = now;
      const left = Math.round((((now - startedAt) / done) * (count - done)) / 1000);
      console.error(`${done} of ${count} seeds, ${left} s to go`);
    },
  });
  summarize(outcomes, startedAt);
}

function report({seed, broken}: Outcome): void {
  if (broken === undefined) return;
  process.exitCode = 1;
  console.log(`seed ${seed}: ${broken}\n  replay: npm run simulate -- --seed ${seed} --trace`);
}

function summarize(outcomes: readonly Outcome[], startedAt: number): void {
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, each) => total + of(each), 0);
  const broken = outcomes.filter((outcome) => outcome.broken !== undefined).length;
  console.log(
    `${outcomes.length} seeds, ${broken} broken: ${sum((each) => each.messages)} messages and ${sum((each) => each.effects)} effects through ${sum((each) => each.faults)} faults ` +
      `in ${sum((each) => each.steps)} steps; ${Math.round(sum((each) => each.storyMs) / 60_000)} min of their time, ` +
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s of ours`,
  );
}
