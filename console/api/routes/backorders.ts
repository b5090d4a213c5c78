import {z} from 'zod';
import {DepotId, PartId, PartyId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {demandLines} from '../../../network/api.ts';
import {
  BACKORDER_CAUSES,
  LEVELS,
  backorderEvents,
  byAge,
  byCause,
  findBackorders,
  impactByCustomer,
  listOverrides,
  listReviews,
  readStandings,
} from '../../../replenish/api.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import type {ConsolePorts} from '../ports.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';
import {DemandLine} from './demand.ts';

const Cause = z.enum(BACKORDER_CAUSES);
const CauseShare = z.object({
  cause: Cause,
  percent: z.int().describe('Those of one backorder sum to 100'),
  evidence: z.array(
    z.object({
      cause: Cause,
      pieces: z.number().describe('That it would have brought, had it gone right'),
      kind: z.enum(['order', 'decision', 'movement', 'component', 'part', 'demand']),
      ref: z.string().describe('Where it is recorded'),
      detail: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
    }),
  ),
});

const Review = z.object({
  demandId: z.string(),
  openedAt: Instant,
  dueAt: Instant.describe('By when it shall be closed'),
  cause: z.string().nullable(),
  resolution: z.string().nullable(),
  preventiveAction: z.string().nullable(),
  owner: z.string().nullable().describe('Of the preventive action'),
  actionDueAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  closedBy: z.string().nullable(),
});

const standing = {
  level: z.enum(LEVELS).nullable().describe('The highest threshold passed'),
  causes: z
    .array(CauseShare)
    .describe('By the evidence, the largest share first; empty until it was looked at'),
  correction: z
    .object({cause: Cause, reason: z.string(), by: z.string(), at: Instant})
    .nullable()
    .describe('What a person says it was'),
  review: Review.nullable(),
  isRed: z.boolean().describe('Older than it may be without a closed review'),
  waitingMinorPerH: z
    .number()
    .describe('What its machine costs while it waits: downtime and plain penalty; 0 when it names none'),
};
export const Backorder = DemandLine.extend(standing);

export const CustomerImpact = z.object({
  customerPartyId: z.string().nullable(),
  lines: z.int(),
  pieces: z.int().describe('Still missing'),
  machines: z.int(),
  waitedH: z.number().describe('Of machines, each once, and of lines that name none'),
  downtimeMinor: z.int().describe('Downtime and plain penalty of these hours'),
  currency: z.string(),
});

export const ReviewListed = Review.extend({
  partId: z.string(),
  depotId: z.string(),
  neededAt: Instant,
  backorderClosedAt: Instant.nullable(),
  causes: standing.causes,
});

export const Override = z.object({
  overrideId: z.string(),
  partId: z.string(),
  depotId: z.string(),
  demandId: z.string().describe('The backorder that lasted too long'),
  state: z.enum(['standing', 'recovering', 'ended']),
  capPieces: z.int().describe('Pieces that may be ordered above the reorder point in all'),
  openedAt: Instant,
  stableSince: Instant.nullable().describe('Since when nobody waits and nothing is overdue'),
  revertedAt: Instant.nullable(),
  revertedBecause: z.enum(['supply-stable', 'time-over']).nullable(),
  endedAt: Instant.nullable(),
});

const Step = z.object({
  eventNo: z.int(),
  type: z.string(),
  actor: z.string(),
  at: Instant,
  body: z.looseObject({}),
});

const params = z.object({demandId: z.uuid()});
const actor = z.string().min(1).max(64).default('planner').describe('Who says so; goes into the audit trail');
const words = z.string().min(1).max(2000).optional();

const filters = {
  partId: PartId.optional().describe('Only this part'),
  depotId: DepotId.optional().describe('Only this depot'),
  customerPartyId: PartyId.optional().describe('Only this customer’s'),
  tier: z.string().max(64).optional().describe('Only contracts of this tier'),
  level: z.enum(LEVELS).optional().describe('That have passed this threshold, or a higher one'),
  cause: Cause.optional().describe('Among its causes; what a person says it was counts instead'),
  lateFromH: z.number().min(0).optional().describe('Late for at least so many hours'),
  lateToH: z.number().min(0).optional().describe('Late for fewer hours'),
};

/** Lines that one summary looks at, the oldest. */
const SUMMARISED_MAX = 10_000;

/** Lines of the backorder register with what was found out about them. */
async function standingLines(demandIds: readonly string[], {network, clock, db}: ConsolePorts) {
  const [lines, standings] = await Promise.all([
    demandLines(network.reads, demandIds, clock),
    readStandings(db, demandIds, clock.now()),
  ]);
  return lines.map((line) => ({...line, ...standings.get(line.demandId)!})); // each is a line of the register
}

function reviewStanding(lines: readonly {readonly isRed: boolean}[]): {
  readonly reviewStatus: 'green' | 'red';
  readonly reviewsMissing: number;
} {
  const reviewsMissing = lines.filter(({isRed}) => isRed).length;
  return {reviewStatus: reviewsMissing > 0 ? 'red' : 'green', reviewsMissing};
}

const reviewed = {
  reviewStatus: z
    .enum(['green', 'red'])
    .describe('Red while one of these has lasted too long without a closed review'),
  reviewsMissing: z.int(),
  impact: z.array(CustomerImpact).describe('Of these lines, by customer, the dearest first'),
};

export const backorderRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/backorders',
    tag: 'backorders',
    permission: 'backorders.read',
    summary: 'Open needs whose time has passed, oldest first, with level, causes and review',
    query: z.object({
      ...filters,
      cursor: Cursor.optional(),
      limit: z.int().min(1).max(10_000).default(500).describe('Rows at most, 1 to 10000'),
    }),
    reply: z.object({backorders: z.array(Backorder), ...reviewed, nextCursor: Cursor.nullable()}),
    async handle({query: {cursor, ...filter}}, ports) {
      const after = cursor === undefined ? undefined : {neededAt: epochMs(cursor.at), demandId: cursor.id};
      const found = await findBackorders(ports.db, {...filter, after}, ports.clock.now());
      const backorders = await standingLines(found, ports);
      return ok({
        backorders,
        ...reviewStanding(backorders),
        impact: impactByCustomer(backorders),
        nextCursor: nextCursor(backorders, filter.limit, (line) => ({at: line.neededAt, id: line.demandId})),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/backorders/summary',
    tag: 'backorders',
    permission: 'backorders.read',
    summary: `What all of them come to: by age, by cause, by level and by customer; of the oldest ${SUMMARISED_MAX}`,
    query: z.object(filters),
    reply: z.object({
      lines: z.int(),
      pieces: z.int().describe('Still missing'),
      isCut: z.boolean().describe('There are more lines than these'),
      ages: z
        .array(z.object({fromH: z.number(), toH: z.number().nullable(), lines: z.int(), pieces: z.int()}))
        .describe('By hours past the need; every line is in one'),
      causes: z
        .array(
          z.object({
            cause: Cause,
            pieces: z.number().describe('Missing pieces that it answers for'),
            percent: z.int().describe('Those of all causes sum to 100'),
          }),
        )
        .describe('The most first'),
      notLookedAt: z.int().describe('Lines whose causes nobody has looked for yet'),
      levels: z.array(z.object({level: z.enum(LEVELS), lines: z.int().describe('That have got no further')})),
      ...reviewed,
    }),
    async handle({query}, ports) {
      const found = await findBackorders(ports.db, {...query, limit: SUMMARISED_MAX}, ports.clock.now());
      const lines = await standingLines(found, ports);
      return ok({
        lines: lines.length,
        pieces: lines.reduce((sum, {openQty}) => sum + openQty, 0),
        isCut: found.length === SUMMARISED_MAX,
        ages: byAge(lines),
        ...byCause(lines),
        levels: LEVELS.map((level) => ({level, lines: lines.filter((line) => line.level === level).length})),
        ...reviewStanding(lines),
        impact: impactByCustomer(lines),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/backorders/{demandId}',
    tag: 'backorders',
    permission: 'backorders.read',
    summary: 'What was found out about one backorder, and what became of it step by step',
    params,
    reply: z.object({demandId: z.string(), ...standing, events: z.array(Step)}),
    refusals: ['unknown-demand'],
    async handle({params: {demandId}}, {clock, db}) {
      const found = (await readStandings(db, [demandId], clock.now())).get(demandId);
      if (found === undefined)
        return refused('unknown-demand', `demand line ${demandId} is not known; look it up in the register`);
      return ok({demandId, ...found, events: await backorderEvents(db, demandId)});
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/backorders/{demandId}/correct',
    tag: 'backorders',
    permission: 'backorders.change',
    summary: 'Names the cause by hand, with a reason; the automatic tags stay beside it',
    params,
    body: z.object({
      cause: Cause,
      reason: z.string().min(1).max(2000).describe('What the evidence does not show'),
      actor,
    }),
    reply: z.object({demandId: z.string(), cause: Cause}),
    refusals: ['unknown-backorder'],
    handle: ({params: {demandId}, body}, {backorders}) => backorders.correct({demandId, ...body}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/backorders/{demandId}/review',
    tag: 'backorders',
    permission: 'backorders.change',
    summary: 'Fills in the review of a long backorder; with close it must say everything',
    params,
    body: z.object({
      cause: words.describe('Why customers waited'),
      resolution: words.describe('What ended it'),
      preventiveAction: words.describe('What keeps it from coming back'),
      owner: z.string().min(1).max(200).optional().describe('Who sees to the preventive action'),
      actionDueAt: z.iso.datetime().optional().describe('By when, ISO 8601 in UTC'),
      close: z.boolean().default(false).describe('Nothing more is to be said'),
      actor,
    }),
    reply: Review,
    refusals: ['unknown-review', 'review-closed', 'review-incomplete'],
    handle({params: {demandId}, body: {close, actor: by, actionDueAt, ...said}}, {backorders}) {
      const due = actionDueAt === undefined ? {} : {actionDueAt: epochMs(Date.parse(actionDueAt))};
      return backorders.review({demandId, words: {...said, ...due}, close, actor: by});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/backorder-reviews',
    tag: 'backorders',
    permission: 'backorders.read',
    summary: 'Reviews of long backorders, the next to fall due first',
    query: z.object({state: z.enum(['open', 'closed']).optional(), limit: pageLimit}),
    reply: z.object({reviews: z.array(ReviewListed)}),
    handle: async ({query}, {db}) => ok({reviews: await listReviews(db, query)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/supply-overrides',
    tag: 'backorders',
    permission: 'backorders.read',
    summary:
      'Parts that are ordered above their reorder point because customers have waited too long, newest first',
    query: z.object({partId: PartId.optional().describe('Only this part'), limit: pageLimit}),
    reply: z.object({overrides: z.array(Override)}),
    handle: async ({query}, {db}) => ok({overrides: await listOverrides(db, query)}),
  }),
];
