import path from 'node:path';
import {Command} from 'commander';
import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {DAY_MS, toMinute} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {createLogger} from '../platform/log.ts';
import {setParameter} from '../platform/parameters.ts';
import type {Pool} from '../platform/pg.ts';
import {openEngine} from './engine.ts';
import type {Engine} from './engine.ts';
import {instant} from './option-values.ts';
import {azurePdm} from './replay/azure-pdm.ts';
import type {ReplayMessage, ReplaySource} from './replay/source.ts';
import {runWhatIf, withWhatIfOptions} from './replay/what-if.ts';
import type {WhatIfOptions} from './replay/what-if.ts';
import {SupplySide} from './supply-side.ts';
import {sendAtOnce} from '../platform/no-delay.ts';

/** Messages without PUBACK at most; what is due at one instant goes out together. */
const IN_FLIGHT_MAX = 500;
/** A recorded history may be older than what a live door takes. */
const AGE_MAX_MS = 20 * 365 * DAY_MS;
const SEED = 1;
/** Nobody sits beside a replay to approve large orders. */
const AUTO_ORDER_MAX_MINOR = 1_000_000_000;

interface ReplayOptions {
  readonly dir: string;
  readonly json?: boolean;
  readonly until?: number;
}

export function replayCommand(): Command {
  const azure = new Command('azure-pdm')
    .description(
      'the Azure predictive-maintenance set through the MQTT door, in a workspace of its own on a stepped clock',
    )
    .requiredOption('--dir <folder>', 'folder with PdM_machines.csv.gz, telemetry_3h.csv.gz, …')
    .option(
      '--until <instant>',
      'stop at this world time (ISO 8601); a later call goes on from there',
      instant,
    )
    .option('--json', 'end with one JSON object')
    .addHelpText('after', '\nExample: forestock replay azure-pdm --dir data/azure-pdm --json')
    .action(async (options: ReplayOptions) => replay(await azurePdm(options.dir), options));
  return withWhatIfOptions(
    new Command('replay')
      .description(
        'recorded history: as if it happened now, or what another policy, stock or cost would have decided',
      )
      .option('--what-if <file>', 'the same as replay what-if <file>'),
  )
    .enablePositionalOptions() // an option behind a subcommand is the subcommand's
    .action(async ({whatIf, ...options}: WhatIfOptions & {whatIf?: string}, command: Command) => {
      if (whatIf === undefined) command.help({error: true});
      await runWhatIf(whatIf, options);
    })
    .addCommand(azure)
    .addCommand(whatIfCommand());
}

function whatIfCommand(): Command {
  const command = new Command('what-if')
    .description(
      'decides the recorded history again with another world laid over it, and shows the differences',
    )
    .argument('<file>', 'JSON: policy, stock, leadTimes, costs, contracts, model (docs/operations.md)')
    .addHelpText(
      'after',
      '\nReads only. Exit code: 0 done, 1 failed, 2 wrong file or option.\nExample: forestock replay what-if slower-supplier.json --from 2026-01-01T00:00:00Z',
    );
  return withWhatIfOptions(command).action(runWhatIf);
}

/** Runs a recorded history through the real chain; a second run meets the first run's rows and adds nothing. */
async function replay(source: ReplaySource, options: ReplayOptions): Promise<void> {
  const base = readConfiguration(process.env);
  const configuration = {
    ...base,
    dataDir: path.resolve(base.dataDir, `replay-${source.name}`),
    mqttPort: 0,
    mqttHost: '127.0.0.1',
  };
  const log = createLogger(process.env['LOG_LEVEL'] ?? 'warn');
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  say(`${source.messages.length} messages; ${source.note}`);
  const engine = await openEngine({
    configuration,
    clock: {mode: 'stepped', worldAt: source.startAt},
    log,
    mode: 'auto',
    autoIssue: true,
    durability: 'relaxed', // a power cut costs the last moments of a replay, which the next call sends again
    doorLimits: {aheadMsMax: 5 * 60_000, ageMsMax: AGE_MAX_MS},
    async prepare({network, database}) {
      // Once: in a later call positions have a history, which an installation from the start would contradict.
      if (!(await hasEquipment(database.pool('forestock_api'))))
        await network.importMaster(source.network, 'replay');
      await setParameter(database.pool('forestock_platform'), {
        key: 'replenish.policy',
        value: {version: 'replay-1', autoOrderMaxMinor: AUTO_ORDER_MAX_MINOR},
        from: source.startAt,
        actor: 'replay',
      });
    },
  });
  try {
    await drive(engine, source, options.until ?? Infinity, say);
    const summary = await summarise(engine.database.pool('forestock_api'));
    if (options.json === true) console.log(JSON.stringify(summary));
    else console.log(JSON.stringify(summary, null, 2));
  } finally {
    await engine.stop();
  }
}

