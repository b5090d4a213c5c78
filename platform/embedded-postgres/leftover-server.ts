import {readFileSync, readlinkSync, realpathSync, rmSync} from 'node:fs';
import {basename, join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {OperationalFault} from '../../domain/fault.ts';

/** A server left alone finishes a fast shutdown, checkpoint included, in seconds; beyond this something holds it. */
const STOP_WAIT_MS = 30_000;
const POLL_MS = 50;

/**
 * Ends what a killed process left behind: the server itself, which outlives its starter, or its stale `postmaster.pid`.
 * The caller holds the folder lock, so no living process of ours uses the cluster.
 */
export async function clearLeftoverServer(clusterDir: string): Promise<void> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === null) return;
  if (!isServerOf(pid, clusterDir)) {
    rmSync(pidFile, {force: true}); // the id may belong to a stranger by now, whom PostgreSQL would mistake for itself
    return;
  }
  process.kill(pid, 'SIGINT'); // fast shutdown
  for (let waitedMs = 0; isServerOf(pid, clusterDir); waitedMs += POLL_MS) {
    if (waitedMs >= STOP_WAIT_MS) {
      throw new OperationalFault(
        'database-start-failed',
        `PostgreSQL (process ${pid}) of an earlier run still holds ${clusterDir} after ${STOP_WAIT_MS / 1000} s; end it and start again`,
        {retryable: true},
      );
    }
    await delay(POLL_MS);
  }
}

function readPid(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** A postmaster's working directory is its cluster, which tells it from any other process with a recycled id. */
function isServerOf(pid: number, clusterDir: string): boolean {
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
  } catch {
    return process.platform !== 'linux' && isAlive(pid); // without /proc, believe the pid file
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
