import {z} from 'zod';
import {PPM} from '../../../domain/quantity.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {NETWORK_COMMANDS, PART_PROBLEMS} from '../../../network/api.ts';
import type {NeedPlace, OwnNeed} from '../../../network/api.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import {keyCursor} from '../key-cursor.ts';
import {commandRoute} from '../network-command.ts';
import {asOwnParty, partyScope} from '../reach.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';
import {ofParty} from './my-orders.ts';

export const MyNeed = z.object({
  demandId: z.string(),
  equipmentId: z.string().nullable().describe('Null: for no machine'),
  siteName: z.string().nullable(),
  partId: z.string(),
  partName: z.string(),
  depotId: z.string().describe('Which depot serves it'),
  qty: z.int(),
  filledQty: z.int(),
  state: z.enum(['waiting', 'late', 'filled']).describe('late: waiting, and needed before now'),
  neededAt: Instant,
  promisedAt: Instant.nullable().describe('When the rest will be there; null: nobody can say yet'),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('P(there by then); null: the date was agreed, or there is none'),
  filledAt: Instant.nullable(),
});

export const PartReport = z.object({
  reportId: z.string(),
  partyId: z.string().describe('Whose log it is'),
  demandId: z.string(),
  problem: z.enum(PART_PROBLEMS),
  pieces: z.int(),
  note: z.string().nullable(),
  reportedAt: Instant,
  openedDemandId: z.string().nullable().describe('The need that it opened; null: it waited anyway'),
  need: z
    .object({
      demandId: z.string(),
      partId: z.string(),
      depotId: z.string(),
      equipmentId: z.string().nullable(),
      state: z.enum(['open', 'filled', 'cancelled']),
      promisedAt: Instant.nullable(),
    })
    .nullable()
    .describe(
      'What stands for the pieces now: the need that the report opened, else the one that it is about; null: no longer its party’s to see',
    ),
  answer: z.string().nullable().describe('What the planners said to it'),
  answeredAt: Instant.nullable(),
});

/** What came stays on the list of jobs so long: who puts it in finds out what is wrong with it. */
const FILLED_DAYS = 30;

const Place = keyCursor(z.tuple([z.boolean(), z.int(), z.uuid()]));
type Place = z.output<typeof Place>;

const page = z.object({partyId: ofParty, cursor: Place.optional(), limit: pageLimit});
const needs = {asOf: Instant.describe('World time of the answer'), nextCursor: Place.nullable()};
const refusals = ['foreign-party', 'party-needed'];

export const myNeedRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/my/jobs',
    tag: 'own party',
    permission: 'own-jobs.read',
    summary: `Parts that the machines wait for which the party uses or serves, the oldest need first, then those handed out in the last ${FILLED_DAYS} days`,
    query: page,
    reply: z.object({jobs: z.array(MyNeed), ...needs}),
    refusals,
    shares: 'jobs',
    keepsTo: ['party'],
    async handle({query: {partyId, cursor, limit}, caller: {reach}}, {network, clock}) {
      const asOf = clock.now();
      const scope = partyScope(reach, partyId, asOf);
      if (!scope.ok) return scope;
      const filledSince = epochMs(asOf - FILLED_DAYS * DAY_MS);
      const of = {asParty: scope.value, ofMachines: true, filledSince, after: needAt(cursor), limit};
      const rows = await network.reads.parties.ownNeeds(of);
      return ok({
        jobs: rows.map((row) => myNeed(row, asOf)),
        asOf,
        nextCursor: nextPlace(rows, limit),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/my/backorders',
    tag: 'own party',
    permission: 'own-backorders.read',
    summary: 'Parts that the asking customer waits for, with the promised date, the oldest need first',
    query: page,
    reply: z.object({backorders: z.array(MyNeed), ...needs}),
    refusals,
    shares: 'backorders',
    keepsTo: ['party'],
    async handle({query: {partyId, cursor, limit}, caller: {reach}}, {network, clock}) {
      const asOf = clock.now();
      const scope = partyScope(reach, partyId, asOf);
      if (!scope.ok) return scope;
      const of = {
        asParty: scope.value,
        ofMachines: false,
        filledSince: null,
        after: needAt(cursor),
        limit,
      };
      const rows = await network.reads.parties.ownNeeds(of);
      return ok({
        backorders: rows.map((row) => myNeed(row, asOf)),
        asOf,
        nextCursor: nextPlace(rows, limit),
      });
    },
  }),
  commandRoute(NETWORK_COMMANDS.reportPart, {
    path: '/api/v1/my/reports',
    tag: 'own party',
    permission: 'repairs.report',
    summary: 'The part of a job is missing, wrong or dead on arrival: as many are asked for anew at once',
    refusals: ['unknown-demand', 'unknown-party', 'demand-closed', 'over-report'],
    keepsTo: ['party'],
    async check({demandId}, {reach}, {network, clock}) {
      const id = String(demandId);
      const asParty = asOwnParty(reach, clock.now());
      if (asParty === null || (await network.reads.parties.isOwnNeed(asParty, id))) return ok(null);
      return refused('unknown-demand', `demand line ${id} is not known; look it up in the list of your jobs`);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/part-reports',
    tag: 'repairs',
    permission: 'repairs.read',
    summary: 'Parts that were reported missing, wrong or dead on arrival, newest first',
    query: z.object({
      state: z.enum(['open', 'answered']).optional().describe('open: nobody has answered it yet'),
      cursor: Cursor.optional(),
      limit: pageLimit,
    }),
    reply: z.object({partReports: z.array(PartReport), nextCursor: Cursor.nullable()}),
    shares: 'part-reports',
    keepsTo: ['party'],
    async handle({query: {state, cursor, limit}, caller: {reach}}, {network, clock}) {
      const asParty = asOwnParty(reach, clock.now());
      const after = cursor === undefined ? undefined : {at: epochMs(cursor.at), id: cursor.id};
      const isAnswered = state === undefined ? null : state === 'answered';
      const partReports = await network.reads.parties.partReports({asParty, isAnswered, after, limit});
      return ok({
        partReports,
        nextCursor: nextCursor(partReports, limit, ({reportedAt, reportId}) => ({
          at: reportedAt,
          id: reportId,
        })),
      });
    },
  }),
  commandRoute(NETWORK_COMMANDS.answerPartReport, {
    path: '/api/v1/part-reports/{reportId}/answer',
    tag: 'repairs',
    permission: 'demand.change',
    summary: 'A planner’s word to the technician, and whether the pieces are sent again',
    params: z.object({reportId: z.uuid()}),
    refusals: ['unknown-report', 'demand-closed'],
  }),
];

function needAt(cursor: Place | undefined): NeedPlace | undefined {
  if (cursor === undefined) return undefined;
  const [isFilled, at, id] = cursor;
  return {isFilled, at: epochMs(at), id};
}

/** Behind the last row of a full page; null: the list has ended. */
function nextPlace(rows: readonly OwnNeed[], limit: number): Place | null {
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return null;
  const isFilled = last.state === 'filled';
  return [isFilled, (isFilled ? last.filledAt : null) ?? last.neededAt, last.demandId];
}

function myNeed(row: OwnNeed, now: number): z.output<typeof MyNeed> {
  const {promisePpm, state, ...shown} = row;
  return {
    ...shown,
    state: state === 'filled' ? 'filled' : row.neededAt < now ? 'late' : 'waiting',
    confidence: promisePpm === null ? null : promisePpm / PPM,
  };
}
