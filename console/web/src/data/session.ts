import {useQuery} from '@tanstack/preact-query';
import {api, ask} from './client.ts';
import type {RequestError} from './client.ts';

export interface Session {
  readonly name: string;
  readonly role: string;
  readonly partyId: string | null;
  /** Whether the role may do it: 'proposals.approve'. What a role may not do is not shown. */
  readonly can: (permission: string) => boolean;
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

async function readSession(): Promise<Session> {
  await ask(api.GET('/api/v1/status'));
  return {name: 'this machine', role: 'admin', partyId: null, can: () => true};
}
