import {PPM} from '../../../domain/quantity.ts';
import type {RiskyComponent} from '../decision/situation.ts';
import type {ModelChange} from './what-if-overlay.ts';

/** A Weibull law of life; shape 1 is a constant rate with MTBF = scaleH. */
export interface LifeLaw {
  readonly shape: number;
  readonly scaleH: number;
}

type Curve = Pick<
  RiskyComponent,
  'asOf' | 'revision' | 'modelVersion' | 'method' | 'horizonsH' | 'cumulativePpm' | 'tailHazardPpbPerH'
>;

/** What the books know of a component at the time of a decision. */
export interface ComponentEvidence {
  readonly classId: string;
  /** Hours since it was built in. */
  readonly ageH: number;
  /** Of its class in the master data. */
  readonly law: LifeLaw | null;
}

/** Stored facts that another model needs. */
export interface ModelEvidence {
  component(componentId: string, now: number): ComponentEvidence | undefined;
  /** The newest curve of a model version as of `now`. */
  curve(componentId: string, modelVersion: string, now: number): Curve | undefined;
}

/** Hours ahead at which an age law states its probabilities, as forecasts do. */
const HORIZONS_H = [24, 72, 168, 336, 672];

/** The component under another model; itself where the change is not about it, or nothing is stored to change it by. */
export function remodelled(
  component: RiskyComponent,
  change: ModelChange,
  evidence: ModelEvidence,
  now: number,
): RiskyComponent {
  const {componentId} = component;
  const known = evidence.component(componentId, now);
  if (change.classId !== undefined && known?.classId !== change.classId) return component;
  switch (change.method) {
    case 'age': {
      const law = change.law ?? known?.law ?? null;
      if (law === null || known === undefined) return component;
      return {...component, ...ageCurve(law, known.ageH, now), topSignals: []};
    }
    case 'version': {
      const curve = evidence.curve(componentId, change.modelVersion, now);
      return curve === undefined ? component : {...component, ...curve, topSignals: []};
    }
    case 'hazard-scale': {
      const {cumulativePpm, tailHazardPpbPerH} = component;
      return {
        ...component,
        cumulativePpm: cumulativePpm.map((ppm) => Math.round(PPM * (1 - (1 - ppm / PPM) ** change.factor))),
        tailHazardPpbPerH: Math.round(tailHazardPpbPerH * change.factor),
      };
    }
  }
}

/**
 * P(failure within h | alive at age a) = 1 − exp((a / scale)^shape − ((a + h) / scale)^shape), and the law's hazard after the last h.
 *
 * Example: shape 1, scale 1000 h, any age → within 24 h 1 − e^−0.024 = 23,714 ppm.
 */
export function ageCurve({shape, scaleH}: LifeLaw, ageH: number, now: number): Curve {
  const used = (hours: number): number => ((ageH + hours) / scaleH) ** shape;
  const endH = ageH + HORIZONS_H.at(-1)!;
  return {
    asOf: now,
    revision: 0,
    modelVersion: `what-if-age-${shape}-${scaleH}`,
    method: 'weibull-age',
    horizonsH: [...HORIZONS_H],
    cumulativePpm: HORIZONS_H.map((hours) => Math.round(-PPM * Math.expm1(used(0) - used(hours)))),
    tailHazardPpbPerH: Math.round((1e9 * shape * (endH / scaleH) ** (shape - 1)) / scaleH),
  };
}
