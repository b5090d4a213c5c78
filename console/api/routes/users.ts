import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {PASSWORD_LENGTH} from '../../../platform/passwords.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {PrincipalName, givenStanding, shownStanding, standingOf} from '../standing.ts';
import {Instant} from '../wire.ts';

const params = z.object({
  name: PrincipalName.describe('By which the user signs in and is known in the audit trail'),
});
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const password = z.string().max(PASSWORD_LENGTH.max).describe('At least 12 characters, and no known one');

export const User = z.object({
  name: z.string(),
  ...shownStanding,
  createdAt: Instant.describe('Wall time'),
  disabledAt: Instant.nullable().describe('Wall time'),
});
const Done = z.object({name: z.string()});

export const userRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/users',
    tag: 'users',
    permission: 'access.read',
    summary: 'People who sign in here, with role and bounds',
    query: z.object({}),
    reply: z.object({users: z.array(User)}),
    handle: async (_request, {users}) => ok({users: await users.list()}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/users/{name}',
    tag: 'users',
    permission: 'access.manage',
    summary: 'Adds a user. With the first one, everybody has to sign in',
    params,
    body: z.object({...givenStanding, password, actor}),
    reply: Done,
    refusals: ['role-mismatch', 'unknown-party', 'unknown-depot', 'password-weak', 'user-exists'],
    async handle({params: {name}, body}, {users, network}) {
      const standing = await standingOf(body, {network});
      if (!standing.ok) return standing;
      const added = await users.add({name, ...standing.value, password: body.password}, body.actor);
      return added.ok ? ok({name}) : added;
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/users/{name}/role',
    tag: 'users',
    permission: 'access.manage',
    summary: 'Gives a user another role or other bounds; its sessions end',
    params,
    body: z.object({...givenStanding, actor}),
    reply: Done,
    refusals: ['role-mismatch', 'unknown-party', 'unknown-depot', 'unknown-user'],
    async handle({params: {name}, body}, {users, network}) {
      const standing = await standingOf(body, {network});
      if (!standing.ok) return standing;
      const changed = await users.change(name, standing.value, body.actor);
      return changed.ok ? ok({name}) : changed;
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/users/{name}/password',
    tag: 'users',
    permission: 'access.manage',
    summary: 'Sets another password; the sessions of the user end',
    params,
    body: z.object({password, actor}),
    reply: Done,
    refusals: ['password-weak', 'unknown-user'],
    async handle({params: {name}, body}, {users}) {
      const set = await users.setPassword(name, body.password, body.actor);
      return set.ok ? ok({name}) : set;
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/users/{name}/disabled',
    tag: 'users',
    permission: 'access.manage',
    summary: 'Disables a user, whose sessions end, or enables it again',
    params,
    body: z.object({disabled: z.boolean(), actor}),
    reply: Done,
    refusals: ['unknown-user'],
    async handle({params: {name}, body}, {users}) {
      const done = await users.disable(name, body.disabled, body.actor);
      return done.ok ? ok({name}) : done;
    },
  }),
];
