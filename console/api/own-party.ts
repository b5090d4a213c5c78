import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {Principal} from '../../platform/principal.ts';

/**
 * The party that a request is about. A token of a party asks for its own, named or not; the installation for the named one, or
 * where none is named for all.
 *
 * Example: a token of SVC-B and 'SVC-A' → refused with 'foreign-party'; a token of SVC-B and nothing → 'SVC-B'.
 */
export function ownParty<T extends string>(
  principal: Principal,
  named: T | undefined,
): Result<T | undefined> {
  if (principal.kind === 'installation') return ok(named);
  const {partyId} = principal;
  if (named === undefined || named === partyId) return ok(partyId as T);
  return refused(
    'foreign-party',
    `this token speaks for party ${partyId} and not for ${named}; leave that out, or ask with a token of ${named}`,
  );
}
