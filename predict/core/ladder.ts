import type {ModelVersionId} from '../../domain/ids.ts';
import {refused, ok, type Result} from '../../domain/result.ts';
import {componentIndex, coveredClasses, type ClassSpec} from './class-spec.ts';
import type {ScoringModel} from './score.ts';
import {constantRate, fitWeibull, type Life, type Weibull} from './weibull.ts';

/** What is known about the lives of one component class. */
export interface LadderEvidence {
  readonly classId: string;
  /** Lives of this class in the installed base: failures and censored ones. */
  readonly lives: readonly Life[];
  /** From master data. */
  readonly weibullShape?: number | null | undefined;
  readonly weibullScaleH?: number | null | undefined;
  readonly mtbfH?: number | null | undefined;
}

/**
 * What a component is forecast by. Every rung carries an age law: it is the forecast itself on the lower rungs, and the
 * tail beyond the last horizon on the upper ones.
 */
export interface Rung {
  readonly method: 'model' | 'pooled' | 'weibull-age' | 'base-rate';
  readonly modelVersionId: ModelVersionId;
  readonly law: Weibull;
}

/** Where a component sits: what a model must know to speak of it. */
export interface Place {
  readonly equipmentClassId: string;
  readonly positionId: string;
  readonly classId: string;
}

/**
 * The best rung for a component: the model of its equipment class → a model pooled over several classes, this one among
 * them → the age law of its component class, if it has one. A model that does not know the component's place is passed over.
 */
export function topRung(
  age: Rung | undefined,
  models: readonly ScoringModel[],
  place: Place,
): Rung | undefined {
  const fitting = models.filter(({spec}) => speaksOf(spec, place));
  const own = fitting.find(({spec}) => spec.pools === undefined);
  const model = own ?? fitting[0];
  if (model === undefined) return age;
  const {modelVersionId, spec} = model;
  const law = age?.law ?? spec.components[componentIndex(spec, place)]!.life;
  return {method: own === undefined ? 'pooled' : 'model', modelVersionId, law};
}

/** What is left of a model's rung for a machine that it is not asked about: age, by the law that the rung carries. */
export function taughtRung({law}: Rung): Rung {
  return named('weibull-age', law);
}

function speaksOf(spec: ClassSpec, place: Place): boolean {
  return coveredClasses(spec).includes(place.equipmentClassId) && componentIndex(spec, place) >= 0;
}

/**
 * The lower rungs: Weibull by age (fitted from ten failures on, before that from master data) → base rate (MTBF of master
 * data, else hours watched per failure).
 *
 * Refused only when nothing at all is known about the class's life.
 */
export function ageRung(evidence: LadderEvidence): Result<Rung, 'no-life-data'> {
  const {classId, lives, weibullShape: shape, weibullScaleH: scaleH, mtbfH} = evidence;
  const fitted = fitWeibull(lives);
  if (fitted !== null) return ok(named('weibull-age', fitted));
  if (typeof shape === 'number' && typeof scaleH === 'number')
    return ok(named('weibull-age', {shape, scaleH}));
  if (typeof mtbfH === 'number') return ok(named('base-rate', constantRate(mtbfH)));
  const failures = lives.filter((life) => life.failed).length;
  const watchedH = lives.reduce((sum, life) => sum + life.endAgeH - (life.entryAgeH ?? 0), 0);
  if (failures > 0 && watchedH > 0) return ok(named('base-rate', constantRate(watchedH / failures)));
  return refused(
    'no-life-data',
    `component class ${classId}: no Weibull law, no MTBF and no failure yet; ` +
      `add weibull_shape and weibull_scale_h, or mtbf_h, in component_class.csv`,
  );
}

/** An age law is named by its parameters, so that a forecast's version says exactly what decided: 'weibull-age-1.984-620'. */
function named(method: 'weibull-age' | 'base-rate', law: Weibull): Rung {
  const name = `${method}-${law.shape.toFixed(3)}-${String(Math.round(law.scaleH))}`;
  return {method, modelVersionId: name as ModelVersionId, law};
}
