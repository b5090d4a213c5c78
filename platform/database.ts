import path from 'node:path';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import type {Configuration} from './configuration.ts';
import {startEmbeddedPostgres} from './embedded-postgres.ts';
import type {Logger} from './log.ts';
import {migrate} from './migrate.ts';
import type {MigrationReport} from './migrate.ts';
import {openPool} from './pg.ts';
import type {Pool, StageRole} from './pg.ts';

/** The workspace's database, migrated and ready: embedded under the data folder, or the one that DATABASE_URL names. */
export interface Database {
  readonly embedded: boolean;
  readonly migration: MigrationReport;
  /** Settles when an embedded server has ended and does not come back; absent where somebody else runs it. */
  readonly lost?: Promise<OperationalFault>;
  /** One pool per stage, made on first use and closed with the database. */
  pool(role: StageRole): Pool;
  close(): Promise<void>;
}

/** No way to the server, or it lets nobody in: by Node's code, or by PostgreSQL's (password, no such role or database, too many, starting). */
const UNREACHABLE =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|28...|3D000|53300|57P03)$/;

function faultOf(cause: unknown, url: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (!UNREACHABLE.test(code)) return cause;
  const {host, pathname} = new URL(url); // without the password
  return new OperationalFault(
    'database-unreachable',
    `database ${pathname.slice(1)} at ${host}: ${messageOf(cause) || code}; start the server, or correct DATABASE_URL`,
    {retryable: true, cause},
  );
}

/** Connections per stage at most; six stages stay well below the usual server limit of 100. */
const POOL_MAX = 6;

export async function openDatabase(
  configuration: Pick<Configuration, 'databaseUrl' | 'dataDir'>,
  log: Logger,
  durability: 'full' | 'relaxed' = 'full',
): Promise<Database> {
  const {databaseUrl, dataDir} = configuration;
  const server =
    databaseUrl === undefined
      ? await startEmbeddedPostgres({
          dataDir: path.resolve(dataDir),
          log,
          ...(durability === 'relaxed' ? {settings: {synchronous_commit: 'off'}} : {}),
        })
      : undefined;
  const url = databaseUrl ?? server!.ownerUrl;
  const pools = new Map<StageRole, Pool>();
  const close = async (): Promise<void> => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await server?.stop();
  };
  try {
    const migration = await migrate(url).catch((cause: unknown): never => {
      throw faultOf(cause, url);
    });
    return {
      embedded: server !== undefined,
      migration,
      ...(server && {lost: server.lost}),
      pool(role) {
        const pool = pools.get(role) ?? openPool({url, role, max: POOL_MAX});
        pools.set(role, pool);
        return pool;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
