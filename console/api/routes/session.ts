import {z} from 'zod';
import {MODES} from '../../../domain/decision.ts';
import {SEGMENTS} from '../../../domain/segment.ts';
import {PASSWORD_LENGTH} from '../../../platform/passwords.ts';
import {ROLES} from '../../../platform/principal.ts';
import type {Described} from '../openapi.ts';
import {PERMISSIONS} from '../permissions.ts';
import type {Permission} from '../permissions.ts';
import {Instant} from '../wire.ts';

/** What a page has to know about who looks at it. */
export const SessionView = z
  .object({
    principal: z
      .object({
        kind: z.enum(['installation', 'user', 'token', 'oidc']),
        name: z.string(),
        role: z.enum(ROLES),
        partyId: z.string().nullable().describe('The party that it speaks for'),
        depotIds: z.array(z.string()).nullable().describe('The depots that it acts for; null: all'),
        segments: z
          .array(z.enum(SEGMENTS))
          .nullable()
          .describe('The segments of parts that bound it; null: all'),
      })
      .nullable()
      .describe('Null: nobody is signed in'),
    permissions: z
      .array(z.enum(Object.keys(PERMISSIONS) as Permission[]))
      .describe('What it may do; docs/access.md lists them'),
    endsAt: Instant.nullable().describe('Wall time at which the session ends at the latest'),
    signIn: z.object({
      password: z.boolean().describe('There are users who sign in by POST /api/v1/session'),
      oidc: z.string().nullable().describe('Where the browser goes to sign in elsewhere'),
    }),
    installation: z
      .object({mode: z.enum(MODES), demo: z.boolean()})
      .nullable()
      .describe('Null: nobody is signed in'),
  })
  .meta({title: 'Session'});

export const Credentials = z.object({
  name: z.string().min(1).max(64),
  password: z.string().min(1).max(PASSWORD_LENGTH.max),
});

export const NewPassword = z.object({
  password: z.string().min(1).max(PASSWORD_LENGTH.max).describe('The one that holds until now'),
  newPassword: z.string().max(PASSWORD_LENGTH.max).describe('At least 12 characters, and no known one'),
});

const about = {tag: 'session', permission: 'public', path: '/api/v1/session'} as const;

/** They set and clear the cookie, which no other route does: serve-session.ts answers them. */
export const SESSION_ROUTES = {
  get: {...about, method: 'GET', summary: 'Who is signed in, and what that may do', reply: SessionView},
  post: {
    ...about,
    method: 'POST',
    summary: 'Signs a user in: the reply sets a cookie that no script can read',
    body: Credentials,
    reply: SessionView,
    refusals: ['sign-in-refused', 'too-many-sign-ins', 'foreign-origin'],
  },
  password: {
    ...about,
    path: '/api/v1/session/password',
    method: 'POST',
    summary: 'Changes the own password; every other session of the user ends',
    body: NewPassword,
    reply: SessionView,
    refusals: [
      'sign-in-needed',
      'no-password',
      'password-wrong',
      'password-weak',
      'too-many-sign-ins',
      'foreign-origin',
    ],
  },
  delete: {
    ...about,
    method: 'DELETE',
    summary: 'Signs out',
    reply: z.object({signedOut: z.literal(true)}),
    refusals: ['foreign-origin'],
  },
} as const satisfies Readonly<Record<string, Described>>;
