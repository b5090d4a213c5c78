import {HORIZONS_H} from '../domain/forecast.ts';
import {HOUR_MS} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {FeatureWindow} from './core/feature-window.ts';
import {ageRung, taughtRung, topRung} from './core/ladder.ts';
import type {Rung} from './core/ladder.ts';
import type {ScoringModel} from './core/score.ts';
import {heardInside, usesModel} from './draft.ts';
import type {Point} from './due-points.ts';
import type {Installation, PredictStore} from './ports.ts';

/** Age laws are fitted again when world time has moved this far. */
const REFIT_MS = 24 * HOUR_MS;
/**
 * A model's last word stands for as long as it spoke about: silence says nothing new of a machine, and whoever reads the
 * curve counts the hours since. After that its condition is forgotten, and age alone is left.
 */
export const LAST_WORD_MS = Math.max(...HORIZONS_H) * HOUR_MS;
/** A model was taught how machines look after outages up to this long (training/dataset.ts); longer ones it is not asked about. */
const HEARD_WITHIN_MS = 48 * HOUR_MS;

/** Who forecasts a component: a model while its machine is heard, the age law of its class, the base rate. */
export class Ladder {
  readonly #store: Pick<PredictStore, 'ladderEvidence'>;
  readonly #report: (problem: string) => void;
  /** By component class. */
  #ageRungs = new Map<string, Rung>();
  /** Component classes that a fit has looked at, with or without an age law. */
  readonly #judged = new Set<string>();
  #fittedAt = -Infinity;

  constructor(store: Pick<PredictStore, 'ladderEvidence'>, report: (problem: string) => void) {
    this.#store = store;
    this.#report = report;
  }

  /**
   * What forecasts a component at a point; undefined where nothing can, or where a model's last word stands.
   *
   * @param models The champions of the equipment class.
   */
  rung(
    models: readonly ScoringModel[],
    equipmentClassId: string,
    {positionId, classId}: Installation,
    cause: Point['cause'],
    window: FeatureWindow,
  ): Rung | undefined {
    const age = this.#ageRungs.get(classId);
    const rung = topRung(age, models, {equipmentClassId, positionId, classId});
    if (rung === undefined || !usesModel(rung)) return rung;
    if (cause === 'event' || heardInside(window, HEARD_WITHIN_MS)) return rung;
    return cause === 'age' ? (age ?? taughtRung(rung)) : undefined;
  }

  /** A shadow where it is asked: never for a component that it does not know, nor for a machine that is silent. */
  shadowRung(
    model: ScoringModel,
    equipmentClassId: string,
    {positionId, classId}: Installation,
    cause: Point['cause'],
    window: FeatureWindow,
  ): Rung | undefined {
    if (cause === 'age' || (cause !== 'event' && !heardInside(window, HEARD_WITHIN_MS))) return undefined;
    const rung = topRung(undefined, [model], {equipmentClassId, positionId, classId});
    const law = this.#ageRungs.get(classId)?.law;
    return rung === undefined || law === undefined ? rung : {...rung, law};
  }

  /** Fits the age laws when they are a day old. */
  async keep(now: EpochMs): Promise<void> {
    if (now - this.#fittedAt >= REFIT_MS) await this.#fit(now);
  }

  /** Fits them when a class is new. Master data may come after a fit: the first machines must not wait a day for their first forecast. */
  async keepFor(installations: readonly Installation[], now: EpochMs): Promise<void> {
    if (installations.some(({classId}) => !this.#judged.has(classId))) await this.#fit(now);
  }

  async #fit(now: EpochMs): Promise<void> {
    const rungs = new Map<string, Rung>();
    for (const evidence of await this.#store.ladderEvidence(now)) {
      const rung = ageRung(evidence);
      this.#judged.add(evidence.classId);
      if (rung.ok) rungs.set(evidence.classId, rung.value);
      else this.#report(rung.detail);
    }
    this.#ageRungs = rungs;
    this.#fittedAt = now;
  }
}
