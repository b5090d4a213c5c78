import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import {PROPOSAL_FATES, reportProposals} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import {Instant} from '../wire.ts';

/** The period when the request names none: long enough for a rate, short enough to see a change of habit. */
const PERIOD_DAYS = 30;

const tally = {
  proposed: z.int().describe('All of them: the sum of the six counts that follow'),
  ...Object.fromEntries(PROPOSAL_FATES.map((fate) => [fate, z.int()])),
  overrideRate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('(changed + rejected) / (approved + changed + rejected); null while nobody has answered any'),
} as Record<(typeof PROPOSAL_FATES)[number] | 'proposed', z.ZodInt> & {
  overrideRate: z.ZodNullable<z.ZodNumber>;
};

export const ProposalReport = z
  .object({
    from: Instant,
    to: Instant,
    ...tally,
    byAction: z.array(z.object({action: z.string(), ...tally})),
    byReason: z
      .array(z.object({reasonCode: z.string(), changed: z.int(), rejected: z.int()}))
      .describe('Why planners went another way, most frequent first'),
  })
  .meta({title: 'ProposalReport'});

export const proposalReportRoute = route({
  method: 'GET',
  path: '/api/v1/proposals/report',
  tag: 'proposals',
  permission: 'decisions.read',
  summary:
    'What planners made of the proposals of a period: approved, changed, rejected, and the override rate',
  query: z.object({
    from: z.iso
      .datetime()
      .optional()
      .describe(`Proposals made from here on; default ${PERIOD_DAYS} days before "to"`),
    to: z.iso.datetime().optional().describe('Proposals made before; default now'),
    partId: PartId.optional().describe('Only this part'),
    depotId: DepotId.optional().describe('Only this depot'),
  }),
  reply: ProposalReport,
  refusals: ['empty-period'],
  async handle({query: {partId, depotId, ...asked}}, {db, clock}) {
    const now = clock.now();
    const to = asked.to === undefined ? now : epochMs(Date.parse(asked.to));
    const from =
      asked.from === undefined ? epochMs(to - PERIOD_DAYS * DAY_MS) : epochMs(Date.parse(asked.from));
    if (from >= to)
      return refused(
        'empty-period',
        `no time lies between ${toIso(from)} and ${toIso(to)}; put "from" before "to"`,
      );
    return ok({from, to, ...(await reportProposals(db, {from, to, partId, depotId}, now))});
  },
});
