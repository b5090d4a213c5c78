import {createServer} from 'node:http';
import type {IncomingMessage, Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {afterEach, describe, expect, it} from 'vitest';
import {withApi} from '../../cli/api-client.ts';

interface Sent {
  readonly key: string | undefined;
  readonly body: string;
}

describe('a command at a service that counts requests', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve))));

  /** A service that answers these in turn; the last one again and again. */
  async function service(...answers: readonly {status: number; retryAfter?: string}[]): Promise<{
    readonly url: string;
    readonly sent: Sent[];
  }> {
    const sent: Sent[] = [];
    const listening = createServer((request: IncomingMessage, response) => {
      void text(request).then((body) => {
        const {status, retryAfter} = answers[Math.min(sent.length, answers.length - 1)]!;
        sent.push({key: request.headers['idempotency-key'] as string | undefined, body});
        const headers = retryAfter === undefined ? {} : {'retry-after': retryAfter};
        const refusal = {
          error: 'too-many-requests',
          message: 'too many requests',
          details: [],
          requestId: 'r',
        };
        response.writeHead(status, {'content-type': 'application/json', ...headers});
        response.end(JSON.stringify(status === 200 ? {taken: true} : refusal));
      });
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return {url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, sent};
  }

  it('K3 waits as long as it is told and sends the same again, so that nothing is done twice', async () => {
    const {url, sent} = await service(
      {status: 429, retryAfter: '1'},
      {status: 429, retryAfter: '0'},
      {status: 200},
    );
    const from = performance.now();
    const reply = await withApi({url}, (api) => api.offer('/api/v1/stock/issues', {qty: 1}, 'job-1'));
    expect(reply).toEqual({ok: true, reply: {taken: true}});
    expect(performance.now() - from).toBeGreaterThan(990);
    expect(sent).toEqual(Array.from({length: 3}, () => ({key: 'job-1', body: '{"qty":1}'})));
  });

  it('K3 gives up after three waits, and says what the service said', async () => {
    const {url, sent} = await service({status: 429, retryAfter: '0'});
    await expect(withApi({url}, (api) => api.get('/api/v1/alerts'))).rejects.toMatchObject({
      code: 'api-refused',
      message: 'too many requests',
    });
    expect(sent).toHaveLength(4);
  });

  it.each([{retryAfter: '61'}, {}, {retryAfter: 'Mon, 05 Jan 2026 00:00:00 GMT'}])(
    'K3 does not wait for longer than a minute, nor for no one knows how long: %j',
    async (how) => {
      const {url, sent} = await service({status: 429, ...how}, {status: 200});
      await expect(withApi({url}, (api) => api.post('/api/v1/x', {}))).rejects.toMatchObject({
        code: 'api-refused',
      });
      expect(sent).toHaveLength(1);
    },
  );
});
