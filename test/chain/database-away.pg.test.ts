import {rmSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {startEmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {silentLogger} from '../../platform/log.ts';
import {openFolder} from '../support/open-folder.ts';
import {TcpProxy} from '../support/tcp-proxy.ts';
import {openChain, tellStory} from './chain-world.ts';
import {sendThrough, storedNumbers} from './send-through.ts';

describe('the database goes away', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  let dataDir: string;
  let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
  let cable: TcpProxy;
  let engine: Engine;

  beforeAll(async () => {
    dataDir = openFolder('outage');
    server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
    // The same address whatever port the server comes back on.
    cable = await TcpProxy.open(() => Number(new URL(server.ownerUrl).port));
    const url = Object.assign(new URL(server.ownerUrl), {port: String(cable.port)}).href;
    engine = await openChain({ownerUrl: url}, story);
    engine.run();
  });
  afterAll(async () => {
    await engine.stop();
    await cable.close();
    await server.stop();
    rmSync(dataDir, {recursive: true});
  });

  it('A1 no PUBACK while it is away, bounded memory, and everything stored once when it is back', async () => {
    const sent = await sendThrough(engine, story, {
      during: 300,
      begin: () => server.stop(),
      end: async () => {
        server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
      },
    });
    expect(await storedNumbers(engine)).toEqual(sent); // each PUBACK was a commit
  });
});
