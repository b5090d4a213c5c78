/** A stock point that orders up to a level once a day and buys whatever is missing at once, for more. */
export interface StockPointCosts {
  readonly leadTimeDays: number;
  /** Per piece on hand at the end of a day. */
  readonly holdingPerDay: number;
  readonly emergencyCost: number;
}

/**
 * Many stock points over the same days, one for each order-up-to rule. A day: receipts, failures (each takes a piece, or is
 * an emergency purchase without an order), then the order.
 */
export class StockPoints {
  readonly #costs: StockPointCosts;
  readonly #onHand: Int32Array;
  readonly #position: Int32Array;
  /** Pieces that arrive on a day, a row a day. */
  readonly #arriving: Int32Array[];
  readonly #cost: Float64Array;
  #today = 0;

  constructor(rules: number, costs: StockPointCosts) {
    this.#costs = costs;
    this.#onHand = new Int32Array(rules);
    this.#position = new Int32Array(rules);
    this.#arriving = Array.from({length: costs.leadTimeDays + 1}, () => new Int32Array(rules));
    this.#cost = new Float64Array(rules);
  }

  /** @param levels Order-up-to level of each rule today, in pieces. @param counted Whether the day's cost counts. */
  day(failures: number, levels: ArrayLike<number>, counted: boolean): void {
    const {leadTimeDays, holdingPerDay, emergencyCost} = this.#costs;
    const received = this.#arriving[this.#today % (leadTimeDays + 1)]!;
    const ordered = this.#arriving[(this.#today + leadTimeDays) % (leadTimeDays + 1)]!;
    for (let rule = 0; rule < levels.length; rule += 1) {
      const here = this.#onHand[rule]! + received[rule]!;
      received[rule] = 0;
      const served = Math.min(here, failures);
      this.#onHand[rule] = here - served;
      const position = this.#position[rule]! - served;
      if (counted) this.#cost[rule]! += (here - served) * holdingPerDay + (failures - served) * emergencyCost;
      const order = Math.max(0, levels[rule]! - position);
      this.#position[rule] = position + order;
      ordered[rule]! += order;
    }
    this.#today += 1;
  }

  /** Cost of each rule over the counted days. */
  costs(): Float64Array {
    return this.#cost;
  }
}
