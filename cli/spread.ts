import type {Command} from 'commander';
import type {z} from 'zod';
import {SpreadRun} from '../console/api/routes/spread.ts';
import {formatMoney} from '../domain/quantity.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

/** `forestock plan spread`: a scarce supply over the depots that want it. */
export function spreadCommand(): Command {
  return listCommand({
    name: 'spread',
    path: '/api/v1/plans/spread',
    page: SpreadRun,
    text: spreadText,
    example: 'forestock plan spread --part BRG-6310-C4 --depot VLO-C --pieces 4',
  });
}

function spreadText(run: z.output<typeof SpreadRun>): string {
  const money = (minor: number): string => formatMoney({minor: Math.round(minor), currency: run.currency});
  const rows = table(
    [
      'depot',
      'here and coming',
      'asked for',
      'a piece missing costs',
      'share',
      'short without',
      'short with',
    ],
    run.rows.map((row) => [
      row.depotId,
      row.position,
      row.expectedDemand.toFixed(2),
      money(row.shortageMinor),
      row.share,
      money(row.withoutMinor),
      money(row.withMinor),
    ]),
  );
  const lots = run.lot === 1 ? '' : `, in lots of ${run.lot}`;
  const rest = run.unshared === 0 ? '' : `; left over, paying nowhere or making no lot: ${run.unshared}`;
  const turns = run.byTurnsMinor > run.withMinor ? `; by turns it would be ${money(run.byTurnsMinor)}` : '';
  return [
    `${run.pieces} of ${run.partId} from ${run.depotId}${lots}, to last until its next supply in ${(run.nextSupplyH / 24).toFixed(1)} days has been sent on`,
    '',
    rows,
    '',
    `expected shortage ${money(run.withoutMinor)} without, ${money(run.withMinor)} with these shares${turns}${rest}`,
  ].join('\n');
}
