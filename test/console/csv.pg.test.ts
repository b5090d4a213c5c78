/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON of every shape, and the expectations are what checks them */
import {parse} from 'csv-parse/sync';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe('lists as CSV', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'auto'});
    await world.decide();
  });
  afterAll(() => world.stop());

  const rowsOf = (text: string): Record<string, string>[] => parse(text, {bom: true, columns: true});

  it.each(['stock', 'orders', 'decisions', 'alerts', 'backorders', 'demand', 'demand/forecasts'])(
    'K1 /api/v1/%s.csv has the rows of the list, and reads as a sheet',
    async (list) => {
      const response = await fetch(`${world.url}/api/v1/${list}.csv`);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/csv');
      expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
      const {body} = await world.get(`/api/v1/${list}?limit=500`);
      const [name, json] = Object.entries(body as Record<string, unknown[]>)[0]!;
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name}.csv"`);
      expect(rowsOf(bytes.toString())).toHaveLength(json.length);
      expect(
        bytes
          .toString()
          .split('\n')
          .every((line) => line === '' || line.endsWith('\r')),
      ).toBe(true);
    },
  );

  it('says the same as the JSON list, and takes its filters', async () => {
    const {body} = await world.get('/api/v1/orders?state=open');
    const [order] = body.orders;
    const response = await fetch(`${world.url}/api/v1/orders?state=open`, {headers: {accept: 'text/csv'}});
    const [row] = rowsOf(await response.text());
    expect(row).toMatchObject({
      orderId: order.orderId,
      'qty [pieces]': String(order.qty),
      'cost [currency]': (order.costMinor / 100).toFixed(2),
      currency: order.currency,
      'orderedAt [UTC]': order.orderedAt.replace('T', ' ').replace(/(\.000)?Z/, ''),
      'promisedAt [UTC]': '',
    });
    expect(rowsOf(await (await fetch(`${world.url}/api/v1/orders.csv?state=received`)).text())).toEqual([]);
  });

  it('says in its name that there is more, and refuses what it cannot do as JSON', async () => {
    const first = await fetch(`${world.url}/api/v1/stock.csv?limit=1`);
    expect(first.headers.get('content-disposition')).toBe('attachment; filename="stock-first-1.csv"');
    expect(rowsOf(await first.text())).toHaveLength(1);
    const {status, body} = await world.get('/api/v1/stock.csv?limit=10001&colour=red');
    expect(status).toBe(400);
    expect(body.details.map(({path}: {path: string}) => path)).toEqual(['query', 'query.limit']);
  });
});
