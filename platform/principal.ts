import type {Segment} from '../domain/segment.ts';

/** What people, partners and programs may be. What each may do is one table: console/api/permissions.ts. */
export const ROLES = [
  'equipment',
  'planner',
  'ops',
  'technician',
  'supplier',
  'customer',
  'auditor',
  'admin',
] as const;
export type Role = (typeof ROLES)[number];

/** These always speak for one party, and for no other. The others are the installation's own people and have none. */
const PARTY_ROLES: ReadonlySet<Role> = new Set(['technician', 'supplier', 'customer']);

/** Who calls. */
export interface Principal {
  /** `installation`: holds FORESTOCK_API_TOKEN, or calls from this machine where nobody has to sign in. */
  readonly kind: 'installation' | 'user' | 'token' | 'oidc';
  readonly name: string;
  readonly role: Role;
  /** The party that it speaks for. */
  readonly partyId: string | null;
  /** The depots that it acts for; null: all. */
  readonly depotIds: readonly string[] | null;
  /** The segments of parts that a planner acts for, and that who speaks for a party sees; null: all. */
  readonly segments: readonly Segment[] | null;
}

/** What somebody may be made: a role, with the party, the depots and the segments that bound it. */
export type Standing = Pick<Principal, 'role' | 'partyId' | 'depotIds' | 'segments'>;

export const INSTALLATION: Principal = {
  kind: 'installation',
  name: 'installation',
  role: 'admin',
  partyId: null,
  depotIds: null,
  segments: null,
};

/**
 * By which name the audit trail knows somebody. Names of users have no blank, so nobody else can be taken for one.
 *
 * Example: the token cust-01-erp → 'token cust-01-erp'.
 */
export function auditName({kind, name}: Principal): string {
  return kind === 'token' || kind === 'oidc' ? `${kind} ${name}` : name;
}

/** What is wrong with a role and its bounds; null: nothing. */
export function standingProblem({role, partyId, depotIds, segments}: Standing): string | null {
  if (PARTY_ROLES.has(role) && partyId === null)
    return `a ${role} speaks for a party; name it (--party, partyId)`;
  if (!PARTY_ROLES.has(role) && partyId !== null)
    return `${role} is no role of a party; leave the party ${partyId} out, or choose ${[...PARTY_ROLES].join(', ')}`;
  if (role !== 'planner' && depotIds !== null) return `depots bound a planner, not a ${role}; leave them out`;
  if (role !== 'planner' && !PARTY_ROLES.has(role) && segments !== null)
    return `segments bound a planner and who speaks for a party, not a ${role}; leave them out`;
  return null;
}
