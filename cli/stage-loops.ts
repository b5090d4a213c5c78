import type {OutgoingFeeds} from '../console/api/outgoing-feeds.ts';
import type {Ingest, Storing} from '../ingest/main.ts';
import type {Network} from '../network/main.ts';
import type {Notices} from '../notices/main.ts';
import type {Partners} from '../partners/main.ts';
import type {Sealer} from '../platform/audit/sealer.ts';
import type {WorkspaceClock} from '../platform/clock.ts';
import type {Logger} from '../platform/log.ts';
import {Loop} from '../platform/loop.ts';
import type {WakeUps} from '../platform/wake-ups.ts';
import type {Predict} from '../predict/main.ts';
import type {Replenish} from '../replenish/main.ts';
import type {Pending} from './barrier.ts';

/** What runs in this process; the rest of the chain runs elsewhere. */
export interface Chain {
  readonly ingest?: Ingest | undefined;
  readonly storing?: Storing | undefined;
  readonly predict?: Predict | undefined;
  readonly replenish?: Replenish | undefined;
  readonly notices?: Notices | undefined;
  readonly follower?: Network['follower'];
  readonly feedWatch?: Network['feedWatch'];
  readonly partners?: Partners;
  readonly sealer?: Sealer;
  readonly retention?: {maintain(): Promise<number>};
  readonly outgoing?: OutgoingFeeds;
}

/** A lost wake-up costs at most this much latency. */
const IDLE_MS = 500;
/** Signals coalesce for some 100 ms; the loop looks more often, so as not to add to it. */
const DECIDE_IDLE_MS = 50;
const STALE_CHECK_MS = 5000;
/** A promotion or a rollback is in force this soon, in every process. */
const MODEL_CHECK_MS = 2000;
const CLOCK_KEEP_MS = 1000;
const SILENCE_CHECK_MS = 1000;
const FEED_CHECK_MS = 1000;
const BACKORDER_CHECK_MS = 1000;
/** An alert of another stage is told this soon after its commit; of a decision at once. */
const TELL_IDLE_MS = 1000;
/** An audit entry is sealed this soon after its commit. */
const SEAL_IDLE_MS = 1000;
const MAINTENANCE_CHECK_MS = 30_000;
/** Changed master data reaches the door within this; new equipment at once, by its first message. */
const DIRECTORY_REFRESH_MS = 30_000;

/** What one round of a stage has done. */
interface Round {
  readonly did: number;
  /** Another look at once may find more. */
  readonly more: boolean;
  /** The next stage has something to do. */
  readonly news: boolean;
}
type Work = () => Promise<Round>;
type Works = Readonly<Record<keyof Pending | 'renew', Work | undefined>>;

/** A stage that only counts: whatever it did may have more behind it, and is news. */
function counted(work: undefined | (() => Promise<number>)): Work | undefined {
  return (
    work &&
    (async () => {
      const did = await work();
      return {did, more: did > 0, news: did > 0};
    })
  );
}

/** One round of each stage that runs here, in the order of the chain. */
function worksOf({ingest, predict, replenish, notices, follower, feedWatch, partners}: Chain): Works {
  return {
    follow:
      follower &&
      (async () => {
        const {rows, more} = await follower.runOnce();
        return {did: rows, more, news: rows > 0};
      }),
    renew:
      predict &&
      (async () => {
        const {forecasts, signals} = await predict.service.renewStale();
        return {did: forecasts, more: forecasts > 0, news: signals > 0};
      }),
    predict:
      predict &&
      (async () => {
        const {rows, more, signals} = await predict.service.runOnce();
        return {did: rows, more, news: signals > 0};
      }),
    backorders: counted(replenish && (() => replenish.watchBackorders())),
    decide: counted(replenish && (() => replenish.decide())),
    expire: counted(replenish && (() => replenish.reviews.expireProposals())),
    watch: counted(ingest && (() => ingest.watch().then(() => 0))),
    feeds: counted(feedWatch && (() => feedWatch.runOnce())),
    contracts: counted(
      partners &&
        (async () => (await partners.expiryWatch.runOnce()) + (await partners.breachWatch.runOnce())),
    ),
    tell: counted(notices && (() => notices.tell())),
    deliver: counted(replenish && (() => replenish.deliver())),
  };
}

