import type {Claimed, OutboxBook} from '../platform/outbox-book.ts';
import {FAILURES_MAX, PROBE_LAST_S, probePauseS} from '../platform/outbox-breaker.ts';
import {RETRY_MAX_MS} from '../platform/retry-pause.ts';
import {hasCome} from './come-due.ts';
import type {Transaction} from './memory-database.ts';
import type {DatabaseLine} from './store-database.ts';

/** Effects that a process takes at once; small, so that batches fill up. */
export const BATCH_MAX = 4;

/** What a transaction leaves behind for somebody outside. */
export interface NewEffect {
  readonly idempotencyKey: string;
  readonly targetId: string;
  readonly payload: Record<string, unknown>;
}

export interface EffectRow extends NewEffect {
  readonly outboxId: number;
  state: 'pending' | 'delivered' | 'dead';
  attempts: number;
  nextMs: number;
  leaseUntilMs: number;
  waitingSinceMs: number;
}

interface TargetRow {
  failures: number;
  probes: number;
  restingSinceMs: number | undefined;
  probeMs: number;
}

export interface OutboxWatch {
  /** A row is there, or its state is another one. @param nowMs by the database's clock */
  changed?(row: EffectRow, nowMs: number): void;
  /** Somebody has taken an effect of a target that rests. */
  asked?(targetId: string): void;
  /** A target rests no more. */
  awake?(targetId: string): void;
}

/** The outbox in memory, by a clock of its own. Numbers are given before the commit, as a sequence gives them, so a later one may be seen first. */
export class MemoryOutbox {
  readonly rows = new Map<number, EffectRow>();
  readonly targets = new Map<string, TargetRow>();
  readonly #nowMs: () => number;
  readonly #watch: OutboxWatch;
  #lastId = 0;

  constructor(nowMs: () => number, watch: OutboxWatch = {}) {
    this.#nowMs = nowMs;
    this.#watch = watch;
  }

