import {pino} from 'pino';
import type {Logger} from 'pino';
import {maskedUrl} from './masked-url.ts';

export type {Logger};

/** Keys whose values never reach a log, at any depth that we log. */
const SECRET_KEYS = [
  'password',
  'secret',
  'token',
  'authorization',
  'credential',
  'apiToken',
  'webhookSecret',
  'auditKey',
];
/** Keys of which a log shows where they lead, and not the login. */
const URL_KEYS: readonly string[] = ['databaseUrl', 'ownerUrl', 'natsUrl', 'mqttUrl', 'webhookUrl'];

/** JSON lines on stderr, so that stdout stays for the answer of a command. */
export function createLogger(level = 'info', pretty = process.stderr.isTTY): Logger {
  const paths = [...SECRET_KEYS, ...URL_KEYS].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const redact = {paths, censor};
  if (!pretty) return pino({level, redact, base: null}, pino.destination({fd: 2, sync: true}));
  const transport = {
    target: 'pino-pretty',
    options: {destination: 2, ignore: 'pid,hostname', translateTime: 'HH:MM:ss'},
  };
  return pino({level, redact, transport});
}

function censor(value: unknown, path: readonly string[]): unknown {
  if (value === undefined) return undefined;
  return URL_KEYS.includes(path.at(-1) ?? '') && typeof value === 'string' ? maskedUrl(value) : '[secret]';
}

export function silentLogger(): Logger {
  return pino({level: 'silent'});
}
