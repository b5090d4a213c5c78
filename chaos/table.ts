import Table from 'cli-table3';
import type {InjectedFault} from './inject.ts';
import type {Outcome} from './programme.ts';

const FIGURES = [
  ['readings', 'messages sent, each counted once'],
  ['pubacked', 'of them acknowledged'],
  ['stored', 'in the database'],
  ['deadLetters', 'refused, kept with the reason'],
  ['lost', 'acknowledged, neither stored nor refused with a reason'],
  ['duplicate', 'stored twice'],
  ['phantom', 'stored, never sent'],
  ['wrong', 'stored with other content, or reported missing though stored'],
  ['gapsReported', 'numbers reported as missing'],
  ['decisions', ''],
  ['orders', ''],
  ['webhooks', 'effects that the receiver has'],
  ['webhooksRepeated', 'requests beyond the first of their idempotency key'],
  ['decisionsTwice', 'decisions with two orders or two effects'],
  ['decisionsWithout', 'executed, and no order in the books or no effect received'],
  ['effectsAstray', 'delivered and never received, or received without a cause'],
  ['resent', "from equipment's outboxes, after a break of the line to the broker"],
  ['healedMs', 'from the last fault to rest'],
] as const satisfies readonly (readonly [keyof Outcome, string])[];

export function faultTable(faults: readonly InjectedFault[]): string {
  const table = new Table({head: ['fault', 'at', 'ms', ''], style: {head: [], border: [], compact: true}});
  for (const fault of faults) table.push([fault.kind, fault.at, String(fault.ms), remarkOn(fault)]);
  return table.toString();
}

function remarkOn({note, skipped, failed}: InjectedFault): string {
  if (skipped !== undefined) return `skipped: ${skipped}`;
  return failed === undefined ? (note ?? '') : `failed: ${failed}`;
}

export function verdictTable(outcome: Outcome): string {
  const table = new Table({head: ['figure', 'value', ''], style: {head: [], border: [], compact: true}});
  for (const [figure, meaning] of FIGURES) table.push([figure, String(outcome[figure]), meaning]);
  return table.toString();
}
