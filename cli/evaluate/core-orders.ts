import {invariant} from '../../domain/invariant.ts';
import {decide} from '../../replenish/core/decision/decide.ts';
import {nextLook, type PieceCosts} from '../../replenish/core/decision/next-look.ts';
import {AlarmDemand} from './alarm-demand.ts';
import type {AlarmSetting} from './alarm-setting.ts';
import {alarmSituations} from './alarm-situation.ts';
import type {Shelf} from './stock-point.ts';

/** What `decide` orders at a stock point that hears alarms, with nothing tuned: some 3 % of the days. It takes a millisecond. */
export class DecidedOrders {
  readonly #situation: ReturnType<typeof alarmSituations>;

  constructor(setting: AlarmSetting) {
    this.#situation = alarmSituations(setting);
  }

  order(ages: readonly number[], shelf: Shelf): number {
    const {action, quantity} = decide(this.#situation(ages, shelf)).option;
    invariant(action === 'order' || action === 'nothing', 'buying dearly ahead of a failure saves nothing');
    return quantity;
  }
}

/**
 * The same orders, fast enough for a million days: the core's own rule (`nextLook`) on the demand of the core's own forecasts. With one depot, one supplier
 * and no cost of an order, that rule is all of the decision.
 */
export class RuledOrders {
  readonly #demand: AlarmDemand;
  readonly #costs: PieceCosts;
  readonly #patience: number;

  constructor(setting: AlarmSetting) {
    this.#demand = new AlarmDemand(setting);
    const {plan, policy} = this.#demand;
    this.#costs = {missed: plan.rescueMinor, held: plan.holdingMinorPerH * policy.reviewH};
    this.#patience = policy.hysteresis;
  }

  /** @param position On hand and on order. */
  order(ages: readonly number[], position: number): number {
    const {missed, held} = this.#costs;
    const {orderedNow, orderedNext} = this.#demand;
    const risk = 1 - orderedNext.atMost(position, ages) / orderedNow.atMost(position, ages);
    const riskMax = (1 + this.#patience) * (held / (missed + held));
    if (risk <= riskMax) return 0;
    const {level} = nextLook(
      {orderedNow: orderedNow.pmf(ages), orderedNext: orderedNext.pmf(ages)},
      this.#costs,
    );
    return Math.max(0, level - position);
  }
}
