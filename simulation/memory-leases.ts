import type {LeaseBook, LeasesFound, Renewal, Taken} from '../platform/lease-book.ts';
import type {Share} from '../platform/share-out.ts';
import {hasCome} from './come-due.ts';
import type {Transaction} from './memory-database.ts';
import type {DatabaseLine} from './store-database.ts';

interface LeaseRow {
  readonly owner: string;
  readonly epoch: number;
  readonly untilMs: number;
}

/** The fencing numbers of partitions that a process takes over, within the transaction in which it does. */
export type MemoryFence = (
  transaction: Transaction,
  partitions: readonly number[],
) => Promise<ReadonlyMap<number, number>>;

/** The leases of one stage in memory, by a clock of their own. */
export class MemoryLeases {
  readonly #leases = new Map<number, LeaseRow>();
  readonly #members = new Map<number, LeaseRow>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Ends what a process holds, as time would. */
  lapse(owner: string): void {
    for (const rows of [this.#leases, this.#members]) {
      for (const [no, row] of rows) if (row.owner === owner) rows.set(no, {...row, untilMs: -Infinity});
    }
  }

  /** The book as a process reads it over its line to the database. */
  book(line: DatabaseLine, fence?: MemoryFence): LeaseBook {
    return {
      renew: (renewal, choose) =>
        line.inTransaction((transaction) => this.#renew(transaction, line, renewal, choose, fence)),
      giveBack: (_stage, owner) => line.statement(() => this.lapse(owner)),
    };
  }

  async #renew(
    transaction: Transaction,
    line: DatabaseLine,
    {owner, member, leaseMs}: Renewal,
    choose: (found: LeasesFound) => Share,
    fence: MemoryFence | undefined,
  ): Promise<ReadonlyMap<number, Taken>> {
    const nowMs = await line.statement(async () => {
      await transaction.lock('leases');
      return this.#nowMs();
    });
    const held = {owner, untilMs: nowMs + leaseMs};
    const alive = [...this.#members].filter(
      ([no, {untilMs}]) => !hasCome(untilMs, nowMs, leaseMs) && no !== member,
    );
    const leases = [...this.#leases]
      .sort(([a], [b]) => a - b)
      .map(([partitionNo, lease]) => ({
        ...lease,
        partitionNo,
        expired: hasCome(lease.untilMs, nowMs, leaseMs),
      }));
    const share = choose({leases, members: alive.length + 1});
    const epochOf = (no: number): number => this.#leases.get(no)?.epoch ?? 0;
    const taken = share.taken.map((no): [number, number] => [no, epochOf(no) + 1]);
    const kept = share.kept.map((no): [number, number] => [no, epochOf(no)]);
    transaction.write(() => {
      for (const [no, {untilMs}] of this.#members)
        if (hasCome(untilMs, nowMs, leaseMs)) this.#members.delete(no);
      this.#members.set(member, {...held, epoch: 0});
      for (const [no, epoch] of [...kept, ...taken]) this.#leases.set(no, {...held, epoch});
      for (const no of share.released) this.#leases.set(no, {...this.#leases.get(no)!, untilMs: -Infinity});
    });
    const fences = fence && (await line.statement(() => fence(transaction, share.taken)));
    return new Map(taken.map(([no, epoch]) => [no, {epoch, fence: fences?.get(no) ?? epoch}]));
  }
}