async function hasEquipment(db: Pool): Promise<boolean> {
  const found = await db.query<{there: boolean}>('SELECT EXISTS (SELECT FROM network.equipment) AS there');
  return found.rows[0]!.there;
}

/** Next step = the next arrival, delivery or timer; everything due goes through MQTT, the chain settles, then time moves on. */
async function drive(
  engine: Engine,
  source: ReplaySource,
  until: number,
  say: (text: string) => void,
): Promise<void> {
  const {clock} = engine;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, {
    clientId: 'replay',
    protocolVersion: 4,
  });
  sendAtOnce(client);
  const supply = new SupplySide({
    ports: engine.network.ports,
    pool: engine.database.pool('forestock_network'),
    seed: SEED,
  });
  const progress = new Progress(source, say);
  const {messages} = source;
  try {
    let next = 0;
    while (next < messages.length && messages[next]!.arrivesAt <= clock.now()) next += 1;
    // What an earlier run has sent is sent again: the store says it has it.
    await send(client, messages.slice(0, next));
    await engine.settle();
    let {nextAt: delivery} = await supply.turn(clock.now());
    while (next < messages.length) {
      const at = Math.min(messages[next]!.arrivesAt, delivery, (await nextTimer(engine)) ?? Infinity);
      if (at > until) break;
      await clock.advanceTo(at as EpochMs);
      const from = next;
      while (next < messages.length && messages[next]!.arrivesAt <= at) next += 1;
      await send(client, messages.slice(from, next));
      await engine.settle();
      const {acted, nextAt} = await supply.turn(clock.now());
      delivery = nextAt;
      if (acted) {
        await engine.settle();
        delivery = (await supply.turn(clock.now())).nextAt; // what was decided on these deliveries leaves now
      }
      progress.at(next, clock.now());
    }
  } finally {
    await client.endAsync();
  }
}

/** QoS 1 in the order given, each window acknowledged before the next. */
async function send(client: MqttClient, messages: readonly ReplayMessage[]): Promise<void> {
  for (let from = 0; from < messages.length; from += IN_FLIGHT_MAX) {
    const window = messages.slice(from, from + IN_FLIGHT_MAX);
    await Promise.all(
      window.map(({topic, body}) => client.publishAsync(topic, JSON.stringify(body), {qos: 1})),
    );
  }
}

async function nextTimer(engine: Engine): Promise<number | null> {
  const found = await engine.database.pool('forestock_api').query<{due_at: number | null}>(
    // Maintenance decides nothing: it waits for the next step.
    `SELECT min(due_at) AS due_at FROM platform.world_timer
        WHERE kind <> 'maintenance' AND due_at > (SELECT world_anchor FROM platform.world_clock)`,
  );
  return found.rows[0]?.due_at ?? null;
}

async function summarise(db: Pool): Promise<Record<string, unknown>> {
  const one = async (sql: string): Promise<number> => (await db.query<{n: number}>(sql)).rows[0]!.n;
  const grouped = async (sql: string): Promise<Record<string, number>> =>
    Object.fromEntries((await db.query<{k: string; n: number}>(sql)).rows.map(({k, n}) => [k, n]));
  const events = await grouped('SELECT type AS k, count(*) AS n FROM ingest.equipment_event GROUP BY 1');
  const actions = await grouped('SELECT action AS k, count(*) AS n FROM replenish.decision GROUP BY 1');
  const {error = 0, maintenance = 0, failure = 0} = events;
  const {order = 0, transfer = 0, expedite = 0, emergency = 0, nothing = 0} = actions;
  return {
    stored: {telemetry: await one('SELECT count(*) AS n FROM ingest.reading'), error, maintenance, failure},
    forecasts: await one('SELECT count(*) AS n FROM predict.forecast'),
    decisions: {order, transfer, expedite, emergency, nothing},
    alerts: await one('SELECT count(*) AS n FROM replenish.alert'),
    rejected: await one('SELECT count(*) AS n FROM ingest.dead_letter'),
  };
}

/** A line each time another twentieth is through, with the time it will still take. */
class Progress {
  readonly #source: ReplaySource;
  readonly #say: (text: string) => void;
  readonly #startedMs = performance.now();
  #first = -1;
  #twentieth = 0;

  constructor(source: ReplaySource, say: (text: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  at(done: number, world: EpochMs): void {
    const total = this.#source.messages.length;
    if (this.#first < 0) this.#first = done;
    const twentieth = Math.floor((20 * done) / total);
    if (twentieth === this.#twentieth) return;
    this.#twentieth = twentieth;
    const elapsedS = (performance.now() - this.#startedMs) / 1000;
    const leftS = (elapsedS / Math.max(1, done - this.#first)) * (total - done);
    this.#say(
      `${String(twentieth * 5).padStart(3)} %  world ${toMinute(world)}  ${Math.round(elapsedS)} s gone, about ${Math.round(leftS)} s to go`,
    );
  }
}
