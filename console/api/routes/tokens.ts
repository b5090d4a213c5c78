import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {PrincipalName, givenStanding, shownStanding, standingOf} from '../standing.ts';
import {Instant} from '../wire.ts';

const params = z.object({
  name: PrincipalName.describe('What the token is called in lists and in the audit trail'),
});
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');

export const Token = z.object({
  name: z.string(),
  ...shownStanding,
  createdAt: Instant.describe('Wall time'),
});

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/tokens',
    tag: 'tokens',
    permission: 'access.read',
    summary: 'Tokens, without the tokens themselves: those are not kept',
    query: z.object({}),
    reply: z.object({tokens: z.array(Token)}),
    handle: async (_request, {tokens}) => ok({tokens: await tokens.list()}),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tokens/{name}',
    tag: 'tokens',
    permission: 'access.manage',
    summary: 'Makes a token for a partner or a program. The reply shows it once: only its SHA-256 is kept',
    params,
    body: z.object({...givenStanding, role: givenStanding.role.default('technician'), actor}),
    reply: z.object({name: z.string(), ...shownStanding, token: z.string()}),
    refusals: ['role-mismatch', 'unknown-party', 'unknown-depot', 'token-exists'],
    async handle({params: {name}, body}, {tokens, network}) {
      const standing = await standingOf(body, {network});
      if (!standing.ok) return standing;
      const issued = await tokens.issue({name, ...standing.value}, body.actor);
      return issued.ok ? ok({name, ...standing.value, token: issued.value}) : issued;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/tokens/{name}',
    tag: 'tokens',
    permission: 'access.manage',
    summary: 'Revokes a token: whoever sends it is answered 401 from now on',
    params,
    body: z.object({actor}),
    reply: z.object({name: z.string(), revoked: z.literal(true)}),
    refusals: ['unknown-token'],
    async handle({params: {name}, body}, {tokens}) {
      if (await tokens.revoke(name, body.actor)) return ok({name, revoked: true as const});
      return refused('unknown-token', `there is no token ${name}; see the list of tokens`);
    },
  }),
];
