import {jetstream, jetstreamManager} from '@nats-io/jetstream';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {portsOf} from '../../cli/serve-api.ts';
import {ROUTES} from '../../console/api/routes.ts';
import {SharedStateV1, publishShares, subjectOf} from '../../console/api/share-stream.ts';
import {DAY_MS, epochMs} from '../../domain/time.ts';
import {FEED_STREAM, openFeedStream} from '../../platform/feed-stream.ts';
import type {FeedStream} from '../../platform/feed-stream.ts';
import {silentLogger} from '../../platform/log.ts';
import {openNats} from '../../platform/nats.ts';
import type {NatsConnection} from '../../platform/nats.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe.skipIf(natsMissing)('shares of data on the bus', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let world: ConsoleWorld;
  beforeAll(async () => {
    server = await NatsServer.start();
    connection = await openNats(server.url, 'test', silentLogger());
    world = await openConsoleWorld({mode: 'shadow', data: tinyNetwork()});
    const manager = await jetstreamManager(connection);
    await manager.streams.add({name: FEED_STREAM, subjects: ['decisions.v1.>', 'alerts.v1.>']}); // of an older version
  });
  afterAll(async () => {
    await world.stop();
    await connection.close();
    await server.stop();
  });

  const publish = (stream: FeedStream = openFeedStream(connection)): Promise<number> =>
    publishShares(portsOf(world.base, world), {stream, routes: ROUTES});
  const agree = (more: object) =>
    world.send('PUT', '/api/v1/data-shares/SUP/stock', {
      ...{purpose: 'plans', useRights: 'for that', retentionDays: 30, everyHours: 24},
      ...more,
    });
  async function heard(): Promise<{readonly subject: string; readonly body: unknown}[]> {
    const manager = await jetstreamManager(connection);
    const {messages} = (await manager.streams.info(FEED_STREAM)).state;
    if (messages === 0) return [];
    const consumer = await jetstream(connection).consumers.get(FEED_STREAM);
    const found = [];
    for await (const message of await consumer.fetch({max_messages: messages, expires: 2000}))
      found.push({subject: message.subject, body: message.json<unknown>()});
    return found;
  }

  it('K4 a field that is not granted is absent from the stream, and a state goes out as often as was agreed', async () => {
    expect(await publish()).toBe(0);
    await agree({fields: {depotId: 'masked', qty: 'plain'}});
    const away: FeedStream = {publish: () => Promise.reject(new Error('the bus is away'))};
    await expect(publish(away)).rejects.toThrow('the bus is away');
    expect(await publish()).toBe(1);
    expect(await publish()).toBe(0);
    const [first] = await heard();
    expect(first!.subject).toBe('shares.v1.SUP.stock');
    const state = SharedStateV1.parse(first!.body);
    expect(state).toMatchObject({partyId: 'SUP', shareVersion: 1, purpose: 'plans'});
    expect(state.rows.map((row) => Object.keys(row).sort())).toEqual([
      ['depotId', 'qty'],
      ['depotId', 'qty'],
    ]);
    expect(JSON.stringify(first)).not.toMatch(/D-1|D-C|P-1/);
    await world.clock.advanceTo(epochMs(START + DAY_MS));
    expect(await publish()).toBe(1);
    await agree({fields: {qty: 'plain', partId: 'plain'}, groupBy: ['partId'], groupMin: 2});
    expect(await publish()).toBe(1);
    const last = SharedStateV1.parse((await heard()).at(-1)!.body);
    expect(last.rows).toEqual([{partId: 'P-1', qty: 12, behind: 2}]);
  });

  it('two parties never have one subject', () => {
    expect(subjectOf('SUP.07', 'stock')).toBe('shares.v1.SUP%2E07.stock');
    expect(subjectOf('SUP>*', 'stock')).toBe('shares.v1.SUP%3E%2A.stock');
  });
});
