import type {DecisionRow, PlacedOrder} from '../replenish/group-book.ts';
import {settleGroup} from '../replenish/service.ts';
import type {GroupsWatch, MemoryGroups} from './memory-groups.ts';
import {GROUPS} from './shelves.ts';
import type {Shelves} from './shelves.ts';
import type {Policy} from '../replenish/core/decision/policy.ts';
import type {World} from './world.ts';

/** What was decided, and what was ordered because of it; each entry is checked as it is committed. */
export class DecisionsLedger implements GroupsWatch {
  readonly #world: World;
  readonly #shelves: Shelves;
  readonly #policy: Policy;
  readonly #decided = new Map<string, DecisionRow>();
  readonly #orderOf = new Map<string, string>();
  readonly #versions = new Map<string, number>();

  constructor(world: World, shelves: Shelves, policy: Policy) {
    this.#world = world;
    this.#shelves = shelves;
    this.#policy = policy;
  }

  /** Those that were carried out by themselves. */
  get executed(): readonly string[] {
    return [...this.#decided.values()]
      .filter(({state}) => state === 'executed')
      .map(({decisionId}) => decisionId);
  }

  decided(row: DecisionRow): void {
    const {decisionId, groupId, groupVersion, settled, state} = row;
    const {ledger} = this.#world;
    if (this.#decided.has(decisionId)) ledger.fail(`decision ${decisionId} is written twice`);
    this.#decided.set(decisionId, row);
    const before = this.#versions.get(groupId) ?? 0;
    if (groupVersion !== before + 1)
      ledger.fail(`decision ${decisionId} is version ${groupVersion} of ${groupId}, after version ${before}`);
    this.#versions.set(groupId, groupVersion);
    const known = settled.situation.depots.flatMap(({receipts}) => receipts.map(({orderId}) => orderId));
    for (const [orderId, order] of this.#shelves.orders)
      if (order.groupId === groupId && !order.isHere && !known.includes(orderId))
        ledger.fail(`decision ${decisionId} did not know of order ${orderId}`);
    const isMoved = settled.decision.option.action !== 'nothing';
    if (state === 'executed' && !(isMoved && this.#policy.mode === 'auto'))
      ledger.fail(`decision ${decisionId} acts in mode ${this.#policy.mode}`);
  }

  placed({orderId, decisionId}: PlacedOrder): void {
    const {ledger} = this.#world;
    if (this.#decided.get(decisionId)?.state !== 'executed')
      ledger.fail(`order ${String(orderId)} is for decision ${decisionId}, which is not carried out`);
    const other = this.#orderOf.get(decisionId);
    if (other !== undefined) ledger.fail(`decision ${decisionId} has two orders, ${other} and ${orderId!}`);
    this.#orderOf.set(decisionId, orderId!);
  }

  answered(signalId: string, before: string | undefined): void {
    if (before !== undefined) this.#world.ledger.fail(`signal ${signalId} is answered twice`);
  }

  counted(used: number): void {
    const {autoOrdersPerDay} = this.#policy;
    if (used > autoOrdersPerDay)
      this.#world.ledger.fail(`${used} orders on one day, where ${autoOrdersPerDay} are allowed`);
  }

  /** When all is well again: each decision has its order, and nobody would decide anything else. */
  reconcile(groups: MemoryGroups): void {
    const {ledger, time} = this.#world;
    for (const decisionId of this.executed)
      if (!this.#orderOf.has(decisionId)) ledger.fail(`decision ${decisionId} has no order`);
    for (const groupId of GROUPS) {
      const situation = this.#shelves.situation(groupId, time.now(), this.#policy);
      const left = settleGroup({groupId, signalIds: [], situations: [situation]})?.decision;
      if (left === undefined || left.option.action === 'nothing') continue;
      const acts = groups.latestActs(groupId);
      if (!acts.some(({state, depotId}) => depotId === left.depotId && ASKED.has(state)))
        ledger.fail(`${groupId} at ${left.depotId} is left with ${left.option.action} to be done`);
    }
  }
}

/** States in which a decision waits for somebody else. */
const ASKED: ReadonlySet<string> = new Set(['proposed', 'recorded']);
