import type {ModelVersionId} from '../../domain/ids.ts';
import {refused, ok, type Result} from '../../domain/result.ts';
import {constantRate, fitWeibull, type Life, type Weibull} from './weibull.ts';

/** What is known about one component class when a forecast is due. */
export interface LadderEvidence {
  readonly classId: string;
  /** The class's own promoted model, when one is loaded and not fallen back from. */
  readonly promoted?: ModelVersionId | undefined;
  /** A promoted model of the class's family that knows the class's signals. */
  readonly pooled?: ModelVersionId | undefined;
  /** Lives of this class in the installed base: failures and censored ones. */
  readonly lives: readonly Life[];
  /** From master data. */
  readonly weibullShape?: number | null | undefined;
  readonly weibullScaleH?: number | null | undefined;
  readonly mtbfH?: number | null | undefined;
}

/**
 * The rung a class stands on. Every rung carries an age law: it is the forecast itself on the lower rungs,
 * and the tail beyond the last horizon on the upper ones.
 */
export type Rung =
  | {readonly method: 'model' | 'pooled'; readonly modelVersionId: ModelVersionId; readonly law: Weibull}
  | {
      readonly method: 'weibull-age' | 'base-rate';
      readonly modelVersionId: ModelVersionId;
      readonly law: Weibull;
    };

/**
 * The best rung that the evidence carries: promoted model → pooled model of the family → Weibull by age (fitted from ten
 * failures on, before that from master data) → base rate (MTBF of master data, else hours watched per failure).
 *
 * Refused only when nothing at all is known about the class's life.
 */
export function chooseRung(evidence: LadderEvidence): Result<Rung, 'no-life-data'> {
  const age = ageLaw(evidence);
  if (age === null) {
    return refused(
      'no-life-data',
      `component class ${evidence.classId}: no model, no Weibull law, no MTBF and no failure yet; ` +
        `add weibull_shape and weibull_scale_h, or mtbf_h, in component_class.csv`,
    );
  }
  if (evidence.promoted !== undefined)
    return ok({method: 'model', modelVersionId: evidence.promoted, law: age.law});
  if (evidence.pooled !== undefined)
    return ok({method: 'pooled', modelVersionId: evidence.pooled, law: age.law});
  return ok(age);
}

type AgeRung = Extract<Rung, {method: 'weibull-age' | 'base-rate'}>;

function ageLaw(evidence: LadderEvidence): AgeRung | null {
  const fitted = fitWeibull(evidence.lives);
  if (fitted !== null) return ageRung('weibull-age', fitted);
  const {weibullShape: shape, weibullScaleH: scaleH, mtbfH} = evidence;
  if (typeof shape === 'number' && typeof scaleH === 'number') return ageRung('weibull-age', {shape, scaleH});
  if (typeof mtbfH === 'number') return ageRung('base-rate', constantRate(mtbfH));
  const failures = evidence.lives.filter((life) => life.failed).length;
  if (failures === 0) return null;
  const watchedH = evidence.lives.reduce((sum, life) => sum + life.endAgeH - (life.entryAgeH ?? 0), 0);
  return watchedH > 0 ? ageRung('base-rate', constantRate(watchedH / failures)) : null;
}

/** An age law is named by its parameters, so that a forecast's version says exactly what decided: 'weibull-age-1.984-620'. */
function ageRung(method: AgeRung['method'], law: Weibull): AgeRung {
  const name = `${method}-${law.shape.toFixed(3)}-${String(Math.round(law.scaleH))}`;
  return {method, modelVersionId: name as ModelVersionId, law};
}
