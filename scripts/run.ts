import {spawn} from 'node:child_process';
import {ROOT} from './source-files.ts';

export type Finished = {readonly ok: boolean; readonly output: string; readonly seconds: number};

/** Runs a program of node_modules/.bin (or Node itself) at the root and keeps what it prints; `live` shows it as it comes. */
export function run(
  command: string,
  {env, live = false, cwd = ROOT}: {env?: Record<string, string>; live?: boolean; cwd?: string} = {},
): Promise<Finished> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const path = `${ROOT}/node_modules/.bin:${process.env['PATH'] ?? ''}`;
    const child = spawn(command, {
      cwd,
      shell: true,
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: {...process.env, ...env, PATH: path},
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('close', (code) =>
      resolve({ok: code === 0, output, seconds: (performance.now() - startedAt) / 1000}),
    );
  });
}
