import {existsSync, readFileSync} from 'node:fs';
import type {Socket} from 'node:net';
import {beforeAll, describe, expect, it} from 'vitest';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

const CONNECTIONS = '/proc/net/tcp';
/** The kernel's code of a running keepalive timer. */
const KEEPALIVE = '02';

describe.skipIf(!existsSync(CONNECTIONS))('a connection to the database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  it('M3 is probed when nothing is heard: a server that lost its power is not waited for without end', async () => {
    const client = await database.poolFor('forestock_ingest').connect();
    await client.query('SELECT 1');
    const {stream} = (client as unknown as {readonly connection: {readonly stream: Socket}}).connection;
    const timer = timerOf(stream.localPort!);
    client.release();
    expect(timer.kind).toBe(KEEPALIVE);
    expect(timer.ticks).toBeLessThanOrEqual(10 * 100); // ten seconds in the kernel's hundredths
  });
});

/** Fields 2 and 6 of a row: the local address as hex, and its timer with the time left. */
function timerOf(localPort: number): {readonly kind: string; readonly ticks: number} {
  const port = localPort.toString(16).toUpperCase().padStart(4, '0');
  const row = readFileSync(CONNECTIONS, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1]?.endsWith(`:${port}`));
  const [kind = '', ticks = ''] = (row?.[5] ?? '').split(':');
  return {kind, ticks: parseInt(ticks, 16)};
}
