import {parseArgs} from 'node:util';
import {simulate} from './simulate.ts';
import type {Outcome} from './simulate.ts';

const HELP = `npm run simulate -- [--seeds 500] [--from 1]   tells that many stories, and names the seeds that end badly
npm run simulate -- --seed N [--trace]         tells one, with all that happens in it`;

const {values} = parseArgs({
  options: {
    seeds: {type: 'string', default: '500'},
    from: {type: 'string', default: '1'},
    seed: {type: 'string'},
    trace: {type: 'boolean', default: false},
    help: {type: 'boolean', default: false},
  },
});

if (values.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const from = wholeNumber('seed', values.seed ?? values.from);
  const count = values.seed === undefined ? wholeNumber('seeds', values.seeds) : 1;
  const print = values.trace ? (line: string): void => console.log(line) : undefined;
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

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} is ${text} and must be a whole number, such as 500`);
  process.exit(2);
}
