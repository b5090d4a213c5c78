import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {Command} from 'commander';
import type {ConsoleServer} from '../console/api/server.ts';
import {traceDecision} from '../console/api/trace.ts';
import {DAY_MS, epochMs, toMinute} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {importHistory} from '../ingest/main.ts';
import type {PastEntry} from '../ingest/main.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {emptyDataFolder} from '../platform/embedded-postgres/empty-folder.ts';
import {createLogger} from '../platform/log.ts';
import {phraseOption} from '../replenish/api.ts';
import type {Committed} from '../replenish/main.ts';
import {contractTerms} from '../simulator/contract-terms.ts';
import {connectGateways} from '../simulator/device.ts';
import {createFleet} from '../simulator/fleet.ts';
import type {Fleet} from '../simulator/fleet.ts';
import type {MasterData} from '../simulator/master-data.ts';
import {referenceNetwork} from '../simulator/network.ts';
import {addDemoUsers, usersText} from './demo-users.ts';
import {openEngine} from './engine.ts';
import type {Engine} from './engine.ts';
import {requireFreePorts} from './free-port.ts';
import {inStep} from './in-step.ts';
import {leaveInTime} from './leave-in-time.ts';
import {wholeNumber} from './option-values.ts';
import {printTrace, traceSummary} from './print-trace.ts';
import {serveApi} from './serve-api.ts';
import {SurroundingWorld} from './surrounding-world.ts';

/** The demo's world starts here, whatever the day: the same seed tells the same story. */
const START_AT = epochMs(Date.UTC(2026, 0, 5, 6));
/** Telemetry before the start, so that the first windows are full. */
const HISTORY_DAYS = 8;
const TICK_MS = 200;
/** From here on a failure forecast is a warning that a person would want to see explained. */
const WARNED_FROM_PPM = 50_000;
/** Longest wait for a decision behind which such a warning stands; then the first decision of any kind is shown. */
const WARNED_WITHIN_MS = 90_000;

interface DemoOptions {
  readonly seed: number;
  readonly machines: number;
  readonly rate: number;
  readonly exitAfterDecision?: boolean;
  readonly users?: boolean;
  readonly portOffset?: string;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('a simulated fleet on a fast clock, everything embedded; acts within limits on its own data')
    .option('--seed <n>', 'the same seed tells the same story', wholeNumber, 7)
    .option('--machines <n>', 'size of the fleet', wholeNumber, 240)
    .option('--rate <n>', 'world seconds per second', wholeNumber, 900)
    .option(
      '--exit-after-decision',
      'stop after the first decision that is not "nothing"; its trace is the last line, as JSON',
    )
    .option('--users', 'a user for each role, whose passwords it prints; then everybody signs in')
    .option('--port-offset <n>', 'added to every port, so that a second installation fits on the machine')
    .action(runDemo);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const base = readConfiguration(process.env, {portOffset: options.portOffset});
  const configuration = {...base, dataDir: path.resolve(base.dataDir, 'demo')};
  const log = createLogger(process.env['LOG_LEVEL'] ?? 'warn');
  const say = (text: string): void => console.log(text);
  await emptyDataFolder(configuration.dataDir);
  await requireFreePorts(configuration);
  // Nothing is worth draining before the fleet speaks; leaving takes the database's server along.
  let leave = (): void => process.exit(130);
  process.on('SIGINT', () => leave()).on('SIGTERM', () => leave());
  const {seed, machines, rate} = options;
  const reference = referenceNetwork({seed, startAt: START_AT, machines});
  const network: MasterData = {...reference, contract_term: contractTerms(reference)};
  const fleet = createFleet({seed, network, startAt: START_AT, historyDays: HISTORY_DAYS});
  const decisions = new DecisionFeed(say);
  say('Starting the embedded database, importing the reference network and its history …');
  const engine = await openEngine({
    configuration,
    clock: {mode: 'scaled', worldAt: START_AT, rate},
    log,
    mode: 'auto',
    autoIssue: true,
    forecastsFrom: START_AT,
    decided: (committed) => decisions.add(committed),
    async prepare({database, network: stage, clock}) {
      await clock.setRate(0); // nothing happens before everything stands
      await stage.importMaster(network, 'demo');
      const past = await importHistory(database.pool('forestock_ingest'), pastOf(fleet), {
        partitions: configuration.partitions,
        now: START_AT,
      });
      say(
        `  ${network['equipment']?.length ?? 0} machines, ${network['depot']?.length ?? 0} depots, ${past.stored} readings of the last ${HISTORY_DAYS} days`,
      );
    },
  });
  const stopping = new AbortController();
  leave = () => {
    if (stopping.signal.aborted) return; // npm passes on what the terminal has sent us already
    leaveInTime(log);
    stopping.abort();
  };
  let api: ConsoleServer | undefined;
  try {
    const users = options.users === true ? await addDemoUsers(engine, network) : null;
    // That the demo is open to every program on this machine is no news to who started it.
    api = await serveApi(engine, {
      configuration: {...configuration, mode: 'auto'},
      log: createLogger(process.env['LOG_LEVEL'] ?? 'error'),
      demo: true,
      everybodySignsIn: users !== null,
    });
    if (users !== null) say(usersText(users, api.url));
    say('Learning from the history, forecasting every component, deciding …');
    await engine.settle();
    say(
      `Console and API on ${api.url}, MQTT on port ${engine.ingest.mqttPort ?? 0}, model backend ${engine.predict.models.current.scorer.backend}; 1 s is ${rate / 60} min. The demo acts on its own data within limits.`,
    );
    engine.run();
    await engine.clock.setRate(rate);
    // Stopped before the fleet connects, there is nothing that the stop would end.
    if (!stopping.signal.aborted) await live(engine, fleet, stopping.signal, options, decisions);
    const shown = decisions.first ?? decisions.acting;
    decisions.hush(); // the trace is the last that is said
    if (options.exitAfterDecision === true && shown !== null) await report(engine, shown);
  } finally {
    await api?.stop();
    await engine.stop();
  }
}

