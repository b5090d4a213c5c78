import {randomInt} from 'node:crypto';
import {hostname} from 'node:os';
import {messageOf} from '../domain/fault.ts';
import {shareOut} from './share-out.ts';
import type {LeaseBook} from './lease-book.ts';

export interface LeaseOptions {
  readonly book: LeaseBook;
  readonly stage: 'store' | 'predict';
  readonly partitions: number;
  /** Unique per process. */
  readonly owner: string;
  readonly log: {warn(fields: Readonly<Record<string, unknown>>, message: string): void};
  /** Names this life of the process in the book. Default: a random number. */
  readonly member?: number;
  /** Silence after which others may take over. Renewed three times as often. */
  readonly leaseMs?: number;
  /** The set has changed: whatever was remembered of partitions may be out of date. */
  readonly changed?: (partitions: readonly number[]) => void;
}

/** 9 s: a process that was killed is replaced within 12 s; a pause of the event loop below 9 s moves nothing. */
const LEASE_MS = 9000;

/**
 * Shares the partitions of a stage among its processes: each holds its fair part under a lease in the database and gives up
 * what is beyond it when another process joins. The lease only keeps two from doing the same work; what keeps them from
 * doing harm is the fencing number, checked in the transaction that writes.
 */
export class PartitionLeases {
  readonly #options: Required<Pick<LeaseOptions, 'leaseMs'>> & LeaseOptions;
  readonly #member: number;
  /** Of the leases that are ours: the epoch under which each was taken. */
  #epochs: ReadonlyMap<number, number> = new Map();
  #owned: ReadonlyMap<number, number> = new Map();
  #validUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #renewing: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = {leaseMs: LEASE_MS, ...options};
    this.#member = options.member ?? randomInt(2 ** 31);
  }

  /** Takes the first share and keeps it renewed. */
  async start(): Promise<void> {
    await this.renew();
    const tick = (): void => {
      if (this.#stopped) return;
      this.#renewing = this.renew().catch((error: unknown) => {
        const {stage, log} = this.#options;
        log.warn({stage, reason: messageOf(error)}, 'leases could not be renewed');
      });
      void this.#renewing.finally(() => (this.#timer = setTimeout(tick, this.#options.leaseMs / 3)));
    };
    this.#timer = setTimeout(tick, this.#options.leaseMs / 3);
  }

  /** Partition → fencing number; empty as soon as our own clock says that the lease may be over. */
  owned(): ReadonlyMap<number, number> {
    return performance.now() < this.#validUntilMs ? this.#owned : NONE;
  }

  async renew(): Promise<void> {
    const {book, changed, stage, owner, partitions, leaseMs} = this.#options;
    const askedAt = performance.now();
    let kept: readonly number[] = [];
    const taken = await book.renew({stage, owner, member: this.#member, leaseMs}, ({leases, members}) => {
      // Ours by name, but not as we know it: the answer to an earlier renewal got lost. Taken anew, with a new number.
      const known = leases.map((lease) => ({
        ...lease,
        expired:
          lease.expired || (lease.owner === owner && this.#epochs.get(lease.partitionNo) !== lease.epoch),
      }));
      const share = shareOut({leases: known, owner, members, partitions});
      ({kept} = share);
      return share;
    });
    const before = this.#owned;
    const epochs = kept.map((no): [number, number] => [no, this.#epochs.get(no)!]);
    const fences = kept.map((no): [number, number] => [no, before.get(no)!]);
    this.#epochs = new Map([...epochs, ...[...taken].map(([no, {epoch}]): [number, number] => [no, epoch])]);
    this.#owned = new Map([...fences, ...[...taken].map(([no, {fence}]): [number, number] => [no, fence])]);
    this.#validUntilMs = askedAt + leaseMs;
    const owned = this.#owned;
    const same = before.size === owned.size && [...owned].every(([no, fence]) => before.get(no) === fence);
    if (!same) changed?.([...owned.keys()]);
  }

  /** Gives everything back, so that others need not wait for the lease to end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    this.#validUntilMs = 0;
    const {book, stage, owner} = this.#options;
    await book.giveBack(stage, owner);
  }
}

const NONE: ReadonlyMap<number, number> = new Map();

/** Unique among the processes that are alive, and readable in the lease table. */
export function processName(): string {
  return `${hostname()}:${process.pid}:${randomInt(2 ** 31)}`;
}
