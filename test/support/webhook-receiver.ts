import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import {signedRequests} from './signed-requests.ts';

export interface Received {
  readonly id: string;
  readonly body: Record<string, unknown>;
}

/** Keeps what it is sent (signedRequests). */
export async function startWebhookReceiver(): Promise<{
  readonly url: string;
  readonly secret: string;
  readonly received: Received[];
  /** Answers the next requests with this status. */
  answer(status: number): void;
  close(): Promise<void>;
}> {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const received: Received[] = [];
  let status = 200;
  const server = signedRequests(secret, ({id, text}) => {
    if (status === 200) received.push({id, body: JSON.parse(text) as Record<string, unknown>});
    return status;
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