async function maintain({storing, predict, replenish, retention}: Chain): Promise<number> {
  return (
    ((await storing?.maintain()) ?? 0) +
    ((await predict?.maintain()) ?? 0) +
    ((await replenish?.maintain()) ?? 0) +
    ((await retention?.maintain()) ?? 0)
  );
}

interface LoopWiring {
  readonly idleMs: number;
  readonly on?: Parameters<WakeUps['on']>[0];
  readonly tell?: Parameters<WakeUps['tell']>[0];
}

/** The loops of the stages that run here, each awake when the one before says so, and telling the next. */
export function loopsOf(
  chain: Chain,
  {
    wakeUps,
    log,
    clock,
  }: {readonly wakeUps: WakeUps; readonly log: Logger; readonly clock: Pick<WorkspaceClock, 'mode' | 'keep'>},
): Loop[] {
  const loop = (name: string, work: Work | undefined, {idleMs, on, tell}: LoopWiring): Loop[] => {
    if (work === undefined) return [];
    const made = new Loop({
      name,
      idleMs,
      log,
      runOnce: async () => {
        const {did, more, news} = await work();
        if (news && tell !== undefined) wakeUps.tell(tell);
        return more ? did : 0;
      },
    });
    if (on !== undefined) wakeUps.on(on, () => made.wake());
    return [made];
  };
  const works = worksOf(chain);
  const {ingest, storing, predict, replenish, sealer, outgoing} = chain;
  const upkeep = counted((storing ?? predict ?? replenish) && (() => maintain(chain)));
  const refresh = counted(ingest && (() => ingest.directory.refresh().then(() => 0)));
  const models = counted(predict && (() => predict.models.look()));
  const keepTime = counted(clock.mode === 'real' ? undefined : () => clock.keep().then(() => 0));
  return [
    ...loop('network', works.follow, {idleMs: IDLE_MS, on: 'stored', tell: 'followed'}),
    ...loop('predict', works.predict, {idleMs: IDLE_MS, on: 'followed', tell: 'signalled'}),
    ...loop('renew', works.renew, {idleMs: STALE_CHECK_MS, tell: 'signalled'}),
    ...loop('models', models, {idleMs: MODEL_CHECK_MS}),
    ...loop('replenish', works.decide, {idleMs: DECIDE_IDLE_MS, on: 'signalled', tell: 'decided'}),
    ...loop('backorders', works.backorders, {idleMs: BACKORDER_CHECK_MS, tell: 'signalled'}),
    ...loop('expire', works.expire, {idleMs: STALE_CHECK_MS}),
    ...loop('notices', works.tell, {idleMs: TELL_IDLE_MS, on: 'decided'}),
    ...loop('outbox', works.deliver, {idleMs: IDLE_MS, on: 'decided'}),
    ...loop('outgoing', counted(outgoing && (() => outgoing.runOnce())), {idleMs: IDLE_MS, on: 'decided'}),
    ...loop('silence', works.watch, {idleMs: SILENCE_CHECK_MS}),
    ...loop('feeds', works.feeds, {idleMs: FEED_CHECK_MS}),
    ...loop('contracts', works.contracts, {idleMs: STALE_CHECK_MS}),
    ...loop('audit', counted(sealer && (() => sealer.runOnce())), {idleMs: SEAL_IDLE_MS}),
    ...loop('maintenance', upkeep, {idleMs: MAINTENANCE_CHECK_MS}),
    ...loop('directory', refresh, {idleMs: DIRECTORY_REFRESH_MS}),
    ...loop('clock', keepTime, {idleMs: CLOCK_KEEP_MS}),
  ];
}

/** Works until nothing is left to do, upkeep included: the night may learn what groups are to look at. */
export async function settleChain(chain: Chain, barrier: () => Promise<Pending>): Promise<void> {
  const works = worksOf(chain);
  await settleWorks(works, barrier);
  if ((await maintain(chain)) > 0) await settleWorks(works, barrier);
}

/** Stage after stage until it has nothing left to do; only those are asked that the barrier says have. */
async function settleWorks(works: Works, barrier: () => Promise<Pending>): Promise<void> {
  let pending = await barrier();
  for (const stage of Object.keys(works) as (keyof Works)[]) {
    const work = works[stage];
    // Renewing looks at its own clock, which costs nothing.
    while (work !== undefined && (stage === 'renew' || pending[stage])) {
      if ((await work()).did === 0) break;
      pending = await barrier();
    }
  }
}
