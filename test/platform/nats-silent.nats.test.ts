import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {Line} from '../../chaos/line.ts';
import {silentLogger} from '../../platform/log.ts';
import {openNats} from '../../platform/nats.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';

describe.skipIf(natsMissing)('a NATS server that is heard of no more', () => {
  let nats: NatsServer;
  let line: Line;

  beforeAll(async () => {
    nats = await NatsServer.start();
    line = await Line.open('bus', {host: '127.0.0.1', port: nats.port});
  });
  afterAll(async () => {
    await line.close();
    await nats.stop();
  });

  it('M3 a connection that stays open and silent is given up within half a minute, not within six, and made anew', async () => {
    const connection = await openNats(`nats://127.0.0.1:${line.port}`, 'test', silentLogger());
    const heard: string[] = [];
    connection.subscribe('news', {callback: (_error, message) => void heard.push(message.string())});
    await connection.flush();

    line.trouble({kind: 'half-open'});
    const silentAt = performance.now();
    // The connection made now is a new one: the firewall has forgotten the old one, and lets the new one through.
    await vi.waitFor(() => expect(line.connections).toBeGreaterThan(1), {timeout: 45_000, interval: 20});
    expect(performance.now() - silentAt).toBeLessThan(30_000);
    line.trouble({kind: 'none'});
    await vi.waitFor(
      async () => {
        connection.publish('news', 'back');
        await connection.flush();
        expect(heard).toContain('back');
      },
      {timeout: 30_000, interval: 500},
    );
    await connection.close();
  });
});
