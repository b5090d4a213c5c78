import {createServer} from 'node:http';
import type {Server} from 'node:http';
import {Webhook} from 'standardwebhooks';

/**
 * A real HTTP receiver that believes nothing: each request's signature is verified, a wrong one is answered 401.
 *
 * @param answer The status of the reply to a request that is signed as it should be.
 */
export function signedRequests(
  secret: string,
  answer: (request: {readonly id: string; readonly text: string}) => number,
): Server {
  const verifier = new Webhook(secret);
  return createServer((request, response) => {
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
      response.writeHead(answer({id: String(request.headers['webhook-id']), text})).end();
    });
  });
}
