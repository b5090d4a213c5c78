import {ok, refused, type Result} from '../domain/result.ts';
import {fill, outstanding} from './core/demand-line.ts';
import {substituteRatio} from './core/supersession.ts';
import type {Work} from './command.ts';

/** Pieces of a part that leave a shelf for a customer. */
export interface Use {
  readonly source: string;
  readonly sourceKey: string;
  readonly partId: string;
  readonly pieces: number;
  readonly depotId: string;
  readonly customerPartyId: string;
  /** The line that they answer; without one the use becomes a line of its own. */
  readonly demandId: string | undefined;
}

export interface NotedUse {
  readonly demandId: string;
  /** What was asked for: another part than the one that left, when that stands in for it. */
  readonly neededPart: string;
}

/** Every use is somebody's need: it fills the line it names, or becomes a filled line, so that demand history is whole. */
export async function noteUse(use: Use, work: Work): Promise<Result<NotedUse>> {
  const {customerPartyId} = use;
  if (!(await work.books.partyExists(customerPartyId)))
    return refused('unknown-party', `party ${customerPartyId} is not known; add it to party.csv`);
  return use.demandId === undefined ? noteOwnLine(use, work) : fillNamed(use, use.demandId, work);
}

/**
 * A substitute counts by the work it does: where two new pieces do the work of one old, four of them fill two of the line.
 */
async function fillNamed(use: Use, demandId: string, {books, now}: Work): Promise<Result<NotedUse>> {
  const {partId, pieces, source, sourceKey} = use;
  const line = await books.demandLine(demandId);
  if (line === null)
    return refused('unknown-demand', `demand line ${demandId} is not known; look it up in the register`);
  const asked = {neededPart: line.partId, givenPart: partId};
  const ratio = substituteRatio(asked, await books.relations(), now);
  if (ratio === null)
    return refused(
      'no-substitute',
      `part ${partId} is no approved substitute of part ${line.partId}, which line ${demandId} asks for; issue that, or approve it in part_relation.csv`,
    );
  if (pieces % ratio !== 0)
    return refused(
      'substitute-ratio',
      `${ratio} pieces of part ${partId} do the work of one ${line.partId}; issue a multiple of ${ratio}, not ${pieces}`,
    );
  const qty = pieces / ratio;
  const open = outstanding(line);
  if (qty > open)
    return refused(
      'over-issue',
      `demand line ${demandId} waits for ${open} pieces, not ${qty}; issue the rest apart`,
    );
  const filled = {type: 'filled', qty, partId, pieces} as const;
  await books.saveLine(fill(line, qty, now), {...filled, source, sourceKey, worldAt: now});
  return ok({demandId, neededPart: line.partId});
}

async function noteOwnLine(use: Use, {ports, books, now}: Work): Promise<Result<NotedUse>> {
  const {source, sourceKey, partId, pieces, depotId, customerPartyId} = use;
  const line = {
    demandId: ports.causeId('demand', source, sourceKey),
    partId,
    depotId,
    equipmentNo: null,
    customerPartyId,
    tier: 'standard',
    qty: pieces,
    filledQty: 0,
    requestedAt: now,
    neededAt: now,
    filledAt: null,
    cancelledAt: null,
    state: 'open',
  } as const;
  await books.insertLine({...line, source, sourceKey, cause: 'use'});
  const filled = {type: 'filled', qty: pieces, partId, pieces} as const;
  await books.saveLine(fill(line, pieces, now), {...filled, source, sourceKey, worldAt: now});
  return ok({demandId: line.demandId, neededPart: partId});
}
