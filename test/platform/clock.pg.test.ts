import {beforeEach, describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, plusMs} from '../../domain/time.ts';
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
    const follower = await WorkspaceClock.open(pool, {mode: 'stepped', worldAt: epochMs(0)}, wall);
    await clock.advanceTo(plusMs(START, HOUR_MS));
    expect(follower.now()).toBe(START);
    await follower.refresh();
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
    const clock = await WorkspaceClock.open(pool, {mode: 'scaled', worldAt: START, rate: 900}, wall);
    wallNow = plusMs(wallNow, 4000);
    expect(clock.now()).toBe(plusMs(START, HOUR_MS));
    await clock.setRate(0);
    wallNow = plusMs(wallNow, 60_000);
    expect(clock.now()).toBe(plusMs(START, HOUR_MS));
    await clock.setRate(3600);
    wallNow = plusMs(wallNow, 1000);
    expect(clock.now()).toBe(plusMs(START, 2 * HOUR_MS));
  });
});
