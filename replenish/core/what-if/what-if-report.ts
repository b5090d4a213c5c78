import type {Action, Option} from '../../../domain/decision.ts';
import {nameOfAct} from './what-if.ts';
import type {Act, WhatIfOutcome} from './what-if.ts';
import type {Standing} from '../decision/standing.ts';
import type {Situation} from '../decision/situation.ts';

/** One act of a report. */
export interface ReportedAct {
  readonly depotId: string;
  readonly action: Action;
  readonly quantity: number;
  /** Supplier, donor depot or order. */
  readonly sourceId: string | null;
  readonly mode: string | null;
  /** Carried out at once, put to a planner, or noted only; the orders of the day are not counted. */
  readonly state: Standing['state'];
  /** What has to be paid for it, price included. */
  readonly landedMinor: number;
  /** What the group is expected to cost after it, by the overlay's figures; null: the act is not open under the overlay. */
  readonly expectedMinor: number | null;
}

/** A decision that the overlay changes. */
export interface WhatIfChange {
  readonly decisionId: string;
  readonly decidedAt: number;
  readonly partId: string;
  readonly currency: string;
  readonly before: ReportedAct;
  readonly after: ReportedAct;
}

/** Sums over all decisions of a currency, each decision on its own. */
export interface WhatIfTotals {
  readonly currency: string;
  readonly before: ActTotals;
  readonly after: ActTotals;
  /** Changed decisions of which both acts are open under the overlay, and what those acts are expected to cost. */
  readonly compared: number;
  readonly beforeMinor: number;
  readonly afterMinor: number;
}
export interface ActTotals {
  readonly acts: number;
  readonly pieces: number;
  readonly landedMinor: number;
}

/**
 * What an overlay makes of a recorded history, decision by decision. Each situation is as it was recorded but for the overlay: what an
 * earlier decision would have ordered otherwise is on no later shelf, so one lasting difference shows in every decision that sees it.
 */
export interface WhatIfReport {
  readonly depth: 'each-decision-alone';
  readonly decisions: number;
  /** Decisions whose recorded act today's core decides again without the overlay; differences are counted against today's core. */
  readonly reproduced: number;
  readonly same: number;
  readonly changed: number;
  /** Counts by what was done and what would be, the most frequent first. */
  readonly byAction: readonly {
    readonly before: Action;
    readonly after: Action;
    readonly same: number;
    readonly changed: number;
  }[];
  readonly totals: readonly WhatIfTotals[];
  /** Entries of the overlay that found nothing to change in any decision. */
  readonly untouched: readonly string[];
  /** In the order of the decisions. */
  readonly changes: readonly WhatIfChange[];
}

interface Recorded {
  readonly decisionId: string;
  readonly decidedAt: number;
  readonly action: Action;
  /** Of the recorded act (core/decision/essence.ts). */
  readonly essence: string;
  readonly situation: Situation;
}

/** Adds outcomes up to a report. */
export class WhatIfTally {
  readonly #untouched: Set<string>;
  readonly #byAction = new Map<string, {before: Action; after: Action; same: number; changed: number}>();
  readonly #totals = new Map<string, Mutable<WhatIfTotals>>();
  readonly #changes: WhatIfChange[] = [];
  #decisions = 0;
  #reproduced = 0;

  /** @param paths Every entry of the overlay. */
  constructor(paths: readonly string[]) {
    this.#untouched = new Set(paths);
  }

  add(recorded: Recorded, outcome: WhatIfOutcome): void {
    const {partId, currency} = recorded.situation.part;
    const {before, after, standings, same, costs, touched} = outcome;
    this.#decisions += 1;
    const name = recorded.action === 'nothing' ? 'nothing' : recorded.essence;
    if (nameOfAct(partId, before) === name) this.#reproduced += 1;
    for (const path of touched) this.#untouched.delete(path);
    this.#count(before.option.action, after.option.action, same);
    this.#sum(currency, outcome);
    if (same) return;
    const {decisionId, decidedAt} = recorded;
    this.#changes.push({
      decisionId,
      decidedAt,
      partId,
      currency,
      before: reported(before, standings.before, costs?.beforeMinor ?? null),
      after: reported(after, standings.after, costs?.afterMinor ?? null),
    });
  }

  report(): WhatIfReport {
    const changed = this.#changes.length;
    return {
      depth: 'each-decision-alone',
      decisions: this.#decisions,
      reproduced: this.#reproduced,
      same: this.#decisions - changed,
      changed,
      byAction: [...this.#byAction.values()].sort((a, b) => b.same + b.changed - a.same - a.changed),
      totals: [...this.#totals.values()],
      untouched: [...this.#untouched],
      changes: this.#changes,
    };
  }

  #count(before: Action, after: Action, same: boolean): void {
    const key = `${before}|${after}`;
    const counts = this.#byAction.get(key) ?? {before, after, same: 0, changed: 0};
    counts[same ? 'same' : 'changed'] += 1;
    this.#byAction.set(key, counts);
  }

  #sum(currency: string, {before, after, costs}: WhatIfOutcome): void {
    const nothing = {acts: 0, pieces: 0, landedMinor: 0};
    const totals = this.#totals.get(currency) ?? {
      ...{currency, before: nothing, after: nothing},
      ...{compared: 0, beforeMinor: 0, afterMinor: 0},
    };
    this.#totals.set(currency, totals);
    totals.before = plus(totals.before, before.option);
    totals.after = plus(totals.after, after.option);
    if (costs === undefined || costs.beforeMinor === null || costs.afterMinor === null) return;
    totals.compared += 1;
    totals.beforeMinor += costs.beforeMinor;
    totals.afterMinor += costs.afterMinor;
  }
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

function plus({acts, pieces, landedMinor}: ActTotals, option: Option): ActTotals {
  return {
    acts: acts + (option.action === 'nothing' ? 0 : 1),
    pieces: pieces + option.quantity,
    landedMinor: landedMinor + option.landedMinor,
  };
}

/** An act as a report tells it. */
export function reported(
  {depotId, option: {action, quantity, sourceId, mode, landedMinor}}: Act,
  {state}: Standing,
  expectedMinor: number | null,
): ReportedAct {
  return {depotId, action, quantity, sourceId, mode, state, landedMinor, expectedMinor};
}
