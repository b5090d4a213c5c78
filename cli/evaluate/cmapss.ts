import {availableParallelism} from 'node:os';
import {Command, Option} from 'commander';
import {stringify} from 'csv-stringify/sync';
import {openBackend} from '../../predict/adapters/backend.ts';
import {findConditions} from '../../predict/core/remaining-life/operating-conditions.ts';
import type {RunHistory} from '../../predict/core/remaining-life/run-history.ts';
import {seededGenerator} from '../../predict/training/seeded.ts';
import {
  trainRemainingLife,
  type RemainingLifeModel,
} from '../../predict/training/remaining-life/train-remaining-life.ts';
import {fileUnreadable} from '../input-file.ts';
import {seedCount, wholeNumber} from '../option-values.ts';
import {answer, progress, table} from '../output.ts';
import {
  answerAll,
  cutAtRandom,
  heldBackRmse,
  scoreLives,
  withoutBeginning,
  type Answered,
  type Asked,
  type LifeScore,
} from './cmapss/measure.ts';
import {readRuns, readTruth} from './cmapss/run-file.ts';
import {writeResult} from './result-file.ts';

/** Operating conditions of each subset, as its publishers say: a file of another one is told from it by them. */
const SUBSETS = {FD001: 1, FD002: 6, FD003: 1, FD004: 6} as const;

/** In cycles: the field's usual cap; longer before its end no unit shows wear. */
const CAP = 125;

/** Cuts of each engine that is held back: one alone would leave the score to chance. */
const CUTS = 5;

interface Options {
  readonly subset: keyof typeof SUBSETS;
  readonly train: string;
  readonly test?: string;
  readonly truth?: string;
  readonly scoresOut?: string;
  readonly folds?: number;
  readonly seed: number;
  readonly threads: number;
  readonly json?: boolean;
}

export const cmapssCommand = new Command('cmapss')
  .description('learn from engines that ran to failure how many cycles others have left, with 90 % intervals')
  .addOption(
    new Option('--subset <name>', 'which subset').choices(Object.keys(SUBSETS)).makeOptionMandatory(),
  )
  .requiredOption(
    '--train <file>',
    'engines up to their failure, as published or with a header, plain or .gz',
  )
  .option('--test <file>', 'engines up to some cycle; the last one of each is asked about')
  .option('--truth <file>', 'cycles left to the engines of --test, for the score only')
  .option('--scores-out <file>', 'CSV that receives unit, predictedRul, lower90 and upper90')
  .addOption(
    new Option(
      '--folds <number>',
      'instead of --test: hold each of so many parts of the engines back in turn, and ask about them at random cycles',
    )
      .argParser(seedCount)
      .conflicts(['test', 'truth', 'scoresOut']),
  )
  .option('--seed <number>', 'of networks, trees and random cuts', wholeNumber, 1)
  .option('--threads <number>', 'that train', wholeNumber, Math.min(2, availableParallelism()))
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    `\nRemaining lives are capped at ${CAP} cycles, in what teaches and in what is scored.\n` +
      'Exit code: 0 done, 1 --scores-out cannot be written, 2 wrong option or file.\n' +
      'Example: forestock evaluate cmapss --subset FD001 --train train_FD001.txt --test test_FD001.txt --truth RUL_FD001.txt --scores-out fd001.csv',
  )
  .action(async (options: Options) => {
    const runs = readRuns(options.train);
    const joinedLate = runs.find(({sinceNew}) => !sinceNew);
    if (joinedLate)
      throw fileUnreadable(`${options.train}: unit ${joinedLate.unit} does not begin at cycle 1; name whole lives`); // prettier-ignore
    const conditions = findConditions(runs.flatMap(({settings}) => settings)).centres.length;
    if (conditions !== SUBSETS[options.subset])
      throw fileUnreadable(
        `${options.train}: ${conditions} operating conditions, but ${options.subset} has ${SUBSETS[options.subset]}; name the subset that the file is of`,
      );
    if (options.folds !== undefined) await crossValidate(runs, options.folds, options);
    else if (options.test !== undefined && options.scoresOut !== undefined)
      await scoreFile(runs, options.test, options.scoresOut, options);
    else cmapssCommand.error('error: --test and --scores-out are both needed, or --folds');
  });

