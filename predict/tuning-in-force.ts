import {z} from 'zod';
import {PredictTuning} from './core/tuning.ts';

/** The tunables of a run, from what somebody has stated of them; what cannot be read counts as not stated. */
export class TuningInForce {
  readonly #otherwise: PredictTuning;
  readonly #report: (problem: string) => void;
  #value: PredictTuning;
  /** What is wrong with what is stated: said once. */
  #problem: string | undefined;

  constructor(otherwise: PredictTuning, report: (problem: string) => void) {
    this.#otherwise = otherwise;
    this.#value = otherwise;
    this.#report = report;
  }

  get value(): PredictTuning {
    return this.#value;
  }

  /** What the database says at the beginning of a run. */
  take(stated: Readonly<Record<string, unknown>>): void {
    const read = PredictTuning.safeParse({...this.#otherwise, ...stated});
    this.#value = read.success ? read.data : this.#otherwise;
    const problem = read.error && `parameter predict.tuning: ${z.prettifyError(read.error)}`;
    if (problem !== undefined && problem !== this.#problem) this.#report(problem);
    this.#problem = problem;
  }
}
