import type {Probability} from '../../domain/quantity.ts';
import type {ClassSpec} from '../core/class-spec.ts';
import {judgedWeight, uncensoredShare} from '../core/hazard-labels.ts';
import {
  brierSkill,
  judge,
  reliability,
  type Judged,
  type Metrics,
  type ReliabilityBin,
} from '../core/metrics.ts';
import {failureWithin} from '../core/weibull.ts';
import type {JudgedRow} from './dataset.ts';

/** How good a model is at one horizon, beside replacing by age alone on the same rows. */
export interface HorizonQuality {
  readonly horizonH: number;
  readonly model: Metrics;
  readonly age: Metrics;
  readonly brierSkillOverAge: number;
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * Judges curves on rows that no fit has seen. Rows removed before a horizon are censored: the others are weighted by
 * one over the share that stayed (per component), see uncensoredShare.
 */
export function evaluate(
  rows: readonly JudgedRow[],
  curves: readonly (readonly Probability[])[],
  spec: ClassSpec,
): HorizonQuality[] {
  const shares = spec.components.map((_, place) =>
    uncensoredShare(rows.filter((row) => row.place === place).map(({outcome}) => outcome)),
  );
  return spec.horizonsH.map((horizonH, h) => {
    const model: Judged[] = [];
    const age: Judged[] = [];
    rows.forEach((row, i) => {
      const weight = row.weight * judgedWeight(row.outcome, horizonH, shares[row.place]!);
      if (weight === 0) return;
      const failed = row.outcome.failed && row.outcome.watchedH <= horizonH;
      const {life} = spec.components[row.place]!;
      model.push({probability: curves[i]![h]!, failed, weight});
      age.push({probability: failureWithin(life, row.ageH, horizonH), failed, weight});
    });
    const [ofModel, ofAge] = [judge(model), judge(age)];
    const brierSkillOverAge = brierSkill(ofModel, ofAge);
    return {horizonH, model: ofModel, age: ofAge, brierSkillOverAge, reliability: reliability(model)};
  });
}
