import {z} from 'zod';
import {EquipmentId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {
  dropDeadLetter,
  listDeadLetters,
  listQuarantinedEquipment,
  resubmitDeadLetter,
  resubmitEquipment,
} from '../../../ingest/api.ts';
import type {IngestApiPorts} from '../../../ingest/api.ts';
import {QuarantineQuery, dropQuarantined, listQuarantine, resubmit} from '../../../network/api.ts';
import type {ConsolePorts} from '../ports.ts';
import {commandReply} from '../network-command.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

/** Longest part of a payload that a list shows; the bytes stay in the table. */
const PAYLOAD_SHOWN = 2000;

const actor = z.string().min(1).max(64).default('planner');
const quarantineParams = z.object({quarantineId: z.uuid()});
const letterParams = z.object({deadLetterId: z.uuid()});

const NOT_HERE = refused(
  'stage-not-here',
  'dead letters go through the door, which runs in the service: ask it with --url http://127.0.0.1:8080',
);
const withIngest = async <T>(
  {ingest}: ConsolePorts,
  work: (ingest: IngestApiPorts) => Promise<T>,
): Promise<T | typeof NOT_HERE> => (ingest === null ? NOT_HERE : work(ingest));

export const QuarantinedRow = z.object({
  quarantineId: z.string(),
  kind: z.string(),
  body: z.unknown(),
  reason: z.string(),
  detail: z.string(),
  receivedAt: Instant,
  state: z.enum(['open', 'resubmitted', 'dropped']),
  outcome: z.unknown(),
});

export const UnknownEquipment = z.object({
  equipmentId: z.string(),
  letters: z.int(),
  firstReceivedAt: Instant,
  lastReceivedAt: Instant,
  lastTopic: z.string(),
});

/** Rows of the books that a validation stopped (A5). */
const quarantineRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/quarantine',
    tag: 'quarantine',
    permission: 'intake.read',
    summary: 'Rows that did not fit the books: as sent, with the reason',
    query: QuarantineQuery,
    reply: z.object({quarantine: z.array(QuarantinedRow)}),
    handle: async ({query}, {network}) => ok({quarantine: await listQuarantine(network.reads, query)}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/quarantine/{quarantineId}/resubmit',
    tag: 'quarantine',
    permission: 'intake.mend',
    summary: 'Tries the row again, as it was or corrected; it passes once',
    params: quarantineParams,
    body: z.object({
      actor,
      body: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('The corrected row; without it the row as it was'),
    }),
    reply: commandReply,
    refusals: ['unknown-quarantine'],
    async handle({params: {quarantineId}, body}, {network}) {
      const corrected = body.body === undefined ? {} : {body: body.body};
      const outcome = await resubmit(network.ports, {quarantineId, ...corrected}, body.actor);
      if (!outcome.ok) return outcome;
      return ok({
        repeated: outcome.repeated,
        result: {...(outcome.value as Readonly<Record<string, unknown>>)},
      });
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/quarantine/{quarantineId}/drop',
    tag: 'quarantine',
    permission: 'intake.mend',
    summary: 'Takes the row out of sight for good',
    params: quarantineParams,
    body: z.object({actor}),
    reply: z.object({quarantineId: z.string(), state: z.literal('dropped')}),
    refusals: ['unknown-quarantine'],
    async handle({params: {quarantineId}, body}, {network}) {
      const dropped = await dropQuarantined(network.ports, quarantineId, body.actor);
      return dropped.ok ? ok({quarantineId, state: 'dropped' as const}) : dropped;
    },
  }),
];

const DeadLetter = z.object({
  deadLetterId: z.string(),
  receivedAt: Instant,
  topic: z.string(),
  payload: z.string().describe(`As text, the first ${PAYLOAD_SHOWN} characters`),
  reason: z.string(),
  detail: z.string(),
  equipmentId: z.string().nullable(),
  seenCount: z.int(),
  state: z.enum(['rejected', 'quarantined', 'resubmitted', 'dropped']),
});

/** The text of a payload; null where the bytes are none. */
function textOf(raw: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(raw);
  } catch {
    return null;
  }
}

