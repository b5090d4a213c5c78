import {useQuery} from '@tanstack/preact-query';
import {RequestError, api, ask} from './client.ts';

export interface Session {
  readonly name: string;
  readonly role: string;
  readonly partyId: string | null;
  /** The depots that it acts for; null: all. */
  readonly depotIds: readonly string[] | null;
  /** Whether it signed in here, and can sign out. */
  readonly isSignedIn: boolean;
  /** Whether the role may do it: 'proposals.answer' (docs/access.md). What a role may not do is not shown. */
  readonly can: (permission: string) => boolean;
}

/** Whether it may be done for a depot: a planner may be given some depots and not all. */
export function canAt(session: Session | undefined, permission: string, depotId: string | null): boolean {
  if (session?.can(permission) !== true) return false;
  return session.depotIds === null || (depotId !== null && session.depotIds.includes(depotId));
}

/** Whether a proposal of this depot may be answered: by the role that its value asks for, and by an admin (docs/operations.md). */
export function mayAnswer(
  session: Session | undefined,
  {depotId, approverRole}: {readonly depotId: string | null; readonly approverRole: string | null},
): boolean {
  if (!canAt(session, 'proposals.answer', depotId)) return false;
  return session?.role === 'admin' || session?.role === (approverRole ?? 'planner');
}

export const SESSION_KEY = ['session'];

/** Who is signed in; an error with status 401 means nobody, and the shell shows the sign-in page. */
export function useSession(): ReturnType<typeof useQuery<Session, RequestError>> {
  return useQuery<Session, RequestError>({
    queryKey: SESSION_KEY,
    queryFn: readSession,
    staleTime: Infinity,
    retry: false,
  });
}

/** Ways to sign in, as the service offers them. */
export interface SignInWays {
  readonly password: boolean;
  readonly oidc: string | null;
}

export class NobodySignedIn extends RequestError {
  readonly ways: SignInWays;
  constructor(ways: SignInWays) {
    super(401, {error: 'sign-in-needed', message: 'Nobody is signed in.', details: []});
    this.ways = ways;
  }
}

async function readSession(): Promise<Session> {
  const {principal, permissions, endsAt, signIn} = await ask(api.GET('/api/v1/session'));
  if (principal === null) throw new NobodySignedIn(signIn);
  const may = new Set(permissions);
  const {kind, role, partyId, depotIds} = principal;
  const name = kind === 'installation' ? 'this machine' : principal.name;
  return {
    name,
    role,
    partyId,
    depotIds,
    isSignedIn: endsAt !== null,
    can: (permission) => may.has(permission),
  };
}
