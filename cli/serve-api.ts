import type {ConsolePorts, HealthCheck, ProcessCounts, Vitals} from '../console/api/ports.ts';
import {ROUTES} from '../console/api/routes.ts';
import {startConsole} from '../console/api/server.ts';
import type {ConsoleServer} from '../console/api/server.ts';
import {publishShares} from '../console/api/share-stream.ts';
import {openDeviceLogins} from '../ingest/main.ts';
import {openRecipientDesk, openTemplateDesk} from '../notices/main.ts';
import {openBreaches, openDataShares} from '../partners/main.ts';
import {openAccessLog} from '../platform/access-log.ts';
import {redactAudit} from '../platform/audit/redact.ts';
import {wallClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import type {Logger} from '../platform/log.ts';
import {openHolds} from '../platform/holds.ts';
import {Loop} from '../platform/loop.ts';
import {pgOutboxBook} from '../platform/outbox-book.ts';
import {openParameters} from '../platform/parameters.ts';
import {openSessions} from '../platform/sessions.ts';
import {openTokens} from '../platform/tokens.ts';
import {openUsers} from '../platform/users.ts';
import {openModelDesk} from '../predict/main.ts';
import {openBackorderDesk, openCampaigns, openPlanning, openReviews} from '../replenish/main.ts';
import type {EngineBase, Stages} from './engine.ts';

export interface ServeOptions {
  readonly configuration: Configuration;
  readonly log: Logger;
  /** Whether this is the demo, where nobody has to sign in on this machine. Default: no. */
  readonly demo?: boolean;
  /** In the demo, too. Default: no. */
  readonly everybodySignsIn?: boolean;
}

/** Opens the API beside the running stages. Stop it before them. */
export async function serveApi(stages: Stages, options: ServeOptions): Promise<ConsoleServer> {
  const ports: ConsolePorts = {
    ...portsOf(stages, options),
    vitals: vitalsOf(stages),
    ingest: stages.ingest?.api ?? null,
  };
  const server = await startConsole(ports, options.configuration);
  const {feedStream: stream} = stages;
  if (stream === undefined) return server;
  const shares = new Loop({
    name: 'shares',
    idleMs: SHARES_IDLE_MS,
    log: options.log,
    runOnce: () => publishShares(ports, {stream, routes: ROUTES}),
  }).start();
  return {
    ...server,
    async stop() {
      await shares.stop();
      await server.stop();
    },
  };
}

/** Shares are sent every hour at most; the next is this late. */
const SHARES_IDLE_MS = 60_000;

/** What the API needs of an open workspace without stages. */
export function portsOf(
  base: EngineBase,
  {configuration, log, demo = false, everybodySignsIn = !demo}: ServeOptions,
): ConsolePorts {
  const {database, clock, network} = base;
  const clocks = {worldClock: clock, wallClock};
  return {
    db: database.pool('forestock_api'),
    clock,
    log,
    network,
    replayEffect: (outboxId) => pgOutboxBook(database.pool('forestock_platform')).replay(outboxId),
    redactAudit: (auditId, actor, reason) =>
      redactAudit(database.pool('forestock_platform'), {auditId, actor, reason, at: clock.now()}),
    reviews: openReviews({configuration, pool: database.pool('forestock_replenish'), clock}),
    backorders: openBackorderDesk(database.pool('forestock_replenish'), () => clock.now()),
    campaigns: openCampaigns(database.pool('forestock_replenish'), () => clock.now()),
    planning: openPlanning(database.pool('forestock_replenish'), () => clock.now()),
    parameters: openParameters(database.pool('forestock_platform'), clock),
    models: openModelDesk({configuration, pool: database.pool('forestock_predict'), clock}),
    dataShares: openDataShares(database.pool('forestock_partners'), clock),
    breaches: openBreaches(database.pool('forestock_partners'), clock),
    templates: openTemplateDesk(database.pool('forestock_notices'), () => clock.now()),
    notices: openRecipientDesk(database.pool('forestock_notices'), () => clock.now()),
    tokens: openTokens(database.pool('forestock_platform'), clock),
    users: openUsers(database.pool('forestock_platform'), clocks),
    sessions: openSessions(database.pool('forestock_platform'), clocks),
    installation: {mode: configuration.mode, demo, open: !everybodySignsIn},
    devices: openDeviceLogins(database.pool('forestock_ingest'), clock),
    holds: openHolds(database.pool('forestock_platform'), clock),
    accessLog: openAccessLog(database.pool('forestock_platform'), {worldClock: clock, log}),
    vitals: null,
    ingest: null,
  };
}

/** A stage that failed this often in a row is not passing trouble any more. */
const FAILURES_MAX = 3;

function vitalsOf({ingest, storing, predict, loops}: Stages): Vitals {
  return {
    modelBackend: {
      active: predict?.models.current.scorer.backend ?? 'none',
      passedOver: predict?.models.current.scorer.passedOver ?? [],
    },
    modelsRefused: () => predict?.models.refusals.size ?? 0,
    loopFailures: () => Object.fromEntries(loops.map(({name, failures}) => [name, failures])),
    counts: (): ProcessCounts => ({
      packets: ingest?.counts.packets ?? 0,
      accepted: ingest?.counts.accepted ?? 0,
      rejected: ingest?.counts.rejected ?? {},
      refusedForNow: ingest?.counts.refusedForNow ?? 0,
      stored: storing?.metrics.stored ?? 0,
      repeated: storing?.metrics.repeated ?? 0,
      conflicts: storing?.metrics.conflicts ?? 0,
      poisoned: storing?.metrics.poisoned ?? 0,
      storeFailures: storing?.metrics.failures ?? 0,
    }),
    async checks() {
      const checks: HealthCheck[] = loops.map(({name, failures}) => ({
        name,
        ok: failures < FAILURES_MAX,
        detail: failures === 0 ? 'works' : `${failures} failures in a row; the log says why`,
      }));
      if (ingest === undefined) return checks;
      const up = ingest.door.state() === 'up';
      const detail = up ? 'takes messages' : 'takes none: the broker or the store does not answer';
      return [{name: 'mqtt', ok: up, detail}, ...checks];
    },
  };
}
