import {z} from 'zod';
import {PartyId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const name = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores')
  .describe('What the token is called in lists and in the audit trail');
/** The party is the source of what its tokens tell, and a source has 64 characters at most. */
const partyId = PartyId.check(z.maxLength(64)).describe('The party that the token speaks for');
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');

export const Token = z.object({
  name: z.string(),
  partyId: z.string(),
  createdAt: Instant.describe('Wall time'),
});

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/tokens',
    tag: 'tokens',
    summary: 'Tokens of parties, without the tokens themselves: those are not kept',
    query: z.object({}),
    reply: z.object({tokens: z.array(Token)}),
    handle: async (_request, {tokens}) => ok({tokens: await tokens.list()}),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tokens/{name}',
    tag: 'tokens',
    summary: 'Makes a token for a party. The reply shows it once: only its SHA-256 is kept',
    params: z.object({name}),
    body: z.object({partyId, actor}),
    reply: z.object({name: z.string(), partyId: z.string(), token: z.string()}),
    refusals: ['unknown-party', 'token-exists'],
    async handle({params, body}, {tokens, network}) {
      if (!(await network.reads.isParty(body.partyId)))
        return refused('unknown-party', `party ${body.partyId} is not known; add it to party.csv`);
      const issued = await tokens.issue({name: params.name, partyId: body.partyId}, body.actor);
      return issued.ok ? ok({name: params.name, partyId: body.partyId, token: issued.value}) : issued;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/tokens/{name}',
    tag: 'tokens',
    summary: 'Revokes a token: whoever sends it is answered 401 from now on',
    params: z.object({name}),
    body: z.object({actor}),
    reply: z.object({name: z.string(), revoked: z.literal(true)}),
    refusals: ['unknown-token'],
    async handle({params, body}, {tokens}) {
      if (await tokens.revoke(params.name, body.actor))
        return ok({name: params.name, revoked: true as const});
      return refused('unknown-token', `there is no token ${params.name}; see the list of tokens`);
    },
  }),
];
