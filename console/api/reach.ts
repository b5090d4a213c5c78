import type {PartyScope} from '../../domain/party-scope.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {Segment} from '../../domain/segment.ts';
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

/** What a request is about: parts at depots. A part that nobody knows is in no segment, and refused where it is looked up. */
export interface Shelves {
  readonly depotIds: readonly string[];
  readonly segments: readonly Segment[];
}

/**
 * Whether somebody may act for one of these depots and all of these segments: for each where none bound it, else for its own.
 *
 * Example: bound to D-1, a transfer from D-C to D-1 → ok; a count at D-2 → refused with 'foreign-depot'; bound to segment A, an order
 * of a part of segment B → refused with 'foreign-segment'.
 */
export function ownShelf(reach: Reach, {depotIds, segments}: Shelves): Result<null> {
  if (reach.kind !== 'shelves') return ok(null);
  const {depotIds: own, segments: ownSegments} = reach;
  if (own !== null && !depotIds.some((depotId) => own.includes(depotId)))
    return refused(
      'foreign-depot',
      `you act for ${own.join(', ')} and not for ${depotIds.join(', ') || 'what is at no depot'}; ask whoever plans there`,
    );
  const foreign = segments.filter((segment) => ownSegments?.includes(segment) === false);
  if (foreign.length === 0) return ok(null);
  return refused(
    'foreign-segment',
    `you act for parts of segment ${ownSegments!.join(', ')} and not of ${foreign.join(', ')}; ask whoever plans those`,
  );
}

/** In whose name somebody who speaks for a party reads; null: who speaks for none reads of all. */
export function asOwnParty(reach: Reach, at: EpochMs): PartyScope | null {
  return reach.kind === 'party' ? {partyId: reach.partyId, segments: reach.segments, at} : null;
}

/**
 * In whose name something of one party is read. Who is bound to a party reads in its own; who may read of all has to say whose.
 *
 * Example: an admin and nothing → refused with 'party-needed'; an admin and SVC-A → what SVC-A sees.
 */
export function partyScope(reach: Reach, named: string | undefined, at: EpochMs): Result<PartyScope> {
  const own = ownParty(reach, named);
  if (!own.ok) return own;
  if (own.value !== undefined) return ok(asOwnParty(reach, at) ?? {partyId: own.value, segments: null, at});
  return refused('party-needed', 'you speak for no party; say whose page you want to see: ?partyId=…');
}
