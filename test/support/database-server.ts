import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import type {TestProject} from 'vitest/node';
import {startEmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {silentLogger} from '../../platform/log.ts';
import {migrate} from '../../platform/migrate.ts';
import {onServer, withDatabase} from './on-server.ts';
import {openFolder} from './open-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A login that may create databases on this run's server, and the migrated database to copy. */
    testDatabase: {readonly adminUrl: string; readonly template: string};
  }
}

type Server = {readonly adminUrl: string; readonly template: string; readonly stop: () => Promise<void>};
type Shared = {server: Promise<Server>; users: number};

/** Vitest loads this file once per project; the process has one server for all of them. */
const shared = ((globalThis as {forestockTestServers?: Map<string, Shared>}).forestockTestServers ??= new Map<
  string,
  Shared
>());

/**
 * Vitest's global setup: one server and one migrated template for the whole run, whichever projects need it; the suites of
 * TimescaleDB have the server of TIMESCALE_URL, if there is one.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external =
    (project.name === 'timescale' ? process.env['TIMESCALE_URL'] : undefined) ??
    process.env['TEST_DATABASE_URL'];
  const key = external ?? 'embedded';
  const run = shared.get(key) ?? {server: start(external), users: 0};
  shared.set(key, run);
  run.users += 1;
  const {adminUrl, template, stop} = await run.server;
  project.provide('testDatabase', {adminUrl, template});
  return async () => {
    run.users -= 1;
    if (run.users > 0) return;
    shared.delete(key);
    await stop();
  };
}

async function start(external: string | undefined): Promise<Server> {
  // A name of its own per run: two runs against one shared server must not pull each other's template away.
  const template = `test_template_${randomBytes(4).toString('hex')}`;
  if (external !== undefined) {
    await makeTemplate(external, template);
    return {adminUrl: external, template, stop: () => onServer(external, `DROP DATABASE ${template}`)};
  }
  const dataDir = openFolder('test');
  // A test database need not survive a power cut.
  const settings = {fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off'};
  const server = await startEmbeddedPostgres({dataDir, log: silentLogger(), settings});
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, {recursive: true});
  };
  try {
    await makeTemplate(server.ownerUrl, template);
  } catch (error) {
    await stop();
    throw error;
  }
  return {adminUrl: server.ownerUrl, template, stop};
}

async function makeTemplate(adminUrl: string, template: string): Promise<void> {
  await onServer(adminUrl, `CREATE DATABASE ${template}`);
  await migrate(withDatabase(adminUrl, template));
  // TimescaleDB keeps a worker in every database it can enter, and one that is entered cannot be copied.
  await onServer(adminUrl, `ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  await onServer(
    adminUrl,
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${template}'`,
  );
}
