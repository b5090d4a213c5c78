import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

export const SpreadRun = z.object({
  partId: z.string(),
  depotId: z.string(),
  currency: z.string(),
  pieces: z.int(),
  lot: z.int(),
  nextSupplyH: z.number().describe('Hours until the depot itself is supplied again, expected'),
  unshared: z.int().describe('Pieces that pay nowhere, or make no lot'),
  withoutMinor: z.int().describe('Expected cost of what is short if nothing is shared out'),
  withMinor: z.int().describe('The same with these shares'),
  byTurnsMinor: z.int().describe('The same if one lot after the other goes to whom it saves most'),
  rows: z.array(
    z.object({
      depotId: z.string(),
      position: z.int().describe('On hand + on order − owed, with all that it fills'),
      expectedDemand: z.number().describe('Pieces asked for until the next supply has come to it'),
      shortageMinor: z.number().describe('Of one piece that is missing: the cheapest rescue'),
      share: z.int(),
      withoutMinor: z.int(),
      withMinor: z.int(),
    }),
  ),
});

export const spreadRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/plans/spread',
    tag: 'plans',
    permission: 'plans.read',
    summary: 'How a depot’s scarce pieces are best spread over the depots that it fills',
    query: z.object({
      partId: PartId.describe('The part'),
      depotId: DepotId.describe('Whose pieces they are'),
      pieces: z.int().min(0).max(1_000).optional().describe('Default what its shelf may give'),
      lot: z.int().min(1).max(1_000).default(1).describe('Pieces that go together'),
    }),
    reply: SpreadRun,
    refusals: ['unknown-part', 'unknown-depot', 'nobody-asks', 'too-many-pieces'],
    handle: ({query}, {planning}) => planning.spread(query),
  }),
];
