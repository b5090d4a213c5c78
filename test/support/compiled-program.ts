import {execFileSync} from 'node:child_process';

/** Vitest's global setup of the cli suites: they start the compiled program, some hundred times. */
export default function setup(): void {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], {stdio: ['ignore', 'inherit', 'inherit']});
}
