import {appendFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {Webhook} from 'standardwebhooks';
import {z} from 'zod';

/** What it is told, as JSON in its first argument. */
export interface ReceiverPlan {
  readonly port: number;
  readonly secret: string;
  readonly noteFile: string;
}

const Payload = z.object({type: z.string(), decisionId: z.string().nullish()});

/**
 * The ERP's side, in a process of its own: notes each signed request by its idempotency key before it answers, so that a kill between the
 * two makes the service send again and the note shows it.
 */
function receive({port, secret, noteFile}: ReceiverPlan): void {
  const verifier = new Webhook(secret);
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
      const {type, decisionId} = Payload.parse(JSON.parse(text));
      // An alert names the decision that answers it, and is no effect of it.
      const carriesOut = type.startsWith('alert.') ? undefined : (decisionId ?? undefined);
      const note = {idempotencyKey: String(request.headers['webhook-id']), decisionId: carriesOut};
      appendFileSync(noteFile, `${JSON.stringify(note)}\n`);
      response.writeHead(200).end();
    });
  });
  server.listen(port, '127.0.0.1', () => console.log('receiving'));
}

receive(JSON.parse(process.argv[2]!) as ReceiverPlan);
