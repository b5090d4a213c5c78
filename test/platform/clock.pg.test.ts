import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, plusMs} from '../../domain/time.ts';
import {WorkspaceClock} from '../../platform/clock.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';

const START = epochMs(Date.UTC(2026, 0, 5, 6));

describe('the world clock', () => {
  let pool: Pool;
  let wallNow = epochMs(0);
  const wall = {now: () => wallNow};

  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_platform');
    wallNow = epochMs(Date.UTC(2026, 10, 1));
  });

  it('a stepped clock says what its driver last wrote, also to a second process', async () => {
    const clock = await WorkspaceClock.open(pool, {mode: 'stepped', worldAt: START}, wall);
    const follower = await WorkspaceClock.open(pool, {mode: 'follow'}, wall);
    await clock.advanceTo(plusMs(START, HOUR_MS));
    expect(follower.now()).toBe(START);
    await follower.keep();
    expect(follower.now()).toBe(plusMs(START, HOUR_MS));
  });

  it('world time never runs backwards', async () => {
    const clock = await WorkspaceClock.open(pool, {mode: 'stepped', worldAt: START}, wall);
    await expect(clock.advanceTo(plusMs(START, -1))).rejects.toThrow(/cannot step/);
    const behindItsBack = pool.query(
      `UPDATE platform.world_clock SET world_anchor = '2020-01-01' WHERE id = 1`,
    );
    await expect(behindItsBack).rejects.toThrow(/never runs backwards/);
  });

  it('a workspace keeps its mode for good', async () => {
    await WorkspaceClock.open(pool, {mode: 'stepped', worldAt: START}, wall);
    await expect(WorkspaceClock.open(pool, {mode: 'real'}, wall)).rejects.toThrow(/keeps stepped time/);
    const forced = pool.query(`UPDATE platform.world_clock SET mode = 'real' WHERE id = 1`);
    await expect(forced).rejects.toThrow(/keeps its clock mode/);
  });

  it('a scaled clock runs at its rate, and a change of rate makes no jump', async () => {
    const clock = await WorkspaceClock.open(pool, {mode: 'scaled', worldAt: START, rate: 1800}, wall);
    wallNow = plusMs(wallNow, 2000);
    expect(clock.now()).toBe(plusMs(START, HOUR_MS));
    await clock.setRate(0);
    wallNow = plusMs(wallNow, 60_000);
    expect(clock.now()).toBe(plusMs(START, HOUR_MS));
    await clock.setRate(3600);
    wallNow = plusMs(wallNow, 1000);
    expect(clock.now()).toBe(plusMs(START, 2 * HOUR_MS));
  });

  const scaled = (worldAt = START): Promise<WorkspaceClock> =>
    WorkspaceClock.open(pool, {mode: 'scaled', worldAt, rate: 900}, wall);
  const follow = (): Promise<WorkspaceClock> => WorkspaceClock.open(pool, {mode: 'follow'}, wall);

  it('a process that joins a scaled workspace says the same time as its driver, and moves nothing', async () => {
    const driver = await scaled();
    wallNow = plusMs(wallNow, 1000);
    const follower = await follow();
    expect(follower.mode).toBe('scaled');
    expect(follower.now()).toBe(driver.now());
    wallNow = plusMs(wallNow, 1000);
    expect(driver.now()).toBe(plusMs(START, HOUR_MS / 2)); // opening the second took no time from the first
    expect(follower.now()).toBe(driver.now());
    await driver.setRate(90);
    wallNow = plusMs(wallNow, 1000);
    await follower.keep();
    expect(follower.now()).toBe(driver.now());
    await expect(follower.setRate(0)).rejects.toMatchObject({code: 'clock-driven-elsewhere'});
    await follower.stop();
    expect((await follow()).rate).toBe(90);
  });

  it('who follows never says an earlier time than it has said, also when the driver has slowed the clock meanwhile', async () => {
    const driver = await scaled();
    const follower = await follow();
    wallNow = plusMs(wallNow, 1000);
    await driver.setRate(0);
    wallNow = plusMs(wallNow, 1000);
    const said = follower.now();
    expect(said).toBeGreaterThan(driver.now());
    await follower.keep();
    expect(follower.now()).toBe(said);
  });

  it('scaled time stands when its driver is gone, and goes on from there under the next', async () => {
    const driver = await scaled();
    const follower = await follow();
    for (let second = 0; second < 60; second += 1) {
      wallNow = plusMs(wallNow, 1000);
      await driver.keep();
    }
    expect(follower.now()).toBe(plusMs(START, 2000 * 900)); // it has not looked for a minute
    await follower.keep();
    expect(follower.now()).toBe(plusMs(START, 60_000 * 900));
    wallNow = plusMs(wallNow, DAY_MS); // the driver was killed
    await follower.keep();
    expect(follower.now()).toBe(plusMs(START, 62_000 * 900));
    const next = await scaled();
    expect(next.now()).toBe(follower.now());
  });

  it('a driver that stops takes its time with it', async () => {
    const driver = await scaled();
    wallNow = plusMs(wallNow, 1000);
    await driver.stop();
    wallNow = plusMs(wallNow, DAY_MS);
    expect((await follow()).now()).toBe(plusMs(START, 1000 * 900));
    expect((await scaled()).now()).toBe(plusMs(START, 1000 * 900));
  });

  it('one process drives: the one before can move the clock no more', async () => {
    const before = await scaled();
    const driver = await scaled(epochMs(0));
    expect(driver.now()).toBe(START); // the workspace keeps its time
    await expect(before.keep()).rejects.toMatchObject({code: 'clock-driven-elsewhere'});
    await driver.keep();
  });

  it('a driver whose write was made and whose answer got lost still drives', async () => {
    let cut = false;
    const flaky = Object.create(pool, {
      query: {
        value: async (...args: [string, unknown[]]) => {
          const result = await pool.query(...args);
          if (cut) throw new Error('connection lost');
          return result;
        },
      },
    }) as Pool;
    const driver = await WorkspaceClock.open(flaky, {mode: 'scaled', worldAt: START, rate: 900}, wall);
    wallNow = plusMs(wallNow, 1000);
    cut = true;
    await expect(driver.keep()).rejects.toThrow('connection lost');
    cut = false;
    await driver.keep();
    expect(driver.now()).toBe(plusMs(START, 1000 * 900));
  });

  it('who follows in a workspace without a clock finds real time', async () => {
    const first = await follow();
    expect([first.mode, first.now()]).toEqual(['real', wallNow]);
    await expect(scaled()).rejects.toMatchObject({code: 'clock-mode'});
  });
});
