import {availableParallelism} from 'node:os';
import {Command, Option} from 'commander';
import {stringify} from 'csv-stringify/sync';
import {openBackend} from '../../predict/adapters/backend.ts';
import {findConditions} from '../../predict/core/remaining-life/operating-conditions.ts';
import type {RunHistory} from '../../predict/core/remaining-life/run-history.ts';
import {openFitStore, type FitStore} from '../../predict/training/fit-store.ts';
import {seededGenerator} from '../../predict/training/seeded.ts';
import {
  trainRemainingLife,
  type RemainingLifeModel,
} from '../../predict/training/remaining-life/train-remaining-life.ts';
import {fileUnreadable} from '../input-file.ts';
import {fitsOption, seedCount, wholeNumber} from '../option-values.ts';
import {answer, progress, table} from '../output.ts';
import {
  answerAll,
  cutByLaw,
  heldBackRmse,
  scoreDraws,
  scoreLives,
  withoutBeginning,
  type Answered,
  type Asked,
  type DrawnScore,
  type LifeScore,
} from './cmapss/measure.ts';
import {learnCutLaw} from './cmapss/published-cuts.ts';
import {readRuns, readTruth} from './cmapss/run-file.ts';
import {SUBSETS, type Subset} from './cmapss/subsets.ts';
import {writeResult} from './result-file.ts';

/** In cycles: the field's usual cap; longer before its end no unit shows wear. */
const CAP = 125;

/** Sets of cuts of the engines that are held back, each like a published test set: one alone would leave the score to chance. */
const DRAWS = 20;

interface Options {
  readonly subset: Subset;
  readonly train: string;
  readonly test?: string;
  readonly truth?: string;
  readonly scoresOut?: string;
  readonly folds?: number;
  readonly seed: number;
  readonly threads: number;
  readonly fits: string;
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
      'instead of --test: hold each of so many parts of the engines back in turn, and ask about them cut as the published test set is',
    )
      .argParser(seedCount)
      .conflicts(['test', 'truth', 'scoresOut']),
  )
  .option('--seed <number>', 'of networks, trees and random cuts', wholeNumber, 1)
  .option('--threads <number>', 'that train', wholeNumber, Math.min(2, availableParallelism()))
  .addOption(fitsOption())
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
    const published = SUBSETS[options.subset];
    if (conditions !== published.conditions)
      throw fileUnreadable(
        `${options.train}: ${conditions} operating conditions, but ${options.subset} has ${published.conditions}; name the subset that the file is of`,
      );
    const kept = await openFitStore(options.fits, Date.now());
    if (options.folds !== undefined) await crossValidate(runs, options.folds, {...options, kept});
    else if (options.test !== undefined && options.scoresOut !== undefined)
      await scoreFile(runs, options.test, options.scoresOut, {...options, kept});
    else cmapssCommand.error('error: --test and --scores-out are both needed, or --folds');
  });

interface Resumable extends Options {
  readonly kept: FitStore;
}

async function scoreFile(
  runs: readonly RunHistory[],
  test: string,
  out: string,
  options: Resumable,
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
  await options.kept.clear();
  const heldBack = heldBackRmse(model.errors.sinceNew, CAP);
  tell(
    `${units.length} engines in ${out}; RMSE of engines held back in training, scaled from two to ${model.members.length} members: ${heldBack.toFixed(2)}`,
    {
      engines: units.length,
      heldBackRmse: heldBack,
      score: scoreLives(whole, CAP),
      joinedScore: scoreLives(joined, CAP),
    },
    options,
  );
}

async function crossValidate(runs: readonly RunHistory[], folds: number, options: Resumable): Promise<void> {
  if (folds > runs.length)
    throw fileUnreadable(
      `${options.train}: ${runs.length} engines do not make ${folds} parts; ask for fewer`,
    );
  const lives = runs.map(({signals}) => signals.length);
  const law = learnCutLaw(lives, SUBSETS[options.subset].test);
  const random = seededGenerator(options.seed);
  const asked = runs.map((run) => Array.from({length: DRAWS}, () => cutByLaw(run, law, random)));
  const answers: BothAnswers[] = []; // of each engine
  for (let fold = 0; fold < folds; fold += 1) {
    const held = runs.flatMap((_, i) => (i % folds === fold ? [i] : []));
    const model = await train(runs.filter((_, i) => i % folds !== fold), options, `part ${fold + 1} of ${folds}, `); // prettier-ignore
    const {whole, joined} = await bothAnswers(model, held.flatMap((i) => asked[i]!), options.seed); // prettier-ignore
    const ofNth = (of: readonly Answered[], nth: number): Answered[] => of.slice(nth * DRAWS, (nth + 1) * DRAWS); // prettier-ignore
    held.forEach((i, nth) => (answers[i] = {whole: ofNth(whole, nth), joined: ofNth(joined, nth)}));
  }
  await options.kept.clear();
  const score = (kind: keyof BothAnswers): DrawnScore =>
    scoreDraws(Array.from({length: DRAWS}, (_, draw) => answers.map((of) => of[kind][draw]!)), CAP); // prettier-ignore
  tell(
    `${runs.length} engines, each held back once, and cut ${DRAWS} times as the published test set is: means over the cuts`,
    {engines: runs.length, score: score('whole'), joinedScore: score('joined')},
    options,
  );
}

function train(runs: readonly RunHistory[], options: Resumable, what: string): Promise<RemainingLifeModel> {
  const startedAt = performance.now();
  return trainRemainingLife({
    histories: runs,
    cap: CAP,
    seed: options.seed,
    backend: 'wasm',
    threads: options.threads,
    kept: options.kept,
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

/** undefined where no answers are known. */
interface Told {
  readonly engines: number;
  readonly heldBackRmse?: number;
  readonly score: LifeScore | DrawnScore | undefined;
  readonly joinedScore: LifeScore | DrawnScore | undefined;
}

function tell(headline: string, told: Told, {subset, json}: Options): void {
  const {score, joinedScore} = told;
  answer(json, {subset, ...told}, () =>
    [headline, ...(score && joinedScore ? ['', scoreTable(score, joinedScore)] : [])].join('\n'),
  );
}

function scoreTable(whole: LifeScore | DrawnScore, joined: LifeScore | DrawnScore): string {
  const errors = (score: LifeScore | DrawnScore): string[] =>
    'draws' in score ? [score.drawError, score.unitError].map((error) => error.toFixed(2)) : [];
  const shown = (name: string, score: LifeScore | DrawnScore) => [
    name,
    score.forecasts,
    score.rmse.toFixed(2),
    ...errors(score),
    score.phmScore.toFixed(0),
    score.coverage.toFixed(3),
    score.meanWidth.toFixed(1),
  ];
  const errorNames = 'draws' in whole ? ['± by cuts', '± by engines'] : [];
  return table(
    ['history', 'forecasts', 'RMSE', ...errorNames, 'score', 'covered at 90 %', 'mean width'],
    [shown('as it is', whole), shown('its beginning cut off', joined)],
  );
}
