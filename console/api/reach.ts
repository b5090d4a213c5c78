import type {PartyScope} from '../../domain/party-scope.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Reach} from './permissions.ts';

/**
 * The party that a request is about. Who is bound to a party asks for its own, named or not; everybody else for the named one, or
 * where none is named for all.
 *
 * Example: bound to SVC-B and 'SVC-A' → refused with 'foreign-party'; bound to SVC-B and nothing → 'SVC-B'.
 */
export function ownParty<T extends string>(reach: Reach, named: T | undefined): Result<T | undefined> {
  if (reach.kind !== 'party') return ok(named);
  const {partyId} = reach;
  if (named === undefined || named === partyId) return ok(partyId as T);
  return refused(
    'foreign-party',
    `you speak for party ${partyId} and not for ${named}; leave that out, or ask as ${named}`,
  );
}

/**
 * Whether somebody may act for one of these depots: for each where no depots bound it, else for its own.
 *
 * Example: bound to D-1, a transfer from D-C to D-1 → ok; a count at D-2 → refused with 'foreign-depot'.
 */
export function ownDepot(reach: Reach, depotIds: readonly string[]): Result<null> {
  if (reach.kind !== 'depots' || depotIds.some((depotId) => reach.depotIds.includes(depotId)))
    return ok(null);
  return refused(
    'foreign-depot',
    `you act for ${reach.depotIds.join(', ')} and not for ${depotIds.join(', ') || 'what is at no depot'}; ask whoever plans there`,
  );
}

/**
 * In whose name something of one party is read. Who is bound to a party reads in its own; who may read of all has to say whose.
 *
 * Example: an admin and nothing → refused with 'party-needed'; an admin and SVC-A → what SVC-A sees.
 */
export function partyScope(reach: Reach, named: string | undefined, at: EpochMs): Result<PartyScope> {
  const own = ownParty(reach, named);
  if (!own.ok) return own;
  if (own.value !== undefined) return ok({partyId: own.value, at});
  return refused('party-needed', 'you speak for no party; say whose page you want to see: ?partyId=…');
}
