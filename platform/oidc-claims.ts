import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import {SEGMENTS, isSegment} from '../domain/segment.ts';
import {ROLES, standingProblem} from './principal.ts';
import type {Principal, Role} from './principal.ts';

/** Which claims of a provider say who somebody is here. A dot leads inside: 'realm_access.roles'. */
export interface ClaimNames {
  readonly role: string;
  readonly party: string;
  readonly depots: string;
  readonly segments: string;
}

/** What the provider calls a group or role, and the role here. */
export type RoleMap = readonly (readonly [string, Role])[];

const NAME_MAX = 64;

/**
 * Reads OIDC_ROLES; null: it cannot be read.
 *
 * Example: 'parts-planners=planner, it=admin' → [['parts-planners', 'planner'], ['it', 'admin']].
 */
export function readRoleMap(text: string): RoleMap | null {
  const pairs = text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=');
    const role = ROLES.find((one) => one === pair.slice(at + 1).trim());
    const theirs = pair.slice(0, Math.max(0, at)).trim();
    return theirs === '' || role === undefined ? null : ([theirs, role] as const);
  });
  return pairs.every((pair) => pair !== null) ? pairs : null;
}

/**
 * Who somebody is here by what the provider says. Of several roles the first of the map counts; who has none is refused.
 *
 * Example: {sub: '7', preferred_username: 'ada', roles: ['parts-planners']} → planner 'ada'.
 */
export function principalOf(
  claims: Readonly<Record<string, unknown>>,
  {names, roles}: {readonly names: ClaimNames; readonly roles: RoleMap},
): Result<Principal> {
  const theirs = textsIn(claimAt(claims, names.role));
  const role = roles.find(([name]) => theirs.includes(name))?.[1];
  const name = nameOf(claims);
  if (role === undefined)
    return refused(
      'jwt-without-role',
      `the provider gives ${name} none of the roles that OIDC_ROLES names, in the claim ${names.role}; ask whoever runs the provider`,
    );
  const depots = textsIn(claimAt(claims, names.depots));
  const [partyId = null] = textsIn(claimAt(claims, names.party));
  const named = textsIn(claimAt(claims, names.segments));
  const segments = named.filter(isSegment);
  const standing = {
    ...{role, partyId, depotIds: depots.length === 0 ? null : depots},
    segments: named.length === 0 ? null : segments,
  };
  const problem =
    segments.length < named.length
      ? `segments are ${SEGMENTS.join(', ')}, and not ${named.filter((one) => !isSegment(one)).join(', ')}`
      : standingProblem(standing);
  if (problem !== null)
    return refused(
      'jwt-without-role',
      `what the provider says of ${name} does not go together: ${problem} (claims ${names.party}, ${names.depots}, ${names.segments})`,
    );
  return ok({kind: 'oidc', name, ...standing});
}

function nameOf(claims: Readonly<Record<string, unknown>>): string {
  const [name = 'somebody'] = ['preferred_username', 'email', 'sub'].flatMap((claim) =>
    textsIn(claims[claim]),
  );
  return name.replaceAll(/[^\p{L}\p{N}@._-]/gu, '_').slice(0, NAME_MAX);
}

function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]; // some providers name claims by URLs
  let at: unknown = claims;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

function textsIn(claim: unknown): string[] {
  const all: unknown[] = Array.isArray(claim) ? claim : [claim];
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}
