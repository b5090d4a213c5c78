import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {mosquittoFiles} from '../../../ingest/api.ts';
import {parameterInForce} from '../../../platform/parameters.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

/** An equipment id, or a Sparkplug edge node as group/node; in a path the slash is written %2F. */
const login = z
  .string()
  .min(1)
  .max(257)
  .describe('An equipment id, or a Sparkplug edge node as group/node (in a path: group%2Fnode)');
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const params = z.object({login});

export const DeviceLogin = z.object({
  login: z.string(),
  equipmentIds: z.array(z.string()).describe('Whom it speaks for'),
  madeAt: Instant.describe('Wall time'),
});

export const deviceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/devices',
    tag: 'devices',
    permission: 'devices.read',
    summary: 'MQTT logins of equipment, without their secrets: those are not kept',
    query: z.object({}),
    reply: z.object({devices: z.array(DeviceLogin)}),
    handle: async (_request, {devices}) =>
      ok({
        devices: (await devices.list()).map(({login: name, equipmentIds, madeAt}) => ({
          login: name,
          equipmentIds,
          madeAt,
        })),
      }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/devices/{login}',
    tag: 'devices',
    permission: 'devices.manage',
    summary:
      'A new MQTT secret for an equipment or a Sparkplug node; an earlier one is worth nothing from then on. The reply shows it once',
    params,
    body: z.object({
      equipmentIds: z
        .array(z.string())
        .max(1000)
        .default([])
        .describe('Devices that a Sparkplug node speaks for; an equipment speaks for itself alone'),
      actor,
    }),
    reply: z.object({login: z.string(), equipmentIds: z.array(z.string()), secret: z.string()}),
    refusals: ['unknown-equipment'],
    handle: ({params: {login: name}, body}, {devices}) =>
      devices.issue({login: name, equipmentIds: body.equipmentIds}, body.actor),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/devices/{login}',
    tag: 'devices',
    permission: 'devices.manage',
    summary: 'Revokes an MQTT login: nobody connects by it from now on',
    params,
    body: z.object({actor}),
    reply: z.object({login: z.string(), revoked: z.literal(true)}),
    refusals: ['unknown-login'],
    async handle({params: {login: name}, body}, {devices}) {
      if (await devices.revoke(name, body.actor)) return ok({login: name, revoked: true as const});
      return refused('unknown-login', `there is no MQTT login ${name}; see the list of devices`);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/device-files',
    tag: 'devices',
    permission: 'devices.manage',
    summary: 'Password file and access list by which a Mosquitto broker knows the same logins',
    query: z.object({
      service: z
        .string()
        .regex(/^[^\s:#]{1,64}$/, 'expected 1 to 64 characters without blanks, : and #')
        .default('forestock')
        .describe('Login of the service itself'),
    }),
    reply: z.object({passwords: z.string(), acl: z.string()}),
    async handle({query: {service}}, {devices, db, clock}) {
      const stated = await parameterInForce(db, 'ingest.profiles', clock.now());
      return ok(await mosquittoFiles(devices, {service, stated}));
    },
  }),
];
