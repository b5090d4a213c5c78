import {advanceDemand} from '../../replenish/core/demand/advance-demand.ts';
import {demandWithin} from '../../replenish/core/demand/depot-demand.ts';
import {planDepots, type DepotPlan} from '../../replenish/core/decision/depot-plan.ts';
import type {DemandPmf} from '../../replenish/core/probability/pmf.ts';
import type {Policy} from '../../replenish/core/decision/policy.ts';
import type {AlarmSetting} from './alarm-setting.ts';
import {alarmSituations} from './alarm-situation.ts';

/** Demand of a lead time as the core sees it, with what never changes worked out once: an alarm's probability depends on its age alone. */
export class AlarmDemand {
  /** A plan of the core for this stock point: its costs and times are those of every day. */
  readonly plan: DepotPlan;
  readonly policy: Policy;
  /** Until an order placed now is here. */
  readonly orderedNow: AlarmLeadTimeDemand;
  /** Until an order placed at the next look is here. */
  readonly orderedNext: AlarmLeadTimeDemand;

  constructor(setting: AlarmSetting) {
    const oneOfEachAge = Array.from({length: setting.window.toDays + 1}, (_, age) => age);
    const heard = alarmSituations(setting)(oneOfEachAge, {onHand: 0, due: []});
    this.policy = heard.policy;
    this.plan = [...planDepots(heard).values()][0]!;
    const {source, echelon, risks} = this.plan;
    const [alarms, silent] = [risks.slice(0, oneOfEachAge.length), risks.slice(oneOfEachAge.length)];
    const ahead = (hours: number): AlarmLeadTimeDemand =>
      new AlarmLeadTimeDemand(
        Float64Array.from(alarms, ({within}) => within(hours)),
        demandWithin({...echelon, risks: silent}, hours),
      );
    this.orderedNow = ahead(source!.meanH);
    this.orderedNext = ahead(source!.meanH + this.policy.reviewH);
  }
}

export class AlarmLeadTimeDemand {
  readonly #byAge: Float64Array;
  readonly #rest: DemandPmf;
  readonly #terms = new Float64Array(64);

  constructor(byAge: Float64Array, rest: DemandPmf) {
    this.#byAge = byAge;
    this.#rest = rest;
  }

  pmf(ages: readonly number[]): DemandPmf {
    return advanceDemand(
      ages.map((age) => this.#byAge[age]!),
      this.#rest,
    );
  }

  /** P(D ≤ pieces), from the first terms alone: `cdf(pmf(ages), pieces)` without the rest of the distribution. */
  atMost(pieces: number, ages: readonly number[]): number {
    const terms = this.#terms;
    for (let k = 0; k <= pieces; k += 1) terms[k] = this.#rest.p[k] ?? 0;
    for (const age of ages) {
      const fails = this.#byAge[age]!;
      for (let k = pieces; k > 0; k -= 1) terms[k] = terms[k]! * (1 - fails) + terms[k - 1]! * fails;
      terms[0]! *= 1 - fails;
    }
    let sum = 0;
    for (let k = 0; k <= pieces; k += 1) sum += terms[k]!;
    return sum;
  }
}
