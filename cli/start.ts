import {Command, InvalidArgumentError} from 'commander';
import {messageOf} from '../domain/fault.ts';
import {readConfiguration, redacted} from '../platform/configuration.ts';
import {createLogger} from '../platform/log.ts';
import type {Logger} from '../platform/log.ts';
import {STAGES, openStages} from './engine.ts';
import type {StageName, Stages} from './engine.ts';
import {leaveInTime} from './leave-in-time.ts';
import {serveApi} from './serve-api.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('the service on your configuration (docs/configuration.md), until SIGTERM or Ctrl-C')
    .option('--only <stages>', `a part of the chain: ${STAGES.join(', ')}, separated by commas`, stagesOf)
    .option('--port-offset <n>', 'added to every port, so that a second installation fits on the machine')
    .addHelpText(
      'after',
      '\nExamples:\n  forestock start\n  DATABASE_URL=… NATS_URL=… forestock start --only ingest,store\n\nExit code: 0 stopped and drained, 1 failed, 2 wrong configuration or usage.',
    )
    .action(({only, portOffset}: {only?: StageName[]; portOffset?: string}) =>
      serve(only ?? STAGES, portOffset),
    );
}

function stagesOf(text: string): StageName[] {
  const named = text.split(',').map((name) => name.trim());
  const wrong = named.filter((name) => !(STAGES as readonly string[]).includes(name));
  if (wrong.length > 0)
    throw new InvalidArgumentError(`unknown: ${wrong.join(', ')}; known are ${STAGES.join(', ')}`);
  return named as StageName[];
}

async function serve(only: readonly StageName[], portOffset: string | undefined): Promise<void> {
  const configuration = readConfiguration(process.env, {portOffset});
  const log = createLogger(configuration.logLevel);
  const stopped = stopSignal();
  log.info({stages: only, configuration: redacted(configuration)}, 'starting');
  // A part of the chain joins whatever workspace the others share; its clock is theirs.
  const whole = STAGES.every((stage) => only.includes(stage));
  const stages = await openStages(
    {configuration, clock: {mode: whole ? 'real' : 'follow'}, log, autoIssue: false},
    only,
  );
  try {
    const api = only.includes('console') ? await serveApi(stages, {configuration, log}) : undefined;
    stages.run();
    log.info(
      {stages: only, clock: stages.clock.mode, mqttPort: stages.ingest?.mqttPort, url: api?.url},
      'running',
    );
    try {
      const signal = await Promise.race([stopped, databaseLost(stages, log)]);
      log.info({signal}, 'stopping: takes nothing new, finishes what is under way');
      leaveInTime(log);
    } finally {
      await api?.stop();
    }
    await lastDelivery(stages, log);
  } finally {
    await stages.stop();
  }
  log.info('stopped');
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

/** Without its database a service does nothing but refuse: it leaves, so that whoever watches it sees. */
async function databaseLost({database}: Stages, log: Logger): Promise<never> {
  const fault = await (database.lost ?? new Promise<never>(() => undefined));
  leaveInTime(log); // the stages still wait for the database
  throw fault;
}

/** What was decided a moment ago may still leave; what cannot waits in its rows for the next start. */
async function lastDelivery({replenish}: Stages, log: Logger): Promise<void> {
  await replenish?.deliver().catch((error: unknown) => {
    log.warn({reason: messageOf(error)}, 'effects wait for the next start');
  });
}
