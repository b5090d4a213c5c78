import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {openStages} from '../../cli/engine.ts';
import type {StageName, Stages} from '../../cli/engine.ts';
import type {ClockStart} from '../../platform/clock.ts';
import {silentLogger} from '../../platform/log.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {configurationFor, START} from './chain-world.ts';

const PATIENT = {timeout: 20_000, interval: 50};
const RATE = 60;

describe.skipIf(natsMissing)('stages of one scaled workspace in several processes', () => {
  let nats: NatsServer;
  let database: TestDatabase;
  const running: Stages[] = [];

  beforeAll(async () => {
    [nats, database] = await Promise.all([NatsServer.start(), openTestDatabase()]);
  });
  afterAll(async () => {
    for (const stages of running.reverse()) await stages.stop();
    await nats.stop();
  });

  async function start(only: readonly StageName[], clock: ClockStart): Promise<Stages> {
    const configuration = await configurationFor(database, {NATS_URL: nats.url});
    const stages = await openStages({configuration, clock, log: silentLogger(), autoIssue: false}, only);
    running.push(stages);
    stages.run();
    return stages;
  }

  async function row(): Promise<{step_no: number; rate: number; world_anchor: number}> {
    const found = await database
      .poolFor('forestock_platform')
      .query<{step_no: number; rate: number; world_anchor: number}>(
        'SELECT step_no, rate, world_anchor FROM platform.world_clock',
      );
    return found.rows[0]!;
  }

  it('one drives the clock; another joins, keeps up and leaves without touching it', async () => {
    const driver = await start(['store'], {mode: 'scaled', worldAt: START, rate: RATE});
    const joined = await start(['predict'], {mode: 'follow'});
    const {step_no: before} = await row();
    await vi.waitFor(async () => expect((await row()).step_no).toBeGreaterThan(before + 2), PATIENT);
    await joined.clock.keep();
    expect(joined.clock.mode).toBe('scaled');
    expect(Math.abs(joined.clock.now() - driver.clock.now())).toBeLessThan(1000 * RATE);
    expect(joined.clock.now()).toBeGreaterThan(START);

    await joined.stop();
    expect((await row()).rate).toBe(RATE);
    await driver.stop();
    const stopped = await row();
    expect(stopped.rate).toBe(0);
    const next = await start(['store'], {mode: 'scaled', worldAt: START, rate: 0});
    expect(next.clock.now()).toBe(stopped.world_anchor);
  });
});
