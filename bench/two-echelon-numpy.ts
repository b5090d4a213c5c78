import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {repositoryRoot} from '../platform/migrate.ts';

export interface NumpyRun {
  readonly seconds: number;
  /** Of every best split together: the same as ours, or it was another algorithm. */
  readonly backorders: number;
}

/** The same targets in numpy, a process of its own; null where python3 or numpy is missing. Its start is not counted. */
export function numpyTargets(sizes: readonly number[]): NumpyRun | null {
  const script = path.join(repositoryRoot(), 'bench/two-echelon.py');
  const {status, stdout} = spawnSync('python3', [script, ...sizes.map(String)], {encoding: 'utf8'});
  return status === 0 ? (JSON.parse(stdout) as NumpyRun) : null;
}
