import type {Command} from 'commander';
import {z} from 'zod';
import {LeadTime} from '../console/api/routes/supply.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

export function leadTimesCommand(): Command {
  return listCommand({
    name: 'lead-times',
    path: '/api/v1/lead-times',
    page: z.object({leadTimes: z.array(LeadTime)}),
    text: ({leadTimes}) => leadTimeTable(leadTimes),
    example: 'forestock orders lead-times --part VAC-30',
  });
}

function leadTimeTable(rows: readonly z.output<typeof LeadTime>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    ['source', 'terms', 'part', 'depot', 'plan', 'learnt', 'deliveries', 'used'],
    rows.map((row) => [
      row.source,
      row.kind,
      row.partId,
      row.depotId,
      `${row.planDays.toFixed(1)} d`,
      `${row.meanDays.toFixed(1)} ± ${row.sdDays.toFixed(1)} d`,
      row.evidence.toFixed(1),
      row.enough ? 'yes' : 'no',
    ]),
  );
}
