import type {Probability} from '../../domain/quantity.ts';
import {invariant} from '../../domain/invariant.ts';
import {componentIndex, type ClassSpec} from './class-spec.ts';
import {componentFeatures} from './features.ts';
import type {FeatureWindow, InstalledComponent} from './feature-window.ts';
import {cumulateHazards} from './survival-curve.ts';
import {hoursToVisit, visitCurve, visitsAhead} from './visit-calendar.ts';

/**
 * What a model is asked. `hazards`: the hazards of the intervals between horizons. Of a class with a visit calendar also
 * `near`: is it found failed at the next visit, asked when that is so near that signs may show; `far`: the same from what
 * stays as it is until then.
 */
export const HEADS = ['hazards', 'near', 'far'] as const;
export type HeadName = (typeof HEADS)[number];

export interface Question {
  readonly head: HeadName;
  /** The component's index among the spec's places. */
  readonly place: number;
  /** Raw inputs in the order of featuresOf. */
  readonly raw: Float32Array;
}

/** What to ask about one component at one instant, and how the answers become P(failure within each horizon). */
export interface ForecastPlan {
  readonly questions: readonly Question[];
  /** @param answers calibrated hazards, question by question. */
  readonly curveOf: (answers: readonly (readonly Probability[])[]) => Probability[];
}

/**
 * A class without a calendar, or a machine whose phase is not known yet, is forecast by hazards over intervals; else by what
 * the visits within the last horizon find.
 */
export function planForecast(
  window: FeatureWindow,
  component: InstalledComponent,
  spec: ClassSpec,
  shared: readonly number[],
): ForecastPlan {
  const {visits, horizonsH} = spec;
  const expectedInH = visits && hoursToVisit(visits, window.events, window.asOf);
  const place = componentIndex(spec, component);
  const raw = componentFeatures(window, component, spec, shared);
  if (visits === undefined || expectedInH === undefined)
    return {questions: [{head: 'hazards', place, raw}], curveOf: ([hazards]) => cumulateHazards(hazards!)};
  const first: Question = {head: expectedInH <= visits.signsH ? 'near' : 'far', place, raw};
  const ahead = visitsAhead(visits, expectedInH, horizonsH.at(-1)!);
  const later = Array.from({length: ahead - 1}, (_, k): Question => ({
    head: 'far',
    place,
    raw: componentFeatures(window, component, spec, shared, k + 1),
  }));
  const ratePerH = visits.offCalendarPerH[place];
  invariant(ratePerH !== undefined, 'a calendar knows each of the class’s places');
  return {
    questions: [first, ...later],
    curveOf: (answers) =>
      visitCurve(
        visits,
        expectedInH,
        answers.map((answer) => answer[0]!),
        ratePerH,
        horizonsH,
      ),
  };
}
