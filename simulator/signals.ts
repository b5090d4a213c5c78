import {DAY_MS, HOUR_MS, YEAR_DAYS, type EpochMs} from '../domain/time.ts';
import {equipmentClassOf, type EquipmentClassModel} from './equipment-classes.ts';
import type {Random} from './random.ts';
import type {MachineSpec} from './timeline.ts';

/** Memory of the slow wander: products, cleaning, weather. */
const WANDER_HOURS = 30;

/**
 * What the sensors of one machine read:
 *
 *   value = base + machine offset + loadGain · load(t) + ambientGain · (ambient(t) − 15 °C)
 *         + Σ symptom · damage  + wander(t) + noise
 *
 * load(t) is the class's share of full load by local hour and weekday times the machine's load factor; ambient(t) a year
 * of ±9 K around 11 °C and a day of ±4 K; wander an AR(1) of 30 h memory; noise white. Values stay within physical limits.
 */
export class Signals {
  readonly names: readonly string[];
  readonly #class: EquipmentClassModel;
  readonly #spec: MachineSpec;
  readonly #random: Random;
  readonly #models;
  /** symptoms[signal][position]: what full damage adds. */
  readonly #symptoms: readonly Float64Array[];
  readonly #offsets: Float64Array;
  readonly #wander: Float64Array;
  readonly #memory: number;

  /**
   * @param offsets  Stream of the machine's own character; @param random stream of wander and noise.
   * @param intervalMs  Between samples, for the wander's memory.
   */
  constructor(spec: MachineSpec, offsets: Random, random: Random, intervalMs: number) {
    this.#class = equipmentClassOf(spec.classId);
    this.#spec = spec;
    this.#random = random;
    this.names = Object.keys(this.#class.signals);
    this.#models = Object.values(this.#class.signals);
    this.#symptoms = this.names.map((name) =>
      Float64Array.from(Object.values(this.#class.positions), (position) => position.symptoms[name] ?? 0),
    );
    this.#offsets = Float64Array.from(this.#models, (model) => model.machineSd * offsets.normal());
    this.#wander = Float64Array.from(this.#models, (model) => model.wanderSd * random.normal());
    this.#memory = Math.exp(-intervalMs / (WANDER_HOURS * HOUR_MS));
  }

  /** Writes one value per signal, in the order of `names`. @param damage by position, as in the spec. */
  sample(at: EpochMs, damage: Float64Array, out: Float64Array): void {
    const load = this.loadAt(at);
    const warmth = this.#ambientAt(at) - 15;
    const fresh = Math.sqrt(1 - this.#memory ** 2);
    for (let i = 0; i < out.length; i += 1) {
      const model = this.#models[i]!;
      const wander = this.#memory * this.#wander[i]! + fresh * model.wanderSd * this.#random.normal();
      this.#wander[i] = wander;
      const symptoms = this.#symptoms[i]!;
      let value =
        model.base + this.#offsets[i]! + model.loadGain * load + model.ambientGain * warmth + wander;
      for (let p = 0; p < symptoms.length; p += 1) value += symptoms[p]! * damage[p]!;
      value += model.noiseSd * this.#random.normal();
      out[i] = Math.min(model.max, Math.max(model.min, value));
    }
  }

  /** Share of full load, 0 to about 1.15. */
  loadAt(at: EpochMs): number {
    const localHours = at / HOUR_MS + this.#spec.longitude / 15;
    const weekday = (Math.floor(localHours / 24) + 4) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
    const profile = weekday === 0 || weekday === 6 ? this.#class.weekendLoad : this.#class.workdayLoad;
    return profile[Math.floor(localHours) % 24]! * (this.#spec.attributes['load_factor'] ?? 1);
  }

  #ambientAt(at: EpochMs): number {
    const year = Math.cos((2 * Math.PI * (at / DAY_MS - 200)) / YEAR_DAYS); // warmest on about 19 July
    const day = Math.cos((2 * Math.PI * (at / HOUR_MS + this.#spec.longitude / 15 - 15)) / 24); // and at 15 o'clock
    return 11 + 9 * year + 4 * day + (this.#spec.attributes['ambient_offset_k'] ?? 0);
  }
}
