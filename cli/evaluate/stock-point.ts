/** A stock point that orders once a day and buys whatever is missing at once, for more. */
export interface StockPointCosts {
  readonly leadTimeDays: number;
  /** Per piece on hand at the end of a day. */
  readonly holdingPerDay: number;
  readonly emergencyCost: number;
}

/** What one rule has at the end of a day. */
export interface Shelf {
  readonly onHand: number;
  /** The next days' receipts: due[0] pieces come tomorrow morning. */
  readonly due: readonly number[];
}

/**
 * Many stock points over the same days, one for each rule. A day: receipts, failures (each takes a piece, or is an emergency purchase without an
 * order), then the order, which is received in the morning `leadTimeDays` later.
 */
export class StockPoints {
  readonly #costs: StockPointCosts;
  readonly #onHand: Int32Array;
  readonly #position: Int32Array;
  /** Pieces that arrive on a day, a row a day. */
  readonly #arriving: Int32Array[];
  readonly #cost: Float64Array;
  #today = -1;

  constructor(rules: number, costs: StockPointCosts) {
    this.#costs = costs;
    this.#onHand = new Int32Array(rules);
    this.#position = new Int32Array(rules);
    this.#arriving = Array.from({length: costs.leadTimeDays + 1}, () => new Int32Array(rules));
    this.#cost = new Float64Array(rules);
  }

  /** A day of rules that order up to a level. @param levels Of each rule, in pieces. @param more Pieces that today's level of each has on top. */
  day(failures: number, levels: ArrayLike<number>, counted: boolean, more = 0): void {
    this.serve(failures, counted);
    for (let rule = 0; rule < levels.length; rule += 1)
      this.order(rule, Math.max(0, levels[rule]! + more - this.#position[rule]!));
  }

  /** The next day up to its order: receipts, then failures. @param counted Whether the day's cost counts. */
  serve(failures: number, counted: boolean): void {
    const {holdingPerDay, emergencyCost} = this.#costs;
    this.#today += 1;
    const received = this.#arrivingIn(0);
    for (let rule = 0; rule < received.length; rule += 1) {
      const here = this.#onHand[rule]! + received[rule]!;
      received[rule] = 0;
      const served = Math.min(here, failures);
      this.#onHand[rule] = here - served;
      this.#position[rule]! -= served;
      if (counted) this.#cost[rule]! += (here - served) * holdingPerDay + (failures - served) * emergencyCost;
    }
  }

  order(rule: number, pieces: number): void {
    this.#position[rule]! += pieces;
    this.#arrivingIn(this.#costs.leadTimeDays)[rule]! += pieces;
  }

  /** On hand and on order. */
  position(rule: number): number {
    return this.#position[rule]!;
  }

  shelf(rule: number): Shelf {
    const due = Array.from({length: this.#costs.leadTimeDays}, (_, day) => this.#arrivingIn(day + 1)[rule]!);
    return {onHand: this.#onHand[rule]!, due};
  }

  /** Cost of each rule over the counted days. */
  costs(): Float64Array {
    return this.#cost;
  }

  #arrivingIn(days: number): Int32Array {
    return this.#arriving[(this.#today + days) % this.#arriving.length]!;
  }
}
