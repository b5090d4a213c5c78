import type {Command} from 'commander';
import {z} from 'zod';
import {Available} from '../console/api/routes/supply.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

export function atpCommand(): Command {
  return listCommand({
    name: 'atp',
    path: '/api/v1/atp',
    page: z.object({available: z.array(Available)}),
    text: ({available}) => availableTable(available),
    example: 'forestock atp --part VAC-30 --depot WAW-1',
  });
}

function availableTable(rows: readonly z.output<typeof Available>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    [
      'part',
      'depot',
      'on hand',
      'owed',
      'now',
      'ATP',
      'next free',
      'unconfirmed',
      'overdue',
      'reserved',
      'predicted 28 d',
    ],
    rows.map((row) => {
      const next = row.firm.find(({free}) => free > 0);
      return [
        row.partId,
        row.depotId,
        row.onHand,
        row.committed,
        row.now,
        row.available,
        next === undefined ? '' : `${next.free} on ${toMinute(epochMs(next.dueAt))}`,
        row.unconfirmed,
        row.overdue,
        row.reserved,
        row.predicted28d.toFixed(1),
      ];
    }),
  );
}
