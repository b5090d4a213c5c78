import {pino} from 'pino';
import type {Logger} from 'pino';

export type {Logger};

/** Keys whose values never reach a log, at any depth that we log. */
const SECRET_KEYS = [
  'password',
  'secret',
  'token',
  'authorization',
  'credential',
  'webhookSecret',
  'databaseUrl',
  'ownerUrl',
  'natsUrl',
  'mqttUrl',
];

/** JSON lines on stderr, so that stdout stays for the answer of a command. */
export function createLogger(level = 'info', pretty = process.stderr.isTTY): Logger {
  const redact = {paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]'};
  if (!pretty) return pino({level, redact, base: null}, pino.destination({fd: 2, sync: true}));
  const transport = {
    target: 'pino-pretty',
    options: {destination: 2, ignore: 'pid,hostname', translateTime: 'HH:MM:ss'},
  };
  return pino({level, redact, transport});
}

export function silentLogger(): Logger {
  return pino({level: 'silent'});
}
