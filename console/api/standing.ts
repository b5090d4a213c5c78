import {z} from 'zod';
import {DepotId, PartyId} from '../../domain/ids.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {SEGMENTS} from '../../domain/segment.ts';
import {ROLES, standingProblem} from '../../platform/principal.ts';
import type {Standing} from '../../platform/principal.ts';
import type {ConsolePorts} from './ports.ts';

export const PrincipalName = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores')
  .refine((name) => !['forestock', 'installation'].includes(name.toLowerCase()), 'is a name of ours');

/** The party is the source of what is told in its name, and a source has 64 characters at most. */
const partyId = PartyId.check(z.maxLength(64));

/** A role and its bounds, as a request gives them; what is left out is null. */
export const givenStanding = {
  role: z.enum(ROLES).describe('What it may do: docs/access.md'),
  partyId: partyId.optional().describe('The party that it speaks for: technicians, suppliers and customers'),
  depotIds: z
    .array(DepotId)
    .min(1)
    .max(500)
    .optional()
    .describe('The depots that a planner acts for; left out: all'),
  segments: z
    .array(z.enum(SEGMENTS))
    .min(1)
    .optional()
    .describe(
      'Classes of criticality that bound a planner, or what who speaks for a party sees; left out: all',
    ),
};

/** A role and its bounds, in a reply. */
export const shownStanding = {
  role: z.enum(ROLES),
  partyId: z.string().nullable(),
  depotIds: z.array(z.string()).nullable(),
  segments: z.array(z.enum(SEGMENTS)).nullable(),
};

/** Refused where role and bounds do not go together, or name what is not there. */
export async function standingOf(
  given: {
    readonly role: Standing['role'];
    readonly partyId?: string | undefined;
    readonly depotIds?: readonly string[] | undefined;
    readonly segments?: Standing['segments'] | undefined;
  },
  {network}: Pick<ConsolePorts, 'network'>,
): Promise<Result<Standing>> {
  const standing = {
    role: given.role,
    partyId: given.partyId ?? null,
    depotIds: given.depotIds ?? null,
    segments: given.segments ?? null,
  };
  const problem = standingProblem(standing);
  if (problem !== null) return refused('role-mismatch', problem);
  if (standing.partyId !== null && !(await network.reads.isParty(standing.partyId)))
    return refused('unknown-party', `party ${standing.partyId} is not known; add it to party.csv`);
  const missing = await network.reads.unknownDepots(standing.depotIds ?? []);
  if (missing.length > 0)
    return refused(
      'unknown-depot',
      `depot ${missing.join(', ')} is not known; correct it, or add it to depot.csv`,
    );
  return ok(standing);
}
