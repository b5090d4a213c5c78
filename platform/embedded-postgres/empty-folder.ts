import {existsSync, readdirSync, realpathSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {knownAccess} from './cluster.ts';
import {LOCK_FILE, lockFolder} from './folder-lock.ts';
import {clearLeftoverServer} from './leftover-server.ts';

/**
 * Empties a data folder, with the cluster that may lie outside it and the server that a killed process left running.
 *
 * @throws OperationalFault `data-folder-in-use`; then nothing was touched.
 */
export async function emptyDataFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const dataDir = realpathSync(folder);
  const unlock = lockFolder(dataDir);
  try {
    const access = knownAccess(dataDir);
    if (access !== null) {
      await clearLeftoverServer(access.clusterDir);
      rmSync(access.clusterDir, {recursive: true, force: true});
    }
    for (const name of readdirSync(dataDir)) {
      if (name !== LOCK_FILE) rmSync(join(dataDir, name), {recursive: true, force: true});
    }
  } finally {
    unlock();
  }
}
