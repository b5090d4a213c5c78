import {treesScore} from '../../core/boosted-trees.ts';
import {standardise, type Scaling} from '../../core/features.ts';
import {lifeFeatures} from '../../core/remaining-life/life-features.ts';
import {lifeInterval, type LifeInterval} from '../../core/remaining-life/life-law.ts';
import type {RunHistory} from '../../core/remaining-life/run-history.ts';
import type {Backend} from '../../adapters/backend.ts';
import {toLayers} from '../../adapters/network-runner.ts';
import {outputsOf, stack} from '../fit-network.ts';
import type {LifeMember} from './fit-member.ts';
import type {RemainingLifeModel} from './train-remaining-life.ts';

/** In cycles, within 0 and the cap. */
export interface LifeForecast extends LifeInterval {
  readonly unit: string;
  readonly predicted: number;
}

const COVERAGE = 0.9;

/** What is left of each unit after the last row of its history, with the interval that holds it with 90 %. */
export async function predictRemainingLife(
  backend: Backend,
  {cap, normal, scaling, members, errors}: RemainingLifeModel,
  histories: readonly RunHistory[],
): Promise<LifeForecast[]> {
  const inputs = histories.map((history) => {
    const last = history.signals.length - 1;
    return lifeFeatures(normal, history, (row) => row === last)[0]!;
  });
  const said: Float64Array[] = [];
  for (const member of members) said.push(await memberPredictions(backend, member, scaling, inputs));
  return histories.map(({unit, sinceNew}, i) => {
    const predicted = (cap * said.reduce((sum, of) => sum + of[i]!, 0)) / said.length;
    const law = sinceNew ? errors.sinceNew : errors.joined;
    return {unit, predicted, ...lifeInterval(law, predicted, COVERAGE, cap)};
  });
}

/** One member's share of the cap that is left, 0 to 1: the mean of its network and its trees. */
export async function memberPredictions(
  {tf}: Backend,
  {network, trees}: LifeMember,
  scaling: Scaling,
  inputs: readonly Float32Array[],
): Promise<Float64Array> {
  const model = await toLayers(tf, network);
  const standard = inputs.map((input) => standardise(input, scaling));
  const outputs = outputsOf(tf, model, standard, (rows) => stack(tf, rows));
  model.dispose();
  const within = (share: number): number => Math.max(0, Math.min(1, share));
  return Float64Array.from(
    inputs,
    (input, i) => (within(outputs[i]![0]!) + within(treesScore(trees, input))) / 2,
  );
}
