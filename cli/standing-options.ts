import {Option} from 'commander';
import type {Command} from 'commander';
import {ROLES} from '../platform/principal.ts';
import type {Standing} from '../platform/principal.ts';

export interface StandingOptions {
  readonly role: string;
  readonly party?: string;
  readonly depots?: string;
  readonly segments?: string;
}

/** A role and its bounds, as options. */
export function withStanding(command: Command, role: {readonly otherwise?: string} = {}): Command {
  const option = new Option('--role <role>', 'what it may do: docs/access.md').choices(ROLES);
  if (role.otherwise === undefined) option.makeOptionMandatory();
  else option.default(role.otherwise);
  return command
    .addOption(option)
    .option('--party <id>', 'the party that it speaks for: technicians, suppliers and customers')
    .option('--depots <ids>', 'the depots that a planner acts for, separated by commas (default: all)')
    .option(
      '--segments <classes>',
      'the segments (A,B,C) of parts that bound a planner, or what who speaks for a party sees (default: all)',
    );
}

export function standingBody({
  role,
  party,
  depots,
  segments,
}: StandingOptions): Readonly<Record<string, unknown>> {
  return {
    role,
    ...(party === undefined ? {} : {partyId: party}),
    ...(depots === undefined ? {} : {depotIds: listed(depots)}),
    ...(segments === undefined ? {} : {segments: listed(segments)}),
  };
}

function listed(text: string): string[] {
  return text.split(',').map((one) => one.trim());
}

/** 'planner of D-1, D-2, segment A'; 'supplier SUP-1'; 'supplier SUP-1 of segment A, B'; 'admin'. */
export function standingText({role, partyId, depotIds, segments}: Standing): string {
  const bounds = [...(depotIds ?? []), ...(segments === null ? [] : [`segment ${segments.join(', ')}`])].join(
    ', ',
  );
  return `${role}${partyId === null ? '' : ` ${partyId}`}${bounds === '' ? '' : ` of ${bounds}`}`;
}
