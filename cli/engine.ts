import type {Mode} from '../domain/decision.ts';
import type {EpochMs} from '../domain/time.ts';
import {startIngest} from '../ingest/main.ts';
import type {Ingest, IngestOptions} from '../ingest/main.ts';
import {startNetwork} from '../network/main.ts';
import type {Network} from '../network/main.ts';
import {WorkspaceClock} from '../platform/clock.ts';
import type {ClockStart} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import type {Database} from '../platform/database.ts';
import {keepPartitions} from '../platform/installation.ts';
import type {Logger} from '../platform/log.ts';
import {Loop} from '../platform/loop.ts';
import {startPredict} from '../predict/main.ts';
import type {Predict} from '../predict/main.ts';
import {startReplenish} from '../replenish/main.ts';
import type {Replenish} from '../replenish/main.ts';
import type {Committed} from '../replenish/ports.ts';

export interface EngineOptions {
  readonly configuration: Configuration;
  readonly clock: ClockStart;
  readonly log: Logger;
  /** Overrides the configured mode: the demo acts on its own data. */
  readonly mode?: Mode;
  /** Stock moves by equipment events (demo, replay) or by commands only. */
  readonly autoIssue: boolean;
  readonly decided?: (committed: Committed) => void;
  /** Runs before the door opens: an import, a replay's own network. */
  /** How old and how far ahead a message may be; a replay takes old ones. */
  readonly doorLimits?: IngestOptions['limits'];
  /** Instants before it are imported history: learned from, not forecast. */
  readonly forecastsFrom?: EpochMs;
  readonly prepare?: (base: EngineBase) => Promise<void>;
}

/** What stands before any stage runs. */
export interface EngineBase {
  readonly database: Database;
  readonly clock: WorkspaceClock;
  readonly network: Network;
}

export interface Engine extends EngineBase {
  readonly ingest: Ingest;
  readonly predict: Predict;
  readonly replenish: Replenish;
  /** Starts the stages' loops: for real and scaled time. */
  run(): void;
  /** Works until nothing is left to do: the barrier between two steps of a stepped clock. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const IDLE_MS = 500;
const STALE_CHECK_MS = 5000;

/** All stages in one process: ingest → network → predict → replenish → outbox, each awake as soon as the one before has committed. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const {configuration, log} = options;
  const database = await openDatabase(configuration, log);
  const opened: (() => Promise<unknown>)[] = [() => database.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.reverse()) await close();
  };
  try {
    await keepPartitions(database.pool('forestock_platform'), configuration.partitions);
    const clock = await WorkspaceClock.open(database.pool('forestock_platform'), options.clock);
    const network = startNetwork({
      pool: database.pool('forestock_network'),
      clock,
      partitions: configuration.partitions,
      autoIssue: options.autoIssue,
    });
    await options.prepare?.({database, clock, network});
    const predict = await startPredict({
      configuration,
      pool: database.pool('forestock_predict'),
      clock,
      log,
      ...(options.forecastsFrom === undefined ? {} : {forecastsFrom: options.forecastsFrom}),
    });
    opened.push(() => predict.stop());
    const replenish = startReplenish({
      configuration,
      mode: options.mode ?? configuration.mode,
      pool: database.pool('forestock_replenish'),
      outboxPool: database.pool('forestock_platform'),
      clock,
      log,
      decided: (committed) => options.decided?.(committed),
    });
    const predictOnce = async (): Promise<number> => (await predict.service.runOnce()).rows;
    const loops = {
      deliver: new Loop({name: 'outbox', runOnce: () => replenish.deliver(), idleMs: IDLE_MS, log}),
      decide: new Loop({
        name: 'replenish',
        idleMs: 50,
        log,
        runOnce: () =>
          wakeAfter(
            () => replenish.decide(),
            () => loops.deliver.wake(),
          ),
      }),
      predict: new Loop({
        name: 'predict',
        idleMs: IDLE_MS,
        log,
        runOnce: () => wakeAfter(predictOnce, () => loops.decide.wake()),
      }),
      network: new Loop({
        name: 'network',
        idleMs: IDLE_MS,
        log,
        runOnce: () =>
          wakeAfter(
            () => network.follower.runOnce(),
            () => loops.predict.wake(),
          ),
      }),
      stale: new Loop({
        name: 'renew',
        idleMs: STALE_CHECK_MS,
        log,
        runOnce: async () => (await predict.service.renewStale()).forecasts,
      }),
    };
    let running = false;
    const ingest = await startIngest({
      configuration,
      pool: database.pool('forestock_ingest'),
      clock,
      log,
      stored: () => loops.network.wake(),
      ...(options.doorLimits === undefined ? {} : {limits: options.doorLimits}),
    });
    opened.push(() => ingest.stop());
    opened.push(async () => {
      if (running) for (const loop of Object.values(loops)) await loop.stop();
    });
    return {
      database,
      clock,
      network,
      ingest,
      predict,
      replenish,
      run() {
        running = true;
        for (const loop of Object.values(loops)) loop.start();
      },
      async settle() {
        await untilIdle(() => network.follower.runOnce());
        await untilIdle(async () => (await predict.service.renewStale()).forecasts);
        await untilIdle(predictOnce);
        await untilIdle(() => replenish.decide());
        await untilIdle(() => replenish.deliver());
      },
      stop: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function wakeAfter(work: () => Promise<number>, wake: () => void): Promise<number> {
  const did = await work();
  if (did > 0) wake();
  return did;
}

async function untilIdle(work: () => Promise<number>): Promise<void> {
  while ((await work()) > 0);
}