/** Messages that the door did not take. */
const deadLetterRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/dead-letters',
    tag: 'dead letters',
    permission: 'intake.read',
    summary: 'Messages that were not taken, newest first, with the very bytes and the reason',
    query: z.object({
      state: z.enum(['rejected', 'quarantined', 'resubmitted', 'dropped']).optional(),
      equipmentId: EquipmentId.optional(),
      limit: z.int().min(1).max(1000).default(50),
    }),
    reply: z.object({deadLetters: z.array(DeadLetter)}),
    refusals: ['stage-not-here'],
    handle: ({query: {state, equipmentId, limit}}, ports) =>
      withIngest(ports, async (ingest) => {
        const filter = {...(state && {state}), ...(equipmentId && {equipmentId}), limit};
        const letters = await listDeadLetters(ingest, filter);
        return ok({
          deadLetters: letters.map(({raw, equipmentId: of = null, ...letter}) => ({
            ...letter,
            equipmentId: of,
            payload: new TextDecoder().decode(raw).slice(0, PAYLOAD_SHOWN),
          })),
        });
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/dead-letters/{deadLetterId}',
    tag: 'dead letters',
    permission: 'intake.read',
    summary: 'One message that was not taken, with all of its payload',
    params: letterParams,
    reply: DeadLetter.extend({
      payload: z.string().nullable().describe('The whole text; null: the bytes are no UTF-8'),
      bytes: z.int(),
    }),
    refusals: ['stage-not-here', 'no-such-letter'],
    handle: ({params: {deadLetterId}}, ports) =>
      withIngest(ports, async ({deadLetters}) => {
        const letter = await deadLetters.get(deadLetterId);
        if (letter === undefined)
          return refused('no-such-letter', `there is no dead letter ${deadLetterId}; look it up in the list`);
        const {raw, equipmentId = null, ...rest} = letter;
        return ok({...rest, equipmentId, payload: textOf(raw), bytes: raw.byteLength});
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/dead-letters/equipment',
    tag: 'dead letters',
    permission: 'intake.read',
    summary: 'Equipment that sends and is not in the installed base',
    reply: z.object({equipment: z.array(UnknownEquipment)}),
    refusals: ['stage-not-here'],
    handle: (_request, ports) =>
      withIngest(ports, async (ingest) => ok({equipment: await listQuarantinedEquipment(ingest)})),
  }),
  route({
    method: 'POST',
    path: '/api/v1/dead-letters/equipment/{equipmentId}/resubmit',
    tag: 'dead letters',
    permission: 'intake.mend',
    summary: 'Sends everything that waited for an equipment through the door, once it is added',
    params: z.object({equipmentId: EquipmentId}),
    reply: z.object({letters: z.int(), messages: z.int(), refused: z.int()}),
    refusals: ['stage-not-here', 'unknown-equipment'],
    handle: ({params: {equipmentId}}, ports) =>
      withIngest(ports, (ingest) => resubmitEquipment(ingest, equipmentId)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/dead-letters/{deadLetterId}/resubmit',
    tag: 'dead letters',
    permission: 'intake.mend',
    summary: 'Sends one message through the door again, as it was or corrected; it passes once',
    params: letterParams,
    body: z.object({payload: z.string().optional().describe('The corrected payload')}),
    reply: z.object({messages: z.int()}),
    refusals: ['stage-not-here', 'no-such-letter', 'letter-closed', 'payload-cut'],
    handle: ({params: {deadLetterId}, body}, ports) =>
      withIngest(ports, (ingest) => resubmitDeadLetter(ingest, deadLetterId, body.payload)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/dead-letters/{deadLetterId}/drop',
    tag: 'dead letters',
    permission: 'intake.mend',
    summary: 'Takes the message out of sight for good',
    params: letterParams,
    reply: z.object({deadLetterId: z.string(), state: z.literal('dropped')}),
    refusals: ['stage-not-here', 'no-such-letter'],
    handle: ({params: {deadLetterId}}, ports) =>
      withIngest(ports, async (ingest) => {
        if (await dropDeadLetter(ingest, deadLetterId)) return ok({deadLetterId, state: 'dropped' as const});
        return refused(
          'no-such-letter',
          `there is no open dead letter ${deadLetterId}; look it up in the list`,
        );
      }),
  }),
];

export const rejectedRoutes: readonly Route[] = [...quarantineRoutes, ...deadLetterRoutes];
