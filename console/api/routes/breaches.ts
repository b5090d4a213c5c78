import {z} from 'zod';
import {PartyId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {epochMs, toIso} from '../../../domain/time.ts';
import {NOTICE_STATES} from '../../../partners/api.ts';
import type {Breach} from '../../../partners/api.ts';
import {countAccess} from '../../../platform/access-log.ts';
import type {AccessFilter} from '../../../platform/access-log.ts';
import type {ConsolePorts} from '../ports.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const params = z.object({
  breachId: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores')
    .describe('The name of the breach'),
});
const actor = z
  .string()
  .min(1)
  .max(64)
  .default('api')
  .describe('Who puts it on record; goes into the audit trail');
const to = z.string().max(200).describe("Who is told: 'authority', or a party as 'party:SUP-07'");
const what = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  .describe('What happened, its effects and what is done about it');
const data = z.string().trim().min(1).max(1000).describe('Which data, of how many');
const state = z
  .enum(NOTICE_STATES)
  .describe('By the clock: open, overdue once it was not sent in time, done once it was sent');

const Duty = z.object({
  to,
  hours: z.int().describe('From the discovery'),
  basis: z.string().describe('Who says so: a share, a term of a contract, or the rule in force'),
  dueAt: Instant,
  alertAt: Instant.describe('From here on it is an alert: a quarter of its time is left'),
  state,
  sentAt: Instant.nullable().describe('Of the first notice; null: none was sent'),
  isLate: z.boolean().describe('Sent after it was due'),
});
const sent = {
  to,
  sentAt: Instant,
  sentBy: z.string().trim().min(1).max(128),
  reference: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('Of the letter or the form; the same again is the same notice'),
  note: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .nullable()
    .default(null)
    .describe('What delayed it, where it was late'),
};
export const BreachView = z
  .object({
    breachId: z.string(),
    state: state.describe('Of all its notices: overdue as soon as one is, done when all are'),
    discoveredAt: Instant,
    from: Instant.describe('World time from which the data lay open'),
    to: Instant.describe('World time from which they did not'),
    what: z.string(),
    data: z.string(),
    callers: z.array(z.string()),
    duties: z.array(Duty),
    notices: z
      .array(z.object({...sent, recordedAt: Instant, recordedBy: z.string()}))
      .describe('Oldest first'),
    recordedAt: Instant,
    recordedBy: z.string(),
  })
  .meta({title: 'Breach'});

const Requests = z.object({
  caller: z.string().nullable(),
  partyId: z.string().nullable(),
  requests: z
    .int()
    .describe('Of that caller, or of all who speak for that party, in the window of the breach'),
  link: z.string().describe('These requests in the access log'),
});

/** A breach with the requests in question. */
export const BreachFound = z.object({breach: BreachView, requests: z.array(Requests)});

const text = z.string().min(1).max(200);

export const breachRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/breaches',
    tag: 'audit',
    permission: 'breaches.read',
    summary: 'Breaches on record, the newest discovery first, and how their notices stand',
    query: z.object({limit: pageLimit}),
    reply: z.object({breaches: z.array(BreachView)}),
    handle: async ({query}, {breaches}) => ok({breaches: await breaches.list(query.limit)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/breaches/{breachId}',
    tag: 'audit',
    permission: 'breaches.read',
    summary: 'One breach, and how many requests its callers and parties made in its window',
    params,
    reply: BreachFound,
    refusals: ['unknown-breach'],
    async handle({params: {breachId}}, ports) {
      const breach = await ports.breaches.find(breachId);
      if (breach === null)
        return refused('unknown-breach', `no breach ${breachId} is on record; see the list of breaches`);
      return ok({breach, requests: await requestsOf(breach, ports)});
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/breaches/{breachId}',
    tag: 'audit',
    permission: 'breaches.record',
    summary: 'Puts a breach on record: from its discovery on the clock of its notices runs',
    params,
    body: z.object({
      discoveredAt: Instant.describe('When it became known here'),
      from: Instant.describe('World time from which the data lay open'),
      to: Instant.optional().describe(
        'World time from which they did not; left out: until it was discovered',
      ),
      what,
      data,
      personal: z
        .boolean()
        .default(true)
        .describe('Personal data are touched, and the authority is to be told'),
      partyIds: z
        .array(PartyId)
        .max(200)
        .default([])
        .describe('Whose data are touched: these parties are told'),
      callers: z
        .array(text)
        .max(50)
        .default([])
        .describe('Whose requests are counted, by the names that the audit trail has'),
      actor,
    }),
    reply: BreachView,
    refusals: ['breach-exists', 'breach-span', 'unknown-party'],
    handle({params: {breachId}, body}, {breaches}) {
      const {actor: by, personal, discoveredAt, from, to: until = discoveredAt, ...rest} = body;
      const span = {discoveredAt: epochMs(discoveredAt), from: epochMs(from), to: epochMs(until)};
      return breaches.record(breachId, {...rest, ...span, isPersonal: personal}, by);
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/breaches/{breachId}/notices',
    tag: 'audit',
    permission: 'breaches.record',
    summary: 'Puts a notice on record that was sent; its alert ends',
    params,
    body: z.object({
      ...sent,
      sentAt: Instant.optional().describe('Left out: now'),
      sentBy: sent.sentBy.describe('Who sent it'),
      actor,
    }),
    reply: BreachView,
    refusals: ['unknown-breach', 'breach-notice-not-owed', 'breach-notice-span', 'breach-notice-late'],
    handle: ({params: {breachId}, body: {actor: by, sentAt, ...rest}}, {breaches, clock}) =>
      breaches.notice(breachId, {...rest, sentAt: sentAt === undefined ? clock.now() : epochMs(sentAt)}, by),
  }),
];

/** Of each named caller and party the requests in the window. */
async function requestsOf(
  {callers, duties, from, to: until}: Breach,
  {db, accessLog}: Pick<ConsolePorts, 'db' | 'accessLog'>,
): Promise<z.output<typeof Requests>[]> {
  await accessLog.flush();
  const parties = duties.flatMap((duty) =>
    duty.to.startsWith('party:') ? [duty.to.slice('party:'.length)] : [],
  );
  const named = [
    ...callers.map((caller) => ({caller, partyId: null})),
    ...parties.map((partyId) => ({caller: null, partyId})),
  ];
  return Promise.all(
    named.map(async ({caller, partyId}) => {
      const who = caller === null ? {partyId} : {caller};
      const filter: AccessFilter = {
        caller: caller ?? undefined,
        partyId: partyId ?? undefined,
        from,
        to: until,
      };
      const query = new URLSearchParams({...who, from: toIso(from), to: toIso(until)});
      return {
        caller,
        partyId,
        requests: await countAccess(db, filter),
        link: `/api/v1/access-log?${query.toString()}`,
      };
    }),
  );
}
