import {Option} from 'commander';
import type {Command} from 'commander';
import {ROLES} from '../platform/principal.ts';
import type {Standing} from '../platform/principal.ts';

export interface StandingOptions {
  readonly role: string;
  readonly party?: string;
  readonly depots?: string;
}

/** A role and its bounds, as options. */
export function withStanding(command: Command, role: {readonly otherwise?: string} = {}): Command {
  const option = new Option('--role <role>', 'what it may do: docs/access.md').choices(ROLES);
  if (role.otherwise === undefined) option.makeOptionMandatory();
  else option.default(role.otherwise);
  return command
    .addOption(option)
    .option('--party <id>', 'the party that it speaks for: technicians, suppliers and customers')
    .option('--depots <ids>', 'the depots that a planner acts for, separated by commas (default: all)');
}

export function standingBody({role, party, depots}: StandingOptions): Readonly<Record<string, unknown>> {
  return {
    role,
    ...(party === undefined ? {} : {partyId: party}),
    ...(depots === undefined ? {} : {depotIds: depots.split(',').map((id) => id.trim())}),
  };
}

/** 'planner of D-1, D-2'; 'supplier SUP-1'; 'admin'. */
export function standingText({role, partyId, depotIds}: Standing): string {
  if (depotIds !== null) return `${role} of ${depotIds.join(', ')}`;
  return partyId === null ? role : `${role} ${partyId}`;
}
