import {DAY_MS, HOUR_MS, YEAR_DAYS, epochMs, type EpochMs} from '../domain/time.ts';
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
 * of ±9 K around 11 °C and a day of ±4 K; wander an AR(1) of 30 h memory; all three step by the hour. Noise is white,
 * one draw a sample. Values stay within physical limits.
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
  /** All but symptoms and noise, for the hour `#hour` since 1970. */
  readonly #level: Float64Array;
  #hour: number;

  /** @param character  Stream of the machine's own offsets. @param random  Stream of wander and noise. */
  constructor(spec: MachineSpec, character: Random, random: Random) {
    this.#class = equipmentClassOf(spec.classId);
    this.#spec = spec;
    this.#random = random;
    this.names = Object.keys(this.#class.signals);
    this.#models = Object.values(this.#class.signals);
    this.#symptoms = this.names.map((name) =>
      Float64Array.from(Object.values(this.#class.positions), (position) => position.symptoms[name] ?? 0),
    );
    this.#offsets = Float64Array.from(this.#models, (model) => model.machineSd * character.normal());
    this.#wander = new Float64Array(this.names.length);
    this.#level = new Float64Array(this.names.length);
    this.#hour = -Infinity; // infinitely long ago: the first hour's wander is a fresh draw
  }

  /** Writes one value per signal, in the order of `names`. @param damage by position, as in the spec. */
  sample(at: EpochMs, damage: Float64Array, out: Float64Array): void {
    if (Math.floor(at / HOUR_MS) !== this.#hour) this.#enterHour(Math.floor(at / HOUR_MS));
    const level = this.#level;
    const random = this.#random;
    for (let i = 0; i < out.length; i += 1) {
      const {noiseSd, min, max} = this.#models[i]!;
      const symptoms = this.#symptoms[i]!;
      let value = level[i]! + noiseSd * random.normal();
      for (let p = 0; p < damage.length; p += 1) value += symptoms[p]! * damage[p]!;
      out[i] = value < min ? min : value > max ? max : value;
    }
  }

  #enterHour(hour: number): void {
    const memory = Math.exp(-(hour - this.#hour) / WANDER_HOURS);
    const fresh = Math.sqrt(1 - memory ** 2);
    this.#hour = hour;
    const load = this.loadAt(epochMs(hour * HOUR_MS));
    const warmth = this.#ambientAt(epochMs(hour * HOUR_MS)) - 15;
    this.#models.forEach((model, i) => {
      const wander = memory * this.#wander[i]! + fresh * model.wanderSd * this.#random.normal();
      this.#wander[i] = wander;
      this.#level[i] =
        model.base + this.#offsets[i]! + model.loadGain * load + model.ambientGain * warmth + wander;
    });
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
