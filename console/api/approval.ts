import {ok} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {findDecision} from '../../replenish/api.ts';
import type {ConsolePorts} from './ports.ts';
import {ownDepot} from './reach.ts';
import type {Caller} from './route.ts';

/** Whether the caller may answer this proposal (D5). A proposal that is not there is for the review to say so. */
export async function mayAnswer(
  decisionId: string,
  {reach}: Caller,
  {db}: Pick<ConsolePorts, 'db'>,
): Promise<Result<null>> {
  const decision = await findDecision(db, decisionId);
  return decision === null ? ok(null) : ownDepot(reach, [decision.depotId]);
}
