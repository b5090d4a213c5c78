import type {Command} from 'commander';
import {z} from 'zod';
import {ReservationRow} from '../console/api/routes/reservations.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {percent} from '../replenish/api.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

export function reservationsCommand(): Command {
  return listCommand({
    name: 'reservations',
    path: '/api/v1/reservations',
    page: z.object({reservations: z.array(ReservationRow)}),
    text: ({reservations}) => reservationTable(reservations),
    example: 'forestock stock reservations --depot WAW-1 --limit 20',
  });
}

function reservationTable(rows: readonly z.output<typeof ReservationRow>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    ['where', 'part', 'pieces', 'machine', 'position', 'component', 'until', 'while at least'],
    rows.map((row) => [
      row.depotId,
      row.partId,
      row.quantity,
      row.equipmentId,
      row.positionId,
      row.componentId,
      toMinute(epochMs(row.expiresAt)),
      percent(row.keepPpm),
    ]),
  );
}
