import {HOUR_MS} from '../domain/time.ts';
import {eventMemoryH, type ClassSpec} from './core/class-spec.ts';
import type {Roles} from './core/model-lifecycle.ts';
import type {ScoringModel} from './core/score.ts';
import type {CachedEquipment} from './equipment-cache.ts';

type Machine = Pick<CachedEquipment, 'master'>;

/** How far back an instant looks, in whole intervals of its machine's grid. */
export interface Stretch {
  readonly windowMs: number;
  /** Events: a visit calendar is read from those of longer ago than the window's telemetry. */
  readonly eventsMs: number;
}

/** How far back the models of a machine's class look. */
export class LookBack {
  readonly #roles: Roles;
  readonly #otherwiseH: number;

  /** @param otherwiseH Window of classes without a model, in hours. */
  constructor(roles: Roles, otherwiseH: number) {
    this.#roles = roles;
    this.#otherwiseH = otherwiseH;
  }

  /** Of forecasts, and so what a late reading re-opens: shadows have no say in it. */
  ofForecasts(machine: Machine): Stretch {
    const champions = this.#roles.champions(machine.master.equipmentClassId);
    const windowMs = wholeIntervals(machine, longestH(champions, windowHOf, this.#otherwiseH));
    return {
      windowMs,
      eventsMs: Math.max(windowMs, wholeIntervals(machine, longestH(champions, eventMemoryH))),
    };
  }

  /** Of one model, over the window that it was taught on. */
  ofModel(machine: Machine, {spec}: ScoringModel): Stretch {
    return {
      windowMs: wholeIntervals(machine, windowHOf(spec)),
      eventsMs: wholeIntervals(machine, eventMemoryH(spec)),
    };
  }

  /** As far as anybody looks. */
  ofAll(machine: Machine): Stretch {
    const shadows = this.#roles.shadows(machine.master.equipmentClassId);
    const {windowMs, eventsMs} = this.ofForecasts(machine);
    return {
      windowMs: Math.max(windowMs, wholeIntervals(machine, longestH(shadows, windowHOf))),
      eventsMs: Math.max(eventsMs, wholeIntervals(machine, longestH(shadows, eventMemoryH))),
    };
  }
}

const windowHOf = ({windowH}: ClassSpec): number => windowH;

function longestH(
  models: readonly ScoringModel[],
  hoursOf: (spec: ClassSpec) => number,
  otherwise = 0,
): number {
  return models.length === 0 ? otherwise : Math.max(...models.map(({spec}) => hoursOf(spec)));
}

function wholeIntervals({master: {gridMs}}: Machine, windowH: number): number {
  return Math.ceil((windowH * HOUR_MS) / gridMs) * gridMs;
}
