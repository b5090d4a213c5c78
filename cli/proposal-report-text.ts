import type {z} from 'zod';
import type {ProposalReport} from '../console/api/routes/proposal-report.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {table} from './output.ts';

type Report = z.output<typeof ProposalReport>;

/** The report for a person: one line for each action, one for all, and why planners went another way. */
export function reportText(report: Report): string {
  const period = `proposals made from ${toMinute(epochMs(report.from))} until ${toMinute(epochMs(report.to))}`;
  if (report.proposed === 0) return `${period}: none`;
  const fates = table(
    [
      'action',
      'proposed',
      'approved',
      'changed',
      'rejected',
      'expired',
      'withdrawn',
      'waiting',
      'overridden',
    ],
    [...report.byAction, {action: 'all', ...report}].map((row) => [
      row.action,
      row.proposed,
      row.approved,
      row.changed,
      row.rejected,
      row.expired,
      row.withdrawn,
      row.waiting,
      row.overrideRate === null ? 'none answered' : `${(row.overrideRate * 100).toFixed(1)} %`,
    ]),
  );
  if (report.byReason.length === 0) return `${period}\n${fates}`;
  const reasons = table(
    ['reason', 'changed', 'rejected'],
    report.byReason.map(({reasonCode, changed, rejected}) => [reasonCode, changed, rejected]),
  );
  return `${period}\n${fates}\n\n${reasons}`;
}
