import {toIso} from '../domain/time.ts';
import {causeId} from '../platform/ids.ts';
import type {Act, DecisionRow, GroupBook, GroupRows, PlacedOrder} from '../replenish/group-book.ts';
import {hasCome} from './come-due.ts';
import type {DatabaseClock} from './database-clock.ts';
import {DatabaseError} from './memory-database.ts';
import type {Transaction} from './memory-database.ts';
import type {MemoryOutbox} from './memory-outbox.ts';
import type {Shelves} from './shelves.ts';
import type {DatabaseLine} from './store-database.ts';
import type {VirtualTime} from './virtual-time.ts';

export interface Signal {
  readonly groupId: string;
  readonly raisedMs: number;
  /** The decision that answers it. */
  answeredBy?: string;
}

export interface GroupsWatch {
  decided(row: DecisionRow): void;
  placed(order: PlacedOrder): void;
  answered(signalId: string, before: string | undefined): void;
  /** Orders that a day has had. */
  counted(used: number): void;
}

interface GroupsWorld {
  readonly time: VirtualTime;
  readonly clock: DatabaseClock;
  readonly shelves: Shelves;
  readonly outbox: MemoryOutbox;
  readonly watch: GroupsWatch;
}

/** What a transaction saw when it began: what others change of it meanwhile it may not write over. */
interface Snapshot {
  readonly versions: ReadonlyMap<string, number>;
  readonly used: ReadonlyMap<string, number>;
}

/** Between a transaction's view of the rows and its lock of the group others may commit. */
const BEFORE_LOCK_MS_MAX = 3;

/** Signals, decisions and their groups in memory, beside shelves and outbox. */
export class MemoryGroups {
  readonly signals = new Map<string, Signal>();
  readonly decisions = new Map<string, DecisionRow & {state: string}>();
  readonly #versions = new Map<string, number>();
  readonly #used = new Map<string, number>();
  readonly #time: VirtualTime;
  readonly #clock: DatabaseClock;
  readonly #shelves: Shelves;
  readonly #outbox: MemoryOutbox;
  readonly #watch: GroupsWatch;

  constructor({time, clock, shelves, outbox, watch}: GroupsWorld) {
    this.#time = time;
    this.#clock = clock;
    this.#shelves = shelves;
    this.#outbox = outbox;
    this.#watch = watch;
  }

