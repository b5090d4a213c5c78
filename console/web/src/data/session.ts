import {useQuery} from '@tanstack/preact-query';
import {RequestError, api, ask} from './client.ts';
import type {Reply} from './client.ts';
import {forget, keep, kept} from './kept.ts';

/** What a role may be allowed, by name (docs/access.md). */
export type Permission = Reply<'/api/v1/session'>['permissions'][number];

export interface Session {
  readonly name: string;
  readonly role: string;
  readonly partyId: string | null;
  /** The depots that it acts for; null: all. */
  readonly depotIds: readonly string[] | null;
  /** Whether it signed in here, and can sign out. */
  readonly isSignedIn: boolean;
  /** Whether it signed in with a password of this installation, which it can change. */
  readonly hasPassword: boolean;
  /** Whether the role may do it. What a role may not do is not shown. */
  readonly can: (permission: Permission) => boolean;
}

/** Whether it may be done for a depot: a planner may be given some depots and not all. */
export function canAt(session: Session | undefined, permission: Permission, depotId: string | null): boolean {
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
    networkMode: 'always', // without a network there may be one that was kept
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

/** Who is signed in; where the service does not answer, the technician who was when it last did. */
async function readSession(): Promise<Session> {
  const answer = await ask(api.GET('/api/v1/session')).catch((error: unknown) => {
    const before = kept<Reply<'/api/v1/session'>>('session');
    if (before !== null && error instanceof RequestError && error.status === 0) return before.value;
    throw error;
  });
  const {principal, permissions, endsAt, signIn} = answer;
  if (principal?.role === 'technician') keep('session', answer);
  else forget();
  if (principal === null) throw new NobodySignedIn(signIn);
  const may = new Set<Permission>(permissions);
  const {kind, role, partyId, depotIds} = principal;
  const name = kind === 'installation' ? 'this machine' : principal.name;
  return {
    name,
    role,
    partyId,
    depotIds,
    isSignedIn: endsAt !== null,
    hasPassword: endsAt !== null && kind === 'user',
    can: (permission) => may.has(permission),
  };
}
