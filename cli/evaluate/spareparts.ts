import {Command, Option} from 'commander';
import {stringify} from 'csv-stringify/sync';
import {demandQuantiles} from '../../replenish/core/forecast/forecast-demand.ts';
import type {DemandPopulation} from '../../replenish/core/forecast/demand-population.ts';
import {learnPopulation} from '../../replenish/core/forecast/learn-population.ts';
import {answer, progress, table} from '../output.ts';
import {HORIZONS, LEVELS, heldOutPeriods, scoreDemand, type DemandScore} from './demand-score.ts';
import {DEMAND_SETS, readDemandSet, type ItemHistory} from './demand-set.ts';
import {writeResult} from './result-file.ts';

interface Options {
  readonly set: keyof typeof DEMAND_SETS;
  readonly dir: string;
  readonly out: string;
  readonly json?: boolean;
}

export const sparepartsCommand = new Command('spareparts')
  .description(
    'forecast the demand of a set of spare parts as quantiles, and score the method on its last periods',
  )
  .addOption(new Option('--set <name>', 'which set').choices(Object.keys(DEMAND_SETS)).makeOptionMandatory())
  .requiredOption('--dir <folder>', 'folder with the files of the sets')
  .requiredOption(
    '--out <file>',
    'CSV that receives, for each item and 1, 3 and 6 periods, the quantiles of the total',
  )
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nThe score learns without the periods it is measured on. Exit code: 0 done, 1 --out cannot be written, 2 wrong option or file.\n' +
      'Example: forestock evaluate spareparts --set raf --dir data/spareparts --out raf-quantiles.csv',
  )
  .action((options: Options) => {
    const {items, periods} = readDemandSet(options.dir, options.set);
    const whole = items.map(({demand}) => demand).filter((demand) => demand.length === periods);
    const known = whole.map((demand) => demand.slice(0, periods - heldOutPeriods(periods)));
    const score = scoreDemand(whole, learn(known, 'without the last periods'));
    const population = learn(whole, 'from all periods');
    writeForecasts(options.out, items, population);
    answer(
      options.json,
      {set: options.set, items: items.length, out: options.out, ...score, population},
      () => text(items.length, options.out, score),
    );
  });

/** Shares of the work between two words about it. */
const TOLD_EVERY = 0.25;

function learn(histories: readonly (readonly number[])[], what: string): DemandPopulation {
  let toldAt = 0;
  return learnPopulation(histories, HORIZONS, (share) => {
    if (share < toldAt) return;
    toldAt += TOLD_EVERY;
    progress(`learning ${what}: ${Math.round(share * 100)} %`);
  });
}

function writeForecasts(file: string, items: readonly ItemHistory[], population: DemandPopulation): void {
  const header = ['item', 'periods', ...LEVELS.map((level) => `q${level}`)];
  const rows = items.flatMap(({item, demand}) => {
    const history = demand.length >= 2 ? demand : [0, 0]; // as good as never asked for
    const quantiles = demandQuantiles(history, HORIZONS, LEVELS, population);
    return HORIZONS.map((periods, i) => [
      item,
      periods,
      ...quantiles[i]!.map((pieces) => +pieces.toFixed(3)),
    ]);
  });
  writeResult(file, stringify([header, ...rows]));
}

function text(items: number, out: string, {heldOutPeriods: heldOut, forecasts, scores}: DemandScore): string {
  const head = [
    'periods',
    'method',
    ...LEVELS.map((level) => `loss ${level}`),
    ...LEVELS.map((level) => `covered ${level}`),
  ];
  const rows = HORIZONS.flatMap((horizon) =>
    scores
      .filter(({periods}) => periods === horizon)
      .map(({periods, method, loss, coverage}) => [
        periods,
        method,
        ...loss.map((each) => each.toFixed(3)),
        ...coverage.map((each) => each.toFixed(3)),
      ]),
  );
  return [
    `${items} items, ${items * HORIZONS.length} rows in ${out}`,
    '',
    `${forecasts} forecasts within the last ${heldOut} periods; pinball loss in means of the item, lower is better:`,
    table(head, rows),
  ].join('\n');
}
