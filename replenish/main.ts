import type {Mode} from '../domain/decision.ts';
import {OperationalFault} from '../domain/fault.ts';
import type {EpochMs} from '../domain/time.ts';
import type {WorldClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import type {Logger} from '../platform/log.ts';
import {Maintenance} from '../platform/maintenance.ts';
import {pgOutboxBook} from '../platform/outbox-book.ts';
import {deliverOutbox} from '../platform/outbox.ts';
import type {OutboxOptions} from '../platform/outbox.ts';
import {outboxTargets} from '../platform/outbox-targets.ts';
import type {Pool} from '../platform/pg.ts';
import {createBackorderStore} from './adapters/backorder-rows.ts';
import {createPlanStore} from './adapters/plan-store.ts';
import {createReplenishStore} from './adapters/replenish-store.ts';
import {createReviews} from './adapters/review-store.ts';
import {replenishUpkeep} from './adapters/upkeep.ts';
import {watchBackorders} from './backorder-service.ts';
import type {Committed, Reviews, Unplannable} from './ports.ts';
import {planCriticality} from './criticality.ts';
import {planLastBuy} from './last-buy.ts';
import {planSpread} from './spread.ts';
import {planRebalance, planTargets, type Planning} from './planning.ts';
import {planPolicies} from './policies.ts';
import {decideDirtyGroups} from './service.ts';

/** Groups claimed at once. */
const GROUPS_MAX = 64;
/** Signals of one group within this wall time are one decision. */
const COALESCE_MS = 100;

export interface Replenish {
  /** Decides what is due; 0 when nothing is. */
  decide(): Promise<number>;
  /** Delivers what is due; 0 when nothing is. */
  deliver(): Promise<number>;
  /** The nightly round: what is learnt from the books, if it is due. @returns 1 when it was. */
  maintain(): Promise<number>;
  readonly reviews: Reviews;
  /** Watches backorders and what was begun against them; 0 when nothing is due. */
  watchBackorders(): Promise<number>;
}

/** Wires decisions and their way out. */
export function startReplenish(options: {
  readonly configuration: Configuration;
  readonly mode: Mode;
  readonly pool: Pool;
  readonly outboxPool: Pool;
  readonly clock: WorldClock;
  readonly log: Logger;
  readonly decided: (committed: Committed) => void;
  /** Targets that recipients have of their own. */
  readonly targetOf?: OutboxOptions['targetOf'];
}): Replenish {
  const {configuration, mode, pool, outboxPool, clock, log, decided, targetOf} = options;
  const targets = outboxTargets(configuration);
  const targetIds = targets.map((target) => target.id);
  const store = createReplenishStore(pool, {targets: targetIds, mode});
  const backorders = createBackorderStore(pool);
  const setAside = ({groupId, reason}: Unplannable): void => {
    log.error({groupId, reason}, 'a part family is not planned: correct its master data');
  };
  const outbox = pgOutboxBook(outboxPool);
  const coalesceMs = clock.mode === 'stepped' ? 0 : COALESCE_MS;
  const upkeeps = replenishUpkeep(pool);
  const maintenance = new Maintenance(pool, {stage: 'replenish', upkeeps, log});
  return {
    decide: () =>
      decideDirtyGroups(
        {store, now: () => clock.now(), decided, setAside},
        {groupsMax: GROUPS_MAX, coalesceMs},
      ),
    deliver: () => deliverOutbox({book: outbox, targets, log, ...(targetOf && {targetOf})}),
    maintain: () => maintenance.runOnce(clock.now()),
    reviews: openReviews({configuration, pool, clock}),
    // Nobody is told by thresholds that nobody set, and everything else goes on.
    watchBackorders: () =>
      watchBackorders({store: backorders, now: () => clock.now()}).catch((error: unknown) => {
        if (!(error instanceof OperationalFault && error.code === 'parameter-unreadable')) throw error;
        log.error({reason: error.message}, 'backorders are not watched');
        return 0;
      }),
  };
}

/** What planners do, for a process that decides nothing itself. */
export function openReviews(options: {
  readonly configuration: Configuration;
  readonly pool: Pool;
  readonly clock: WorldClock;
}): Reviews {
  const {configuration, pool, clock} = options;
  const targets = outboxTargets(configuration).map((target) => target.id);
  return createReviews(pool, {targets, now: () => clock.now()});
}

export {openBackorderDesk} from './adapters/backorder-desk.ts';
export type {Committed} from './ports.ts';
export {createCampaigns as openCampaigns} from './adapters/campaign-store.ts';

/** Runs of the plan over the whole network. */
export function openPlanning(pool: Pool, now: () => EpochMs): Planning {
  const policies = createReplenishStore(pool, {targets: [], mode: 'shadow'});
  const store = createPlanStore(pool, (at) => policies.policy(at));
  return {
    targets: (goal, request) => planTargets(store, goal, request, now()),
    rebalance: (request) => planRebalance(store, request, now()),
    lastBuy: (request) => planLastBuy(store, request, now()),
    criticality: (request) => planCriticality(store, request, now()),
    spread: (request) => planSpread(store, request, now()),
    policies: (request) => planPolicies(store, request, now()),
  };
}
