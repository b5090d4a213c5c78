import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {z} from 'zod';
import {OperationalFault} from '../../domain/fault.ts';
import {openFolder, type PostgresBinaries} from './binaries.ts';
import {reachableBy, spawnAs, type ServerUser} from './server-user.ts';

export const OWNER = 'forestock_owner';

const ACCESS_FILE = 'postgres-access.json';
const accessSchema = z.object({clusterDir: z.string().min(1), password: z.string().min(1)});
export type ClusterAccess = z.infer<typeof accessSchema>;

/**
 * Finds the data folder's cluster, or makes it: scram passwords, data checksums, UTF-8 in code point order.
 *
 * `postgres-access.json` (mode 0600) in the data folder holds its place and the owner's password.
 *
 * @throws OperationalFault `database-major-differs`, `database-start-failed`
 */
export function prepareCluster(dataDir: string, binaries: PostgresBinaries, user: ServerUser): ClusterAccess {
  const accessFile = join(dataDir, ACCESS_FILE);
  const known = knownAccess(dataDir);
  const access = known ?? {
    clusterDir: placeFor(dataDir, user),
    password: randomBytes(24).toString('base64url'),
  };
  const versionFile = join(access.clusterDir, 'PG_VERSION');
  if (existsSync(versionFile)) {
    assertMajor(readFileSync(versionFile, 'utf8').trim(), access.clusterDir, binaries.major);
    if (known === null) throw noPassword(access.clusterDir, accessFile);
    return access;
  }
  // The password goes to disk first: a start killed half-way is simply repeated.
  writeFileSync(accessFile, JSON.stringify(access), {mode: 0o600});
  createCluster(access, binaries, user);
  return access;
}

/** The cluster that the data folder has, null before its first start. */
export function knownAccess(dataDir: string): ClusterAccess | null {
  const accessFile = join(dataDir, ACCESS_FILE);
  return existsSync(accessFile) ? accessSchema.parse(JSON.parse(readFileSync(accessFile, 'utf8'))) : null;
}

/** Inside the data folder where the server's user can get there, else (root, private folder) in the system's state folder. */
function placeFor(dataDir: string, user: ServerUser): string {
  if (user === null || reachableBy(user, dataDir)) return join(dataDir, 'postgres');
  // Not derived from the path: a moved data folder keeps its cluster, and a new one in its old place gets another.
  const key = randomBytes(8).toString('hex');
  try {
    mkdirSync('/var/lib/forestock', {recursive: true, mode: 0o755});
    chmodSync('/var/lib/forestock', 0o755);
    return `/var/lib/forestock/postgres-${key}`;
  } catch {
    return join(openFolder(user), `forestock-cluster-${key}`); // read-only system image
  }
}

function createCluster(
  {clusterDir, password}: ClusterAccess,
  binaries: PostgresBinaries,
  user: ServerUser,
): void {
  // Renamed when complete, so a killed initdb never leaves half a cluster under the final name.
  const growing = `${clusterDir}.initializing`;
  const passwordFile = `${clusterDir}.password`;
  mkdirSync(dirname(clusterDir), {recursive: true});
  rmSync(growing, {recursive: true, force: true});
  rmSync(passwordFile, {force: true});
  mkdirSync(growing, {mode: 0o700});
  writeFileSync(passwordFile, password, {mode: 0o600, flag: 'wx'});
  if (user !== null) for (const path of [growing, passwordFile]) chownSync(path, user.uid, user.gid);
  const flags = [
    '--pgdata',
    growing,
    '--username',
    OWNER,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
  ];
  const locale = [
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--locale-provider',
    'builtin',
    '--builtin-locale',
    'C.UTF-8',
  ];
  const result = spawnSync(binaries.initdb, [...flags, ...locale, '--data-checksums', '--no-instructions'], {
    ...spawnAs(user),
    encoding: 'utf8',
  });
  rmSync(passwordFile);
  if (result.status !== 0) {
    throw new OperationalFault('database-start-failed', `initdb in ${growing}: ${result.stderr.trim()}`, {
      retryable: false,
      cause: result.error,
    });
  }
  renameSync(growing, clusterDir);
}

function assertMajor(found: string, clusterDir: string, major: string): void {
  if (found === major) return;
  throw new OperationalFault(
    'database-major-differs',
    `${clusterDir} was made by PostgreSQL ${found}, and PostgreSQL ${major} cannot read it; run "forestock export" with the ` +
      'release that made it and import into a new data folder, or serve it yourself and set DATABASE_URL',
    {retryable: false},
  );
}

function noPassword(clusterDir: string, accessFile: string): OperationalFault {
  return new OperationalFault(
    'database-start-failed',
    `${clusterDir} exists, but ${accessFile} with its password does not; put the file back, or move the cluster away`,
    {retryable: false},
  );
}
