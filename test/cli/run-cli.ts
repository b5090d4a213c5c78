import {spawn} from 'node:child_process';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as users start it; the global setup of the cli suites compiles it. */
export const FORESTOCK = 'dist/cli/main.js';

/** Runs `forestock <args>` in an environment of its own. */
export function runCli(args: readonly string[], more: NodeJS.ProcessEnv): Promise<Run> {
  const child = spawn(process.execPath, [FORESTOCK, ...args], {
    env: {PATH: process.env['PATH'], HOME: process.env['HOME'], ...more},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({code, stdout, stderr})));
}
