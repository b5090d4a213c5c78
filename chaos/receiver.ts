import {appendFileSync} from 'node:fs';
import {z} from 'zod';
import {signedRequests} from '../test/support/signed-requests.ts';

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
  const server = signedRequests(secret, ({id, text}) => {
    const {type, decisionId} = Payload.parse(JSON.parse(text));
    // An alert names the decision that answers it, and is no effect of it.
    const carriesOut = type.startsWith('alert.') ? undefined : (decisionId ?? undefined);
    appendFileSync(noteFile, `${JSON.stringify({idempotencyKey: id, decisionId: carriesOut})}\n`);
    return 200;
  });
  server.listen(port, '127.0.0.1', () => console.log('receiving'));
}

receive(JSON.parse(process.argv[2]!) as ReceiverPlan);