async function scoreFile(
  runs: readonly RunHistory[],
  test: string,
  out: string,
  options: Options,
): Promise<void> {
  const units = readRuns(test);
  const truth = options.truth === undefined ? undefined : readTruth(options.truth, units.map(({unit}) => unit)); // prettier-ignore
  const asked = units.map((history, i): Asked => ({history, left: truth?.[i]}));
  const model = await train(runs, options, '');
  const {whole, joined} = await bothAnswers(model, asked, options.seed);
  const header = ['unit', 'predictedRul', 'lower90', 'upper90'];
  const cells = whole.map(({forecast: {unit, predicted, lower, upper}}) => [
    unit,
    ...[predicted, lower, upper].map((life) => life.toFixed(3)),
  ]);
  writeResult(out, stringify([header, ...cells]));
  const heldBack = heldBackRmse(model.errors.sinceNew, CAP);
  tell(
    `${units.length} engines in ${out}; RMSE of engines held back in training, by two of ${model.members.length} members: ${heldBack.toFixed(2)}`,
    {whole, joined, heldBack},
    options,
  );
}

async function crossValidate(runs: readonly RunHistory[], folds: number, options: Options): Promise<void> {
  if (folds > runs.length)
    throw fileUnreadable(
      `${options.train}: ${runs.length} engines do not make ${folds} parts; ask for fewer`,
    );
  const random = seededGenerator(options.seed);
  const whole: Answered[] = [];
  const joined: Answered[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const held = (_: RunHistory, i: number): boolean => i % folds === fold;
    const model = await train(runs.filter((run, i) => !held(run, i)), options, `part ${fold + 1} of ${folds}, `); // prettier-ignore
    const asked = runs.filter(held).flatMap((run) => Array.from({length: CUTS}, () => cutAtRandom(run, random))); // prettier-ignore
    const answered = await bothAnswers(model, asked, options.seed);
    whole.push(...answered.whole);
    joined.push(...answered.joined);
  }
  tell(`${runs.length} engines, each held back once and asked about at ${CUTS} random cycles`, {whole, joined}, options); // prettier-ignore
}

function train(runs: readonly RunHistory[], options: Options, what: string): Promise<RemainingLifeModel> {
  const startedAt = performance.now();
  return trainRemainingLife({
    histories: runs,
    cap: CAP,
    seed: options.seed,
    backend: 'wasm',
    threads: options.threads,
    onProgress: (done, of) => {
      const leftS = Math.round(((performance.now() - startedAt) / 1000) * (of / done - 1));
      progress(`${what}${done} of ${of} members trained, about ${leftS} s left`);
    },
  });
}

interface BothAnswers {
  readonly whole: Answered[];
  readonly joined: Answered[];
}

async function bothAnswers(
  model: RemainingLifeModel,
  asked: readonly Asked[],
  seed: number,
): Promise<BothAnswers> {
  const backend = await openBackend({choice: 'wasm'});
  return {
    whole: await answerAll(backend, model, asked),
    joined: await answerAll(backend, model, withoutBeginning(asked, seededGenerator(seed))),
  };
}

function tell(
  headline: string,
  {whole, joined, heldBack}: BothAnswers & {readonly heldBack?: number},
  {subset, json}: Options,
): void {
  const [score, joinedScore] = [scoreLives(whole, CAP), scoreLives(joined, CAP)];
  answer(json, {subset, engines: whole.length, heldBackRmse: heldBack, score, joinedScore}, () =>
    [headline, ...(score && joinedScore ? ['', scoreTable(score, joinedScore)] : [])].join('\n'),
  );
}

function scoreTable(whole: LifeScore, joined: LifeScore): string {
  const shown = (name: string, {forecasts, rmse, phmScore, coverage, meanWidth}: LifeScore) => [
    name,
    forecasts,
    rmse.toFixed(2),
    phmScore.toFixed(0),
    coverage.toFixed(3),
    meanWidth.toFixed(1),
  ];
  return table(
    ['history', 'forecasts', 'RMSE', 'score', 'covered at 90 %', 'mean width'],
    [shown('as it is', whole), shown('its beginning cut off', joined)],
  );
}
