/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import {jetstream, jetstreamManager} from '@nats-io/jetstream';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {AlertFeedV1, DecisionFeedV1} from '../../console/api/feed-messages.ts';
import {OutgoingFeeds} from '../../console/api/outgoing-feeds.ts';
import {FEED_STREAM, openFeedStream} from '../../platform/feed-stream.ts';
import type {FeedStream} from '../../platform/feed-stream.ts';
import {silentLogger} from '../../platform/log.ts';
import {openNats} from '../../platform/nats.ts';
import type {NatsConnection} from '../../platform/nats.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

interface Heard {
  readonly subject: string;
  readonly body: {readonly id: number; readonly what: string; readonly decision?: {decisionId: string}};
}

describe.skipIf(natsMissing)('the outgoing feeds', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let world: ConsoleWorld;
  beforeAll(async () => {
    server = await NatsServer.start();
    connection = await openNats(server.url, 'test', silentLogger());
    world = await openConsoleWorld({mode: 'propose'});
  });
  afterAll(async () => {
    await world.stop();
    await connection.close();
    await server.stop();
  });

  const feeds = (stream: FeedStream = openFeedStream(connection)): OutgoingFeeds =>
    new OutgoingFeeds({
      db: world.db.poolFor('forestock_api'),
      platform: world.db.poolFor('forestock_platform'),
      stream,
    });
  const drain = async (publisher: OutgoingFeeds): Promise<number> => {
    let told = 0;
    for (let empty = 0; empty < 3;) {
      const now = await publisher.runOnce();
      told += now;
      empty = now === 0 ? empty + 1 : 0;
    }
    return told;
  };
  async function heard(): Promise<Heard[]> {
    const manager = await jetstreamManager(connection);
    const {state} = await manager.streams.info(FEED_STREAM);
    const consumer = await jetstream(connection).consumers.get(FEED_STREAM); // ordered, from the beginning
    const messages: Heard[] = [];
    if (state.messages === 0) return messages;
    for await (const message of await consumer.fetch({max_messages: state.messages, expires: 2000}))
      messages.push({subject: message.subject, body: message.json()});
    return messages;
  }

  it('K1 tells what happens from its first start on, each event once, by the published schemas', async () => {
    await drain(feeds());
    await world.decide();
    expect(await drain(feeds())).toBeGreaterThan(0);
    const first = await heard();
    const {body} = await world.get('/api/v1/proposals');
    const [proposal] = body.proposals;
    for (const {subject, body: message} of first) {
      const schema = subject.startsWith('decisions.v1.') ? DecisionFeedV1 : AlertFeedV1;
      expect(schema.safeParse(message).error, subject).toBeUndefined();
    }
    const ids = first.map(({body: {id}}) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const told = first.find(({body: {decision}}) => decision?.decisionId === proposal.decisionId)!;
    expect(told).toMatchObject({subject: `decisions.v1.${proposal.action}`, body: {what: 'proposed'}});
    expect(await drain(feeds())).toBe(0);
  });

  it('loses nothing when the bus goes away in between, and repeats nothing when two processes tell', async () => {
    const before = (await heard()).length;
    const {body} = await world.get('/api/v1/proposals');
    const [{decisionId}] = body.proposals;
    await world.post(`/api/v1/proposals/${decisionId}/approve`, {});
    let failures = 0;
    const away: FeedStream = {
      publish: () => {
        failures += 1;
        return Promise.reject(new Error('the bus is away'));
      },
    };
    const failing = feeds(away);
    for (let look = 0; look < 5 && failures === 0; look += 1) await failing.runOnce().catch(() => 0);
    expect(failures).toBe(1);
    expect(await heard()).toHaveLength(before);
    const [one, two] = [feeds(), feeds()];
    for (let look = 0; look < 4; look += 1) await Promise.all([one.runOnce(), two.runOnce()]);
    const after = await heard();
    expect(after.slice(before).map(({body: {what}}) => what)).toContain('approved');
    const ids = after.map(({body: {id}}) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
