import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {freePort} from '../test/support/tcp-proxy.ts';
import {repeat} from './measure.ts';
import type {Figure} from './measure.ts';
import {residentBytes} from './resident.ts';

/** World and wall need not match for memory: a minute of the demo is most of a world day. */
const SAMPLE_MS = 500;

/** The demo as anybody starts it: fleet, broker, database, all stages. Its peak over start and a minute of running. */
export async function memory({runs}: {readonly runs: number}): Promise<Figure[]> {
  return repeat('memory', runs, () => demoPeak(90), {
    residentMb: {unit: 'MB of the whole demo at its peak, shared pages once', goal: {below: 1500}},
  });
}

async function demoPeak(seconds: number): Promise<{residentMb: number}> {
  const folder = mkdtempSync(join(tmpdir(), 'forestock-bench-demo-'));
  const main = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, main, 'demo'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      FORESTOCK_DATA_DIR: folder,
      MQTT_PORT: String(await freePort()),
      HTTP_PORT: String(await freePort()),
    },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let peak = 0;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until && child.exitCode === null) {
    peak = Math.max(peak, residentBytes(child.pid!));
    await pause(SAMPLE_MS);
  }
  if (child.exitCode !== null) throw new Error(`the demo ended with code ${child.exitCode}`);
  child.kill('SIGTERM');
  await exited;
  rmSync(folder, {recursive: true, force: true});
  return {residentMb: Math.round(peak / 1e6)};
}
