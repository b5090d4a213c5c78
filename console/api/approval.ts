import {ok} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {findDecision, segmentsOf} from '../../replenish/api.ts';
import type {ConsolePorts} from './ports.ts';
import {ownShelf} from './reach.ts';
import type {Caller} from './route.ts';

/** What a request is about. */
export interface OnShelves {
  readonly depotIds: readonly string[];
  readonly partIds: readonly string[];
}

/** Whether the caller may act on these parts at these depots (K3). */
export async function mayTouch(
  {reach}: Pick<Caller, 'reach'>,
  {depotIds, partIds}: OnShelves,
  {db}: Pick<ConsolePorts, 'db'>,
): Promise<Result<null>> {
  const isBySegment = reach.kind === 'shelves' && reach.segments !== null;
  return ownShelf(reach, {depotIds, segments: isBySegment ? await segmentsOf(db, partIds) : []});
}

/** Whether the caller may answer this proposal (D5). A proposal that is not there is for the review to say so. */
export async function mayAnswer(
  decisionId: string,
  caller: Pick<Caller, 'reach'>,
  ports: Pick<ConsolePorts, 'db'>,
): Promise<Result<null>> {
  const decision = await findDecision(ports.db, decisionId);
  if (decision === null) return ok(null);
  return mayTouch(caller, {depotIds: [decision.depotId], partIds: [decision.partId]}, ports);
}
