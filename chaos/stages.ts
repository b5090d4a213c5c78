import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {KeptProcess} from './kept-process.ts';
import type {StageClock} from './stage-clock.ts';

/** The compiled program, as `npm start` runs it. */
const FORESTOCK = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** `listener` is a second ingest, with the MQTT listener inside: the same code, and PUBACKs of our own. */
export const STAGE_NAMES = ['ingest', 'listener', 'store', 'predict', 'replenish', 'console'] as const;
export type StageProcess = (typeof STAGE_NAMES)[number];

export interface StageWorld {
  readonly mqttUrl: string;
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly listenerPort: number;
  readonly httpPort: number;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly logFolder: string;
  /** Telemetry, too, is acknowledged at the store's commit. */
  readonly strict: boolean;
}

/** `forestock start --only …`, one process a stage. */
export function stage(name: StageProcess, world: StageWorld, clock: StageClock): KeptProcess {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    DATABASE_URL: world.databaseUrl,
    NATS_URL: world.natsUrl,
    FORESTOCK_BACKEND: 'cpu',
    FORESTOCK_MODE: 'auto',
    FORESTOCK_DATA_DIR: join(world.logFolder, `${name}-data`),
    FORESTOCK_STRICT_TELEMETRY: String(world.strict),
    LOG_LEVEL: 'info',
    WEBHOOK_URL: world.webhookUrl,
    WEBHOOK_PRIVATE_HOSTS: '127.0.0.1',
    WEBHOOK_SECRET: world.webhookSecret,
    MQTT_PORT: String(world.listenerPort),
    HTTP_PORT: String(world.httpPort),
    ...(name === 'ingest' ? {MQTT_URL: world.mqttUrl} : {}),
    ...clock.env,
  };
  const only = name === 'listener' ? 'ingest' : name;
  return new KeptProcess({
    name,
    logFile: join(world.logFolder, `${name}.log`),
    readyText: '"msg":"running"',
    command: () => ({program: process.execPath, args: [FORESTOCK, 'start', '--only', only], options: {env}}),
  });
}
