import {linkSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {OperationalFault} from '../../domain/fault.ts';

export const LOCK_FILE = 'forestock.lock';
const holderSchema = z.object({pid: z.int().positive(), startedTicks: z.string()});

/**
 * Claims a data folder for this process; a process that died without releasing does not block the next one.
 *
 * @returns the release, safe to call twice.
 * @throws OperationalFault `data-folder-in-use`
 */
export function lockFolder(dataDir: string): () => void {
  const lock = join(dataDir, LOCK_FILE);
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({pid: process.pid, startedTicks: startTicks(process.pid)}));
  try {
    // Twice: the first attempt may meet a dead holder and clear it away.
    for (let attempt = 1; ; attempt += 1) {
      try {
        linkSync(mine, lock); // atomic, and the lock is never seen half written
        return () => rmSync(lock, {force: true});
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const pid = livingHolder(lock);
        if (pid === null && attempt === 1) rmSync(lock, {force: true});
        else throw inUse(dataDir, pid);
      }
    }
  } finally {
    rmSync(mine, {force: true});
  }
}

function livingHolder(lock: string): number | null {
  let holder: z.infer<typeof holderSchema>;
  try {
    holder = holderSchema.parse(JSON.parse(readFileSync(lock, 'utf8')));
  } catch {
    return null; // released between two looks, or no lock of ours
  }
  return isAlive(holder.pid) && startTicks(holder.pid) === holder.startedTicks ? holder.pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, and somebody else's
  }
}

/** Start time in ticks since boot. Process ids come round again, in containers quickly; the pair does not. '' where /proc is absent. */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''; // field 22; the name before may hold spaces
  } catch {
    return '';
  }
}

function inUse(dataDir: string, pid: number | null): OperationalFault {
  return new OperationalFault(
    'data-folder-in-use',
    `data folder ${dataDir} is in use by process ${pid ?? 'that started this moment'}; stop it, or choose another with FORESTOCK_DATA_DIR`,
    {retryable: false},
  );
}
