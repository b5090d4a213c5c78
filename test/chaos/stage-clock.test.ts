import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {afterAll, expect, it} from 'vitest';
import {findFaketime, ServerClock} from '../../chaos/server-clock.ts';
import {StageClock} from '../../chaos/stage-clock.ts';

const HOUR_MS = 3_600_000;
/** Prints its wall clock by three ways, and what has passed by the clock that is never set. */
const TELLER = `setInterval(() => console.log(JSON.stringify([Date.now(), new Date().getTime(), Date.parse(Date()), performance.now(),
  new Date(0).getTime(), new Date() instanceof Date])), 20)`;

const folder = mkdtempSync(join(tmpdir(), 'forestock-stage-clock-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

it('M3 the clock of one process is set ahead and back, while its timers and its neighbours go on', async () => {
  const clock = new StageClock(folder, 'store');
  const child = spawn(process.execPath, ['--eval', TELLER], {
    env: {PATH: process.env['PATH'], ...clock.env},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
    /** Ahead of ours, within 10 s of a busy machine. */
    const until = async (expectedMs: number): Promise<void> => {
      for (;;) {
        const {value} = (await lines.next()) as {value: string};
        const [now, made, said, passed, zero, isDate] = JSON.parse(value) as [
          number,
          number,
          number,
          number,
          0,
          true,
        ];
        expect({zero, isDate}).toEqual({zero: 0, isDate: true});
        expect(Math.abs(made - now)).toBeLessThan(1000);
        expect(Math.abs(said - now)).toBeLessThan(2000);
        expect(passed).toBeLessThan(60_000);
        if (Math.abs(now - Date.now() - expectedMs) < 10_000) return;
      }
    };
    await until(0);
    clock.set(HOUR_MS);
    await until(HOUR_MS);
    clock.set(-HOUR_MS);
    await until(-HOUR_MS);
    clock.set(0);
    await until(0);
  } finally {
    child.kill();
  }
});

it.skipIf(findFaketime() === null)('M3 the clock of a server is set ahead and back', async () => {
  const clock = new ServerClock(folder, 'database', findFaketime()!);
  const aheadMs = (): number => {
    const said = execFileSync('date', ['+%s'], {
      env: {PATH: process.env['PATH'], ...clock.env},
      encoding: 'utf8',
    });
    return 1000 * Number(said) - Date.now();
  };
  for (const stepMs of [0, HOUR_MS, -HOUR_MS, 0]) {
    clock.set(stepMs);
    expect(Math.abs(aheadMs() - stepMs)).toBeLessThan(60_000);
  }
});
