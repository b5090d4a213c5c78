import {messageOf, OperationalFault} from '../domain/fault.ts';
import type {Mode} from '../domain/decision.ts';
import type {EpochMs} from '../domain/time.ts';
import {openReadingsBus, startIngest, startStoring} from '../ingest/main.ts';
import type {Ingest, IngestOptions, ReadingsBus, Storing} from '../ingest/main.ts';
import {startNetwork} from '../network/main.ts';
import type {Network} from '../network/main.ts';
import {startPartners} from '../partners/main.ts';
import {WorkspaceClock} from '../platform/clock.ts';
import type {ClockStart} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import type {Database} from '../platform/database.ts';
import {keepPartitions} from '../platform/installation.ts';
import type {Logger} from '../platform/log.ts';
import {Loop} from '../platform/loop.ts';
import {openNats} from '../platform/nats.ts';
import {localWakeUps, natsWakeUps} from '../platform/wake-ups.ts';
import type {WakeUps} from '../platform/wake-ups.ts';
import {startPredict} from '../predict/main.ts';
import type {Predict} from '../predict/main.ts';
import {startReplenish} from '../replenish/main.ts';
import type {Committed, Replenish} from '../replenish/main.ts';
import {pendingWork} from './barrier.ts';
import type {Pending} from './barrier.ts';

/** What `forestock start --only` may name. `console` brings no loop: who serves it opens the base alone. */
export const STAGES = ['ingest', 'store', 'predict', 'replenish', 'console'] as const;
export type StageName = (typeof STAGES)[number];

export interface EngineOptions {
  readonly configuration: Configuration;
  readonly clock: ClockStart;
  readonly log: Logger;
  /** Overrides the configured mode: the demo acts on its own data. */
  readonly mode?: Mode;
  /** Stock moves by equipment events (demo, replay) or by commands only. */
  readonly autoIssue: boolean;
  readonly decided?: (committed: Committed) => void;
  /** 'full', the default: what is committed survives a power cut. 'relaxed' (embedded database only) is for what can be made again. */
  readonly durability?: 'full' | 'relaxed';
  /** How old and how far ahead a message may be; a replay takes old ones. */
  readonly doorLimits?: IngestOptions['limits'];
  /** Instants before it are imported history: learned from, not forecast. */
  readonly forecastsFrom?: EpochMs;
  /** Runs before the door opens: an import, a replay's own network. */
  readonly prepare?: (base: EngineBase) => Promise<void>;
}

/** What stands before any stage runs. */
export interface EngineBase {
  readonly database: Database;
  readonly clock: WorkspaceClock;
  readonly network: Network;
}