/** Sends what the fleet has to say as world time passes, and lets technicians and suppliers do their part. */
async function live(
  engine: Engine,
  fleet: Fleet,
  signal: AbortSignal,
  {seed, rate, exitAfterDecision: untilDecision = false}: DemoOptions,
  decisions: DecisionFeed,
): Promise<void> {
  const clock = {
    now: () => engine.clock.now(),
    until: async (at: EpochMs) => {
      while (engine.clock.now() < at) await pause(20);
    },
  };
  const gateways = connectGateways({url: `mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, clock});
  const world = new SurroundingWorld({
    network: engine.network,
    pool: engine.database.pool('forestock_network'),
    fleet,
    seed,
  });
  signal.addEventListener('abort', () => void gateways.abandon());
  const patientUntilMs = performance.now() + WARNED_WITHIN_MS;
  const seen = (): boolean =>
    decisions.first !== null || (decisions.acting !== null && performance.now() > patientUntilMs);
  while (!signal.aborted && !(untilDecision && seen())) {
    await inStep(engine.clock, rate, async () => {
      const now = engine.clock.now();
      await world.turn(now);
      await gateways.send(fleet.advance(now));
      await gateways.drained();
    });
    await pause(TICK_MS, undefined, {signal}).catch(() => undefined);
  }
  if (!signal.aborted) await gateways.close();
}

async function report(engine: Engine, decisionId: string): Promise<void> {
  const trace = await traceDecision(engine.database.pool('forestock_api'), decisionId);
  if (trace === null) return;
  console.log(printTrace(trace));
  console.log(JSON.stringify(traceSummary(trace)));
}

function* pastOf(fleet: Fleet): Generator<PastEntry> {
  const {telemetry, events} = fleet.history();
  for (const {equipmentId, at, signals} of telemetry) {
    const values = Object.fromEntries(
      Object.entries(signals)
        .filter(([, s]) => s.n > 0)
        .map(([name, s]) => [name, s.mean]),
    );
    if (Object.keys(values).length > 0) yield {equipmentId, observedAt: at, values};
  }
  for (const {equipmentId, at, type, code, positionId} of events) {
    if (type !== 'error' || at < START_AT - HISTORY_DAYS * DAY_MS) continue;
    yield {
      equipmentId,
      observedAt: at,
      event: {type, ...(code === undefined ? {} : {code}), ...(positionId === undefined ? {} : {positionId})},
    };
  }
}

/** One line per decision that acts. */
class DecisionFeed {
  /** The first one that a machine's readings brought about. */
  first: string | null = null;
  /** The first one of any kind. */
  acting: string | null = null;
  #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  hush(): void {
    this.#say = () => undefined;
  }

  add({decisionId, written, settled, state}: Committed): void {
    const {decision, situation} = settled;
    if (!written || decision.option.action === 'nothing') return;
    this.acting ??= decisionId;
    const warned = decision.reasons.some(
      (reason) =>
        reason.code === 'failure-expected' &&
        reason.method === 'model' &&
        reason.probabilityPpm >= WARNED_FROM_PPM,
    );
    if (warned) this.first ??= decisionId;
    this.#say(
      `${toMinute(epochMs(situation.now))}  ${situation.part.partId.padEnd(14)} ${decision.depotId.padEnd(8)} ${phraseOption(decision.option)} (${state})`,
    );
  }
}
