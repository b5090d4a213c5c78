import type {Probability} from '../../domain/quantity.ts';
import {FailureCountTree} from './failure-count-tree.ts';

/** Failures told apart: so many and more of one screen's machines at once are one case. */
const COUNTS = 32;

interface Member {
  readonly slot: number;
  now: Probability;
  told: Probability;
}

/**
 * Have the failures to come of many components moved together, while none of them moved enough to be told? Holds the distribution of
 * their number as it is and as it was told, and answers with the largest change of P(more than k fail) over all k.
 *
 * It only screens which groups to look at: a decision reckons its own distribution anew, from the rows.
 *
 * Source of the distance: Kolmogorov–Smirnov. Example: 100 components told at 1 %, each now at 1.9 %: P(none fails) falls from 0.366 to
 * 0.147, and P(more than one fails) rises by 0.304, the largest change.
 */
export class GroupScreen {
  readonly #members = new Map<string, Member>();
  readonly #free: number[] = [];
  readonly #now = new FailureCountTree(COUNTS);
  readonly #told = new FailureCountTree(COUNTS);

  get size(): number {
    return this.#members.size;
  }

  set(componentId: string, now: Probability, told: Probability): void {
    const known = this.#members.get(componentId);
    const slot = known?.slot ?? this.#free.pop() ?? this.#members.size;
    if (known?.now !== now) this.#now.set(slot, now);
    if (known?.told !== told) this.#told.set(slot, told);
    this.#members.set(componentId, {slot, now, told});
  }

  /** A component that was taken out no longer counts. */
  drop(componentId: string): void {
    const member = this.#members.get(componentId);
    if (member === undefined) return;
    this.#now.set(member.slot, 0);
    this.#told.set(member.slot, 0);
    this.#free.push(member.slot);
    this.#members.delete(componentId);
  }

  /** Largest change of P(more than k fail) since they were told. */
  get moved(): Probability {
    const now = this.#now.head();
    const told = this.#told.head();
    let change = 0;
    let largest = 0;
    for (let count = 0; count < COUNTS; count += 1) {
      change += now[count]! - told[count]!;
      largest = Math.max(largest, Math.abs(change));
    }
    return largest;
  }

  /** Takes all of them as told. Returns those that had not been, by id. */
  tell(): readonly string[] {
    const news: string[] = [];
    for (const [componentId, member] of this.#members) {
      if (member.told === member.now) continue;
      member.told = member.now;
      this.#told.set(member.slot, member.now);
      news.push(componentId);
    }
    return news.sort();
  }
}
