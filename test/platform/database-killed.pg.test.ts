import {chmodSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {DAY_MS} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor, tellStory} from '../chain/chain-world.ts';
import {OutboxDevice, numbered, refusedOften, storedNumbers, upTo} from '../chain/outages.ts';
import {postmasterOf} from '../support/postmaster.ts';

describe('the embedded database is killed under a running service', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  let dataDir: string;
  let engine: Engine;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'forestock-killed-'));
    chmodSync(dataDir, 0o755); // open to the server's user
    engine = await openEngine({
      configuration: await configurationFor({ownerUrl: ''}, {FORESTOCK_DATA_DIR: dataDir}),
      clock: {mode: 'stepped', worldAt: story.endsAt},
      log: silentLogger(),
      mode: 'propose',
      autoIssue: true,
      prepare: ({network}) => network.importMaster(story.network, 'test'),
    });
    engine.run();
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(dataDir, {recursive: true});
  });

  it('M3 it comes back by itself, and what had no PUBACK arrives once', async () => {
    const machine = story.network['equipment']![0]!;
    const message = numbered(machine, 'vibration_mm_s', story.endsAt - 2 * DAY_MS);
    const device = await OutboxDevice.connect(engine.ingest.mqttPort!);
    for (const seq of upTo(20)) device.send(...message(seq));
    await device.hasAcked(20);

    const killed = postmasterOf(dataDir);
    process.kill(killed, 'SIGKILL');
    for (const seq of upTo(300)) device.send(...message(20 + seq));
    await refusedOften(engine);
    expect(device.acked).toBe(20);

    await device.hasAcked(320);
    expect(postmasterOf(dataDir)).not.toBe(killed);
    expect(await storedNumbers(engine.database.pool('forestock_ingest'))).toEqual(upTo(320));
    await device.close();
  });
});