/** The chosen stages, running in this process. */
export interface Stages extends EngineBase {
  readonly bus?: ReadingsBus;
  readonly ingest?: Ingest;
  readonly storing?: Storing;
  readonly predict?: Predict;
  readonly replenish?: Replenish;
  /** For whoever watches them. */
  readonly loops: readonly Loop[];
  /** Starts the stages' loops: for real and scaled time. */
  run(): void;
  /** Works until nothing is left to do: the barrier between two steps of a stepped clock. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** All stages in one process. */
export type Engine = Stages & Required<Pick<Stages, 'bus' | 'ingest' | 'storing' | 'predict' | 'replenish'>>;

/** A lost wake-up costs at most this much latency. */
const IDLE_MS = 500;
/** Signals coalesce for some 100 ms; the loop looks more often, so as not to add to it. */
const DECIDE_IDLE_MS = 50;
const STALE_CHECK_MS = 5000;
const CLOCK_KEEP_MS = 1000;
const SILENCE_CHECK_MS = 1000;
const FEED_CHECK_MS = 1000;
const BACKORDER_CHECK_MS = 1000;
const MAINTENANCE_CHECK_MS = 30_000;
/** Changed master data reaches the door within this; new equipment at once, by its first message. */
const DIRECTORY_REFRESH_MS = 30_000;

/** All stages in one process: ingest → store → network → predict → replenish → outbox, each awake as soon as the one before has committed. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const {bus, ingest, storing, predict, replenish, ...rest} = await openStages(options, STAGES);
  return {...rest, bus: bus!, ingest: ingest!, storing: storing!, predict: predict!, replenish: replenish!};
}

/**
 * The named stages in this process; the others run elsewhere, as many of each as wanted, on the same database and bus.
 *
 * @throws OperationalFault 'configuration-invalid' when a part of the chain is to run without a database and bus to share.
 */
export async function openStages(options: EngineOptions, only: readonly StageName[]): Promise<Stages> {
  const {configuration, log} = options;
  const runs = (stage: StageName): boolean => only.includes(stage);
  const whole = STAGES.every(runs);
  if (!whole) requireShared(configuration);
  const opened: (() => Promise<unknown>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const database = await openDatabase(configuration, log, options.durability);
    opened.push(() => database.close());
    await keepPartitions(database.pool('forestock_platform'), configuration.partitions);
    const clock = await WorkspaceClock.open(database.pool('forestock_platform'), options.clock);
    opened.push(() =>
      clock.stop().catch((error: unknown) => {
        log.warn({reason: messageOf(error)}, 'the clock stands by itself in a moment');
      }),
    );
    const network = startNetwork({
      pool: database.pool('forestock_network'),
      clock,
      partitions: configuration.partitions,
      autoIssue: options.autoIssue,
    });
    const base = {database, clock, network};
    await options.prepare?.(base);
    const nats =
      configuration.natsUrl === undefined
        ? undefined
        : await openNats(configuration.natsUrl, `forestock ${only.join(',')}`, log);
    if (nats !== undefined) opened.push(() => nats.close());
    const wakeUps = nats === undefined ? localWakeUps() : natsWakeUps(nats);

    const predict = runs('predict')
      ? await startPredict({
          configuration,
          pool: database.pool('forestock_predict'),
          clock,
          log,
          ...(options.forecastsFrom === undefined ? {} : {forecastsFrom: options.forecastsFrom}),
        })
      : undefined;
    if (predict !== undefined) opened.push(() => predict.stop());
    const replenish = runs('replenish')
      ? startReplenish({
          configuration,
          mode: options.mode ?? configuration.mode,
          pool: database.pool('forestock_replenish'),
          outboxPool: database.pool('forestock_platform'),
          clock,
          log,
          decided: (committed) => options.decided?.(committed),
        })
      : undefined;
    const bus = runs('ingest') || runs('store') ? await openReadingsBus(configuration, nats, log) : undefined;
    const stageOptions = {configuration, pool: database.pool('forestock_ingest'), clock, log};
    const storing =
      runs('store') && bus !== undefined
        ? await startStoring({
            ...stageOptions,
            bus,
            stored: (partitions) => wakeUps.tell('stored', partitions),
          })
        : undefined;
    if (storing !== undefined) opened.push(() => storing.stop());
    if (bus !== undefined) opened.push(() => bus.close());
    const ingest =
      runs('ingest') && bus !== undefined
        ? await startIngest({
            ...stageOptions,
            bus,
            ...(options.doorLimits === undefined ? {} : {limits: options.doorLimits}),
          })
        : undefined;
    if (ingest !== undefined) opened.push(() => ingest.stop());

    // The follower keeps the installed base and the stock books in step with the log: it goes with the store, and so does
    // the watch over what parties tell the books.
    const {follower, feedWatch} = runs('store') ? network : {};
    const {expiryWatch} = runs('store')
      ? startPartners({pool: database.pool('forestock_partners'), clock})
      : {};
    const works = {
      follow: follower && (() => follower.runOnce()),
      renew: predict && (async () => (await predict.service.renewStale()).forecasts),
      predict: predict && (async () => (await predict.service.runOnce()).rows),
      backorders: replenish && (() => replenish.watchBackorders()),
      decide: replenish && (() => replenish.decide()),
      expire: replenish && (() => replenish.reviews.expireProposals()),
      deliver: replenish && (() => replenish.deliver()),
      watch: ingest && (() => ingest.watchSilence().then(() => 0)),
      feeds: feedWatch && (() => feedWatch.runOnce()),
      contracts: expiryWatch && (() => expiryWatch.runOnce()),
    };
    const maintain = async (): Promise<number> =>
      ((await storing?.maintain()) ?? 0) +
      ((await predict?.maintain()) ?? 0) +
      ((await replenish?.maintain()) ?? 0);
    const loops = [
      loop('network', works.follow, {idleMs: IDLE_MS, wakeUps, on: 'stored', tell: 'followed', log}),
      loop('predict', works.predict, {idleMs: IDLE_MS, wakeUps, on: 'followed', tell: 'signalled', log}),
      loop('renew', works.renew, {idleMs: STALE_CHECK_MS, wakeUps, tell: 'signalled', log}),
      loop('replenish', works.decide, {
        idleMs: DECIDE_IDLE_MS,
        wakeUps,
        on: 'signalled',
        tell: 'decided',
        log,
      }),
      loop('backorders', works.backorders, {idleMs: BACKORDER_CHECK_MS, wakeUps, tell: 'signalled', log}),
      loop('expire', works.expire, {idleMs: STALE_CHECK_MS, wakeUps, log}),
      loop('outbox', works.deliver, {idleMs: IDLE_MS, wakeUps, on: 'decided', log}),
      loop('silence', works.watch, {idleMs: SILENCE_CHECK_MS, wakeUps, log}),
      loop('feeds', works.feeds, {idleMs: FEED_CHECK_MS, wakeUps, log}),
      loop('contracts', works.contracts, {idleMs: STALE_CHECK_MS, wakeUps, log}),
      loop('maintenance', storing || predict || replenish ? maintain : undefined, {
        idleMs: MAINTENANCE_CHECK_MS,
        wakeUps,
        log,
      }),
      loop('directory', ingest && (() => ingest.directory.refresh().then(() => 0)), {
        idleMs: DIRECTORY_REFRESH_MS,
        wakeUps,
        log,
      }),
      loop('clock', clock.mode === 'real' ? undefined : () => clock.keep().then(() => 0), {
        idleMs: CLOCK_KEEP_MS,
        wakeUps,
        log,
      }),
    ].filter((each) => each !== undefined);
    return {
      ...base,
      ...(bus && {bus}),
      ...(ingest && {ingest}),
      ...(storing && {storing}),
      ...(predict && {predict}),
      ...(replenish && {replenish}),
      loops,
      run() {
        // The door with them, not after them: a loop may take a while to end its round.
        opened.push(() => Promise.all([ingest?.stop(), ...loops.map((each) => each.stop())]));
        for (const each of loops) each.start();
      },
      async settle() {
        const rest = (): Promise<void> =>
          settleWorks(works, () => pendingWork(database.pool('forestock_api'), clock.now()));
        await rest();
        if ((await maintain()) > 0) await rest(); // the night may have learnt what groups are to look at
      },
      stop: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function requireShared({databaseUrl, natsUrl}: Configuration): void {
  const missing = [databaseUrl === undefined && 'DATABASE_URL', natsUrl === undefined && 'NATS_URL'].filter(
    (key) => key !== false,
  );
  if (missing.length === 0) return;
  throw new OperationalFault(
    'configuration-invalid',
    `--only runs a part of the chain, which shares a database and a bus with the rest: set ${missing.join(' and ')}, or start all stages in one process`,
    {retryable: false},
  );
}

interface LoopWiring {
  readonly idleMs: number;
  readonly wakeUps: WakeUps;
  readonly log: Logger;
  readonly on?: Parameters<WakeUps['on']>[0];
  readonly tell?: Parameters<WakeUps['tell']>[0];
}

/** A stage's loop, awake when the one before says so, and telling the next; none when the stage runs elsewhere. */
function loop(
  name: string,
  work: (() => Promise<number>) | undefined,
  {idleMs, wakeUps, log, on, tell}: LoopWiring,
): Loop | undefined {
  if (work === undefined) return undefined;
  const made = new Loop({
    name,
    idleMs,
    log,
    runOnce: async () => {
      const did = await work();
      if (did > 0 && tell !== undefined) wakeUps.tell(tell);
      return did;
    },
  });
  if (on !== undefined) wakeUps.on(on, () => made.wake());
  return made;
}

type Works = Readonly<Record<keyof Pending | 'renew', (() => Promise<number>) | undefined>>;

/** Stage after stage until it has nothing left to do; only those are asked that the barrier says have. */
async function settleWorks(works: Works, barrier: () => Promise<Pending>): Promise<void> {
  let pending = await barrier();
  for (const stage of Object.keys(works) as (keyof Works)[]) {
    const work = works[stage];
    // Renewing looks at its own clock, which costs nothing.
    while (work !== undefined && (stage === 'renew' || pending[stage])) {
      if ((await work()) === 0) break;
      pending = await barrier();
    }
  }
}
