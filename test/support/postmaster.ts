import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Where the embedded cluster of a data folder is. */
export function clusterOf(dataDir: string): string {
  const access = readFileSync(join(dataDir, 'postgres-access.json'), 'utf8');
  return (JSON.parse(access) as {clusterDir: string}).clusterDir;
}

/** Process id of the server that runs on a data folder's cluster, for tests to kill. */
export function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(clusterOf(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
}