  /** platform.enqueue_effect: a key that is there already stays as it is. */
  enqueue(transaction: Transaction, effect: NewEffect): void {
    const outboxId = (this.#lastId += 1);
    const waitingSinceMs = this.#nowMs();
    transaction.write(() => {
      if ([...this.rows.values()].some(({idempotencyKey}) => idempotencyKey === effect.idempotencyKey))
        return;
      const row: EffectRow = {
        ...effect,
        outboxId,
        state: 'pending',
        attempts: 0,
        nextMs: -Infinity,
        leaseUntilMs: -Infinity,
        waitingSinceMs,
      };
      this.rows.set(outboxId, row);
      this.#watch.changed?.(row, this.#nowMs());
    });
  }

  /** The book as a process reads it over its line to the database; each statement by itself, as in PostgreSQL. */
  book(line: DatabaseLine): OutboxBook {
    return {
      probes: (leaseMs) => line.statement(() => this.#probes(leaseMs)),
      claim: ({batchMax, leaseMs, probed}) =>
        line.statement(() => {
          const due = [
            ...this.#due(batchMax, leaseMs),
            ...probed.flatMap((targetId) => this.#question(targetId, leaseMs)),
          ];
          return due.map((row) => this.#lease(row, leaseMs));
        }),
      delivered: (outboxId) => line.statement(() => this.#become(this.rows.get(outboxId)!, 'delivered')),
      postpone: ({outboxId, attempts}, {pauseMs, giveUpAfterMs}) =>
        line.statement(() => {
          const row = this.rows.get(outboxId)!;
          if (row.state !== 'pending' || row.attempts !== attempts) return undefined;
          row.nextMs = this.#nowMs() + pauseMs;
          row.leaseUntilMs = -Infinity;
          if (this.#hasWaited(row, giveUpAfterMs)) this.#become(row, 'dead');
          return this.rows.get(outboxId)!.state === 'dead' ? 'dead' : 'pending';
        }),
      giveUpBehind: (targetId, {giveUpAfterMs}) =>
        line.statement(() => {
          if (!this.#rests(targetId)) return;
          for (const row of this.#free(targetId, Infinity))
            if (this.#hasWaited(row, giveUpAfterMs)) this.#become(row, 'dead');
        }),
      replay: (outboxId) => line.statement(() => this.#replay(outboxId)),
      answered: (targetId) => line.statement(() => this.#answered(targetId)),
      failed: async (targetId, wasProbe) => {
        const probes = await line.statement(() => this.#failed(targetId, wasProbe));
        await line.statement(() => {
          const target = this.targets.get(targetId)!;
          if (target.restingSinceMs === undefined || !(wasProbe || target.probeMs === -Infinity)) return;
          target.probeMs = this.#nowMs() + probePauseS(probes) * 1000;
        });
      },
    };
  }

  #probes(leaseMs: number): readonly string[] {
    const nowMs = this.#nowMs();
    const due = [...this.targets].filter(
      ([id, {probeMs}]) => this.#rests(id) && hasCome(probeMs, nowMs, 1000 * PROBE_LAST_S),
    );
    for (const [, target] of due) target.probeMs = nowMs + leaseMs;
    return due.map(([id]) => id);
  }

  #due(batchMax: number, leaseMs: number): readonly EffectRow[] {
    const nowMs = this.#nowMs();
    return [...this.rows.values()]
      .filter(
        ({state, nextMs, leaseUntilMs}) =>
          state === 'pending' &&
          hasCome(nextMs, nowMs, RETRY_MAX_MS) &&
          hasCome(leaseUntilMs, nowMs, leaseMs),
      )
      .filter(({targetId}) => !this.#rests(targetId))
      .sort((a, b) => compare(a.nextMs, b.nextMs) || a.outboxId - b.outboxId)
      .slice(0, batchMax);
  }

  #question(targetId: string, leaseMs: number): readonly EffectRow[] {
    return [...this.#free(targetId, leaseMs)]
      .sort((a, b) => a.attempts - b.attempts || a.outboxId - b.outboxId)
      .slice(0, 1);
  }

  /** What waits for a target and nobody has in hand. */
  #free(targetId: string, leaseMs: number): readonly EffectRow[] {
    const nowMs = this.#nowMs();
    return [...this.rows.values()].filter(
      (row) =>
        row.state === 'pending' && row.targetId === targetId && hasCome(row.leaseUntilMs, nowMs, leaseMs),
    );
  }

  #lease(row: EffectRow, leaseMs: number): Claimed {
    row.leaseUntilMs = this.#nowMs() + leaseMs;
    row.attempts += 1;
    if (this.#rests(row.targetId)) this.#watch.asked?.(row.targetId);
    const {outboxId, idempotencyKey, targetId, payload, attempts} = row;
    const suspect = (this.targets.get(targetId)?.failures ?? 0) > 0;
    return {outboxId, idempotencyKey, targetId, payload, attempts, suspect};
  }

  #become(row: EffectRow, state: EffectRow['state']): void {
    row.state = state;
    this.#watch.changed?.(row, this.#nowMs());
  }

  #replay(outboxId: number): boolean {
    const row = this.rows.get(outboxId);
    if (row?.state !== 'dead') return false;
    Object.assign(row, {attempts: 0, nextMs: -Infinity, waitingSinceMs: this.#nowMs()});
    this.#become(row, 'pending');
    return true;
  }

  #answered(targetId: string): void {
    const target = this.targets.get(targetId);
    if (target === undefined || target.failures === 0) return;
    const rested = this.#rests(targetId);
    Object.assign(target, {failures: 0, probes: 0, restingSinceMs: undefined});
    if (!rested) return;
    this.#watch.awake?.(targetId);
    for (const row of this.rows.values())
      if (row.state === 'pending' && row.targetId === targetId) row.nextMs = -Infinity;
  }

  #failed(targetId: string, wasProbe: boolean): number {
    const fresh = {failures: 0, probes: 0, restingSinceMs: undefined, probeMs: -Infinity};
    const target = this.targets.get(targetId);
    const row: TargetRow = target ?? fresh;
    this.targets.set(targetId, row);
    row.failures += 1;
    if (target !== undefined && wasProbe) row.probes += 1;
    if (target !== undefined && row.failures >= FAILURES_MAX) row.restingSinceMs ??= this.#nowMs();
    return row.probes;
  }

  #rests(targetId: string): boolean {
    return this.targets.get(targetId)?.restingSinceMs !== undefined;
  }

  #hasWaited({waitingSinceMs}: EffectRow, forMs: number): boolean {
    return waitingSinceMs <= this.#nowMs() - forMs;
  }
}

/** −Infinity equals itself, which a difference does not say. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
