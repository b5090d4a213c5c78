import {useQuery} from '@tanstack/preact-query';
import {RequestError, api, ask} from './client.ts';

export interface Session {
  readonly name: string;
  readonly role: string;
  readonly partyId: string | null;
  /** The depots that it acts for; null: all. */
  readonly depotIds: readonly string[] | null;
  /** What the installation does by itself: 'shadow', 'propose' or 'auto'. */
  readonly mode: string;
  /** Whether there is somebody to sign out. */
  readonly signedIn: boolean;
  /** Whether the role may do it: 'proposals.answer' (docs/access.md). What a role may not do is not shown. */
  readonly can: (permission: string) => boolean;
}

const SESSION_KEY = ['session'];

/** Who is signed in; an error with status 401 means nobody, and the shell shows the sign-in page. */
export function useSession(): ReturnType<typeof useQuery<Session, RequestError>> {
  return useQuery<Session, RequestError>({
    queryKey: SESSION_KEY,
    queryFn: readSession,
    staleTime: Infinity,
    retry: false,
  });
}

async function readSession(): Promise<Session> {
  const {principal, permissions, installation} = await ask(api.GET('/api/v1/session'));
  if (principal === null || installation === null)
    throw new RequestError(401, {error: 'signed-out', message: 'Nobody is signed in.', details: []});
  const {kind, name, role, partyId, depotIds} = principal;
  const may = new Set(permissions);
  return {
    ...{name, role, partyId, depotIds, mode: installation.mode, signedIn: kind !== 'installation'},
    can: (permission) => may.has(permission),
  };
}

/** @throws RequestError: the name or the password is wrong, or too many were tried */
export async function signIn(name: string, password: string): Promise<void> {
  await ask(api.POST('/api/v1/session', {body: {name, password}}));
}

export async function signOut(): Promise<void> {
  await ask(api.DELETE('/api/v1/session'));
}
