import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {alertBudget} from '../../../notices/api.ts';
import {countWork, listWork} from '../../../replenish/api.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {WorkItem, workView} from '../work-view.ts';
import {pageLimit} from '../wire.ts';

export const workRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/work',
    tag: 'work',
    permission: 'decisions.read',
    summary: 'What waits for a planner: risks and the proposals that answer them, most money first',
    query: z.object({
      partId: PartId.optional(),
      depotId: DepotId.optional(),
      kind: z
        .enum(['proposal', 'risk', 'snoozed'])
        .optional()
        .describe('Only what can be answered, only what nobody has a proposal for, or only what is snoozed'),
      cursor: Cursor.optional(),
      limit: pageLimit,
    }),
    reply: z.object({
      items: z.array(WorkItem),
      nextCursor: Cursor.nullable(),
      digest: z.object({
        now: z.int().describe('Rows for now: as many as alerts may leave in an hour; the first of the list'),
        later: z.int(),
        proposals: z.int().describe('Of both, those that can be answered'),
        snoozed: z.int().describe('Rows that come back later'),
        atStake: z.array(z.object({currency: z.string(), moneyMinor: z.int()})).describe('By currency'),
      }),
    }),
    async handle({query: {cursor, limit, ...asked}}, {db, clock}) {
      const filter = {...asked, now: clock.now()};
      const after = cursor === undefined ? undefined : {moneyMinor: cursor.at, id: cursor.id};
      const [rows, counts, {perHour}] = await Promise.all([
        listWork(db, {...filter, limit, after}),
        countWork(db, filter),
        alertBudget(db, clock.now()),
      ]);
      const now = Math.min(perHour, counts.total);
      return ok({
        items: rows.map((row) => workView(row, clock.now())),
        nextCursor: nextCursor(rows, limit, (row) => ({at: row.moneyMinor, id: row.id})),
        digest: {
          now,
          later: counts.total - now,
          proposals: counts.proposals,
          snoozed: counts.snoozed,
          atStake: counts.byCurrency,
        },
      });
    },
  }),
];