  /** Says that a group has to be looked at; saying it twice is saying it once. */
  raise(signalId: string, groupId: string): void {
    if (!this.signals.has(signalId)) this.signals.set(signalId, {groupId, raisedMs: this.#clock.nowMs});
  }

  /** Groups whose oldest signal has waited for so long. */
  dirty(groupsMax: number, coalesceMs: number): readonly string[] {
    const due = [...this.pending()].filter(({raisedMs}) =>
      hasCome(raisedMs + coalesceMs, this.#clock.nowMs, coalesceMs),
    );
    return [...new Set(due.map(({groupId}) => groupId))].sort().slice(0, groupsMax);
  }

  pending(): readonly Signal[] {
    return [...this.signals.values()].filter(({answeredBy}) => answeredBy === undefined);
  }

  /** The book as a process reads it over its line to the database. */
  book(line: DatabaseLine): GroupBook {
    return {
      inTransaction: (work) => line.inTransaction((transaction) => work(this.#rows(line, transaction))),
    };
  }

  #rows(line: DatabaseLine, transaction: Transaction): GroupRows {
    let snapshot: Snapshot = {versions: new Map(), used: new Map()};
    const write = (run: () => void): Promise<void> => line.statement(() => transaction.write(run));
    const nothing = async (): Promise<void> => line.statement(() => undefined);
    return {
      claim: (groupId) =>
        line.statement(async () => {
          snapshot = {versions: new Map(this.#versions), used: new Map(this.#used)};
          const pending = [...this.signals].filter(
            ([, each]) => each.groupId === groupId && each.answeredBy === undefined,
          );
          await this.#time.pause(BEFORE_LOCK_MS_MAX);
          return transaction.tryLock(`group:${groupId}`) ? pending.map(([id]) => id) : [];
        }),
      latestActs: (groupId) => line.statement(() => this.latestActs(groupId)),
      lastDecision: (groupId) =>
        line.statement(() => {
          const last = this.#of(groupId).at(-1);
          return last && actOf(last);
        }),
      situations: (groupId, now, policy) =>
        line.statement(() => [this.#shelves.situation(groupId, now, policy)]),
      raiseVersion: (groupId) =>
        line.statement(() => {
          const seen = snapshot.versions.get(groupId) ?? 0;
          transaction.write(
            () => this.#versions.set(groupId, seen + 1),
            () => unchanged(seen, this.#versions.get(groupId) ?? 0),
          );
          return seen + 1;
        }),
      takeOrderOfDay: (now, ordersMax) =>
        line.statement(async () => {
          const day = toIso(now).slice(0, 10);
          await transaction.lock(`orders-per-day:${day}`);
          const seen = snapshot.used.get(day) ?? 0;
          unchanged(seen, this.#used.get(day) ?? 0);
          if (seen >= ordersMax) return false;
          transaction.write(() => {
            this.#used.set(day, seen + 1);
            this.#watch.counted(seen + 1);
          });
          return true;
        }),
      addDecision: (row) =>
        write(() => {
          this.#watch.decided(row);
          this.decisions.set(row.decisionId, {...row});
        }),
      withdraw: (decisionId) => write(() => void (this.decisions.get(decisionId)!.state = 'withdrawn')),
      link: (signalIds, decisionId) =>
        line.statement(() => {
          for (const signalId of signalIds) {
            const signal = this.signals.get(signalId)!;
            transaction.write(
              () => {
                this.#watch.answered(signalId, signal.answeredBy);
                signal.answeredBy = decisionId;
              },
              () => unchanged(undefined, signal.answeredBy),
            );
          }
        }),
      sayUnplannable: async ({groupId, reason}) => {
        throw new Error(`group ${groupId} cannot be planned: ${reason}`);
      },
      clearUnplannable: nothing,
      release: nothing,
      reserve: nothing,
      allot: nothing,
      tell: nothing,
      placeOrder: (order) =>
        line.statement(() =>
          transaction.write(
            () => {
              this.#watch.placed(order);
              this.#shelves.order(order, this.#time.nowMs);
            },
            () => unchanged(true, this.#shelves.canSend(order)),
          ),
        ),
      hurryOrder: async ({orderId}) => {
        throw new Error(`order ${String(orderId)} cannot be hurried here`);
      },
      lookAgain: (groupId, decisionId) =>
        write(() => this.raise(causeId('signal', groupId, 'follow-up', decisionId), groupId)),
      enqueue: ({key, target, payload}) =>
        line.statement(() =>
          this.#outbox.enqueue(transaction, {idempotencyKey: key, targetId: target, payload}),
        ),
    };
  }

  /** As replenish/adapters/standing-acts.ts reads them. */
  latestActs(groupId: string): readonly Act[] {
    const rows = this.#of(groupId);
    const quietFrom = rows.findLastIndex(({settled}) => settled.decision.option.action === 'nothing');
    const latest = new Map<string, Act>();
    for (const row of rows.slice(quietFrom + 1)) latest.set(row.settled.decision.depotId, actOf(row));
    return [...latest.values()];
  }

  #of(groupId: string): readonly (DecisionRow & {state: string})[] {
    return [...this.decisions.values()]
      .filter((row) => row.groupId === groupId)
      .sort((a, b) => a.groupVersion - b.groupVersion);
  }
}

function actOf({decisionId, state, essence, now, settled}: DecisionRow & {state: string}): Act {
  const {decision, situation} = settled;
  const reason = decision.reasons.find(
    ({code}) => code === 'position-below-target' || code === 'position-covers-demand',
  );
  return {
    decisionId,
    state,
    essence,
    mode: situation.policy.mode,
    action: decision.option.action,
    partId: situation.part.partId,
    depotId: decision.depotId,
    at: now,
    position: reason !== undefined && 'position' in reason ? reason.position : null,
  };
}

function unchanged(seen: unknown, found: unknown): void {
  if (seen !== found) throw new DatabaseError('40001', 'could not serialize access due to concurrent update');
}
