import {z} from 'zod';
import {ok, refused} from '../domain/result.ts';
import {CANCEL_REASONS, calledOff, cancel} from './core/demand-line.ts';
import {type Command, origin} from './command.ts';
import {signalGroups} from './settle.ts';

export const CancelDemand = z.object({
  ...origin,
  demandId: z.uuid(),
  reason: z.enum(CANCEL_REASONS).describe('Why the part is needed no more'),
  note: z.string().max(2000).optional().describe('For the record'),
});

export interface Cancelled {
  readonly demandId: string;
  readonly filledQty: number;
  readonly cancelledQty: number;
}

/** Calls off what a line still waits for; what it was given stays given. The planning group looks again: it is owed less. */
export const cancelDemand: Command<z.infer<typeof CancelDemand>, Cancelled> = {
  kind: 'cancel-demand',
  schema: CancelDemand,
  quarantined: false,
  async work({source, sourceKey, demandId, reason, note = null}, {ports, books, now, cause}) {
    const line = await books.demandLine(demandId);
    if (line === null)
      return refused('unknown-demand', `demand line ${demandId} is not known; look it up in the register`);
    if (line.state !== 'open')
      return refused('demand-closed', `demand line ${demandId} is ${line.state}: nothing of it is open`);
    const after = cancel(line, now);
    const cancelledQty = calledOff(after);
    const event = {type: 'cancelled', qty: cancelledQty, reason, note} as const;
    await books.saveLine(after, {...event, source, sourceKey, worldAt: now});
    await signalGroups(ports, books, new Map([[line.partId, cause]]), 'demand', now);
    return ok({demandId, filledQty: after.filledQty, cancelledQty});
  },
};
