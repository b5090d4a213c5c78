import {Command} from 'commander';
import {wholeNumber} from '../cli/option-values.ts';
import {simulate} from './simulate.ts';
import type {Outcome} from './simulate.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly trace?: boolean;
}

await new Command('simulate')
  .description('tells stories of trouble from seeds, and names the seeds that end badly')
  .option('--seeds <n>', 'how many stories', wholeNumber, 500)
  .option('--from <n>', 'the first seed', wholeNumber, 1)
  .option('--seed <n>', 'tells this one alone', wholeNumber)
  .option('--trace', 'with all that happens in it')
  .addHelpText('after', '\nExit code: 0 all end well, 1 one does not, 2 wrong option.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(run)
  .parseAsync();

async function run({seeds, seed: only, trace, from: first}: Options): Promise<void> {
  const from = only ?? first;
  const count = only === undefined ? seeds : 1;
  const print = trace === true ? (line: string): void => console.log(line) : undefined;
  const outcomes: Outcome[] = [];
  const startedAt = performance.now();
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await simulate(seed, print);
    outcomes.push(outcome);
    if (outcome.broken === undefined) continue;
    process.exitCode = 1;
    console.log(`seed ${seed}: ${outcome.broken}\n  replay: npm run simulate -- --seed ${seed} --trace`);
  }
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, each) => total + of(each), 0);
  const broken = outcomes.filter((outcome) => outcome.broken !== undefined).length;
  console.log(
    `${count} seeds, ${broken} broken: ${sum((each) => each.messages)} messages through ${sum((each) => each.faults)} faults ` +
      `in ${sum((each) => each.steps)} steps; ${Math.round(sum((each) => each.storyMs) / 60_000)} min of their time, ` +
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s of ours`,
  );
}
