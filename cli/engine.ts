import {messageOf, OperationalFault} from '../domain/fault.ts';
import type {Mode} from '../domain/decision.ts';
import type {EpochMs} from '../domain/time.ts';
import {OutgoingFeeds} from '../console/api/outgoing-feeds.ts';
import {openReadingsBus, startIngest, startStoring} from '../ingest/main.ts';
import type {Ingest, IngestOptions, ReadingsBus, Storing} from '../ingest/main.ts';
import {startNetwork} from '../network/main.ts';
import type {Network} from '../network/main.ts';
import {startNotices} from '../notices/main.ts';
import {shareFacts} from '../partners/api.ts';
import {openDataShares, shareUpkeep, startPartners} from '../partners/main.ts';
import {anchorFile} from '../platform/audit/anchor-file.ts';
import {openAnchorKey} from '../platform/audit/anchor-key.ts';
import {accessLogUpkeep, auditUpkeep} from '../platform/audit/retention.ts';
import {Sealer} from '../platform/audit/sealer.ts';
import {WorkspaceClock} from '../platform/clock.ts';
import type {ClockStart} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import type {Database} from '../platform/database.ts';
import {openFeedStream} from '../platform/feed-stream.ts';
import type {FeedStream} from '../platform/feed-stream.ts';
import {keepPartitions} from '../platform/installation.ts';
import type {Logger} from '../platform/log.ts';
import type {Loop} from '../platform/loop.ts';
import {openNats} from '../platform/nats.ts';
import {Maintenance} from '../platform/maintenance.ts';
import {localWakeUps, natsWakeUps} from '../platform/wake-ups.ts';
import {startPredict} from '../predict/main.ts';
import type {Predict} from '../predict/main.ts';
import {startReplenish} from '../replenish/main.ts';
import type {Committed, Replenish} from '../replenish/main.ts';
import {pendingWork} from './barrier.ts';
import {loopsOf, settleChain} from './stage-loops.ts';
import type {Chain} from './stage-loops.ts';

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
  /** Where NATS_URL names a bus: what other systems listen to. */
  readonly feedStream?: FeedStream;
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

/** All stages in one process: ingest → store → network → predict → replenish → outbox, each awake as soon as the one before has committed. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const {bus, ingest, storing, predict, replenish, ...rest} = await openStages(options, STAGES);
  return {...rest, bus: bus!, ingest: ingest!, storing: storing!, predict: predict!, replenish: replenish!};
}

/**
 * The named stages in this process; the others run elsewhere, as many of each as wanted, on the same database and bus.
 * One sequence from the database to the door: each step needs the ones before it, and closes before them.
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
    const sealer = new Sealer({
      pool: database.pool('forestock_platform'),
      key: () => openAnchorKey(configuration),
      file: anchorFile(configuration.dataDir),
      log,
    });
    if (runs('store')) opened.push(() => sealer.finish());
    const retention = new Maintenance(database.pool('forestock_platform'), {
      stage: 'platform',
      upkeeps: [
        auditUpkeep(database.pool('forestock_platform')),
        accessLogUpkeep(database.pool('forestock_platform')),
        shareUpkeep(database.pool('forestock_partners')),
      ],
      log,
    });
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
    const late: {door?: Ingest['door']} = {}; // opens last
    const shares = openDataShares(database.pool('forestock_partners'), clock);
    const notices = runs('replenish')
      ? startNotices({
          configuration,
          pool: database.pool('forestock_notices'),
          clock,
          publish: () => {
            const {door} = late;
            return door === undefined ? null : (topic, payload) => door.publish(topic, payload, {qos: 1});
          },
          shareFacts: (partyId, facts) => shareFacts(shares, partyId, facts),
        })
      : undefined;
    if (notices !== undefined) opened.push(() => notices.close());
    const replenish = runs('replenish')
      ? startReplenish({
          configuration,
          mode: options.mode ?? configuration.mode,
          pool: database.pool('forestock_replenish'),
          outboxPool: database.pool('forestock_platform'),
          clock,
          log,
          decided: (committed) => options.decided?.(committed),
          ...(notices && {targetOf: notices.targetOf}),
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
    if (ingest !== undefined) {
      late.door = ingest.door;
      opened.push(() => ingest.stop());
    }

    const feedStream = nats === undefined ? undefined : openFeedStream(nats);
    const chain: Chain = {
      ...{ingest, storing, predict, replenish, notices},
      // They go with the store: the follower keeps the installed base and the stock books in step with the log, the watches
      // look at what parties tell the books, the sealer at what all of them have put on record.
      ...(runs('store') && {
        follower: network.follower,
        feedWatch: network.feedWatch,
        sealer,
        retention: {maintain: () => retention.runOnce(clock.now())},
        partners: startPartners({pool: database.pool('forestock_partners'), clock}),
      }),
      ...(runs('replenish') &&
        feedStream !== undefined && {
          outgoing: new OutgoingFeeds({
            db: database.pool('forestock_api'),
            platform: database.pool('forestock_platform'),
            stream: feedStream,
          }),
        }),
    };
    const loops = loopsOf(chain, {wakeUps, log, clock});
    return {
      ...base,
      ...(bus && {bus}),
      ...(feedStream && {feedStream}),
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
      settle: () => settleChain(chain, () => pendingWork(database.pool('forestock_api'), clock.now())),
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
