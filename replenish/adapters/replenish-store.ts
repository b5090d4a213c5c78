import type {Mode} from '../../domain/decision.ts';
import type {EpochMs} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import type {Pool, Queryable} from '../../platform/pg.ts';
import {DEFAULT_POLICY, Policy} from '../core/decision/policy.ts';
import type {ReplenishStore} from '../ports.ts';
import {decideGroup} from '../settle-group.ts';
import {dirtyGroups} from './group-signals.ts';
import {pgGroupBook} from './pg-group-book.ts';
import {signalExpired} from './reservation-rows.ts';
import {watchTerms} from './term-change-rows.ts';

export interface ReplenishStoreOptions {
  /** Outbox targets that orders go to. */
  readonly targets: readonly string[];
  /** Mode from the configuration; a parameter row overrides it. */
  readonly mode: Mode;
}

/** Replenish's tables in PostgreSQL, through a pool under the role forestock_replenish. */
export function createReplenishStore(pool: Pool, {targets, mode}: ReplenishStoreOptions): ReplenishStore {
  const watchedTerms = watchTerms(pool);
  const book = pgGroupBook(pool);
  return {
    dirtyGroups: (groupsMax, coalesceMs) => dirtyGroups(pool, groupsMax, coalesceMs),
    async signalDue(now) {
      await signalExpired(pool, now);
      await watchedTerms(now);
    },
    policy: (now) => policyAt(pool, now, mode),
    decideGroup: (groupId, now, policy, settle) => decideGroup(book, {groupId, now, policy, settle, targets}),
  };
}

export async function policyAt(pool: Queryable, now: EpochMs, mode: Mode): Promise<Policy> {
  const stated = (await parameterInForce(pool, 'replenish.policy', now)) as Partial<Policy>;
  return Policy.parse({...DEFAULT_POLICY, mode, ...stated});
}
