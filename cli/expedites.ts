import type {Command} from 'commander';
import type {z} from 'zod';
import {ExpediteReport} from '../console/api/routes/expedites.ts';
import {formatMoney} from '../domain/quantity.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

/** `forestock plan expedites`: speed against what it averts, by source. */
export function expeditesCommand(): Command {
  return listCommand({
    name: 'expedites',
    path: '/api/v1/plans/expedites',
    page: ExpediteReport,
    text: expeditesText,
    example: 'forestock plan expedites --days 90',
  });
}

function expeditesText({sources}: z.output<typeof ExpediteReport>): string {
  if (sources.length === 0) return 'nothing was hurried';
  return table(
    ['source', 'expedites', 'shelves', 'spent', 'averted', 'spent a year', 'a piece more a year', 'advice'],
    sources.map((row) => {
      const money = (minor: number): string => formatMoney({minor, currency: row.currency});
      return [
        row.sourceId,
        row.expedites,
        row.shelves,
        money(row.spentMinor),
        money(row.avertedMinor),
        money(row.spentMinorPerYear),
        money(row.moreStockMinorPerYear),
        row.advice === 'none' ? '' : row.advice.replace('-', ' '),
      ];
    }),
  );
}
