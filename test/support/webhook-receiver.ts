import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {Webhook} from 'standardwebhooks';

export interface Received {
  readonly id: string;
  readonly body: Record<string, unknown>;
}

/** A real HTTP receiver that believes nothing: each request's signature is verified, a wrong one is answered 401. */
export async function startWebhookReceiver(): Promise<{
  readonly url: string;
  readonly secret: string;
  readonly received: Received[];
  /** Answers the next requests with this status. */
  answer(status: number): void;
  close(): Promise<void>;
}> {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const verifier = new Webhook(secret);
  const received: Received[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      try {
        verifier.verify(text, request.headers as Record<string, string>);
      } catch {
        response.writeHead(401).end();
        return;
      }
      if (status === 200) {
        received.push({
          id: String(request.headers['webhook-id']),
          body: JSON.parse(text) as Record<string, unknown>,
        });
      }
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    secret,
    received,
    answer: (next) => (status = next),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
