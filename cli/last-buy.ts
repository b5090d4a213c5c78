import type {Command} from 'commander';
import type {z} from 'zod';
import {LastBuyRun} from '../console/api/routes/last-buy.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toIso} from '../domain/time.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

/** `forestock plan last-buy`: the last order of a part. */
export function lastBuyCommand(): Command {
  return listCommand({
    name: 'last-buy',
    path: '/api/v1/plans/last-buy',
    page: LastBuyRun,
    text: lastBuyText,
    example: 'forestock plan last-buy --part VAC-30 --until 2032-12-31T00:00:00.000Z',
  });
}

function lastBuyText(run: z.output<typeof LastBuyRun>): string {
  const money = (minor: number): string => formatMoney({minor, currency: run.currency});
  const day = (at: number): string => toIso(epochMs(at)).slice(0, 10);
  const {best, need} = run;
  const curve = table(
    ['buy', 'short', 'pieces short', 'pieces left', 'price', 'holding', 'shortage', 'salvage', 'total'],
    run.curve.map((point) => [
      point.buy === best.buy ? `${point.buy} ←` : point.buy,
      percent(point.shortProbability),
      point.expectedShort.toFixed(2),
      point.expectedLeft.toFixed(1),
      money(point.price),
      money(point.holding),
      money(point.shortage),
      money(point.salvage),
      money(point.total),
    ]),
  );
  const fleet = run.fleet.map(
    ({positions, endsAt}) =>
      `${positions} until ${endsAt === null ? day(run.until) : day(Math.min(endsAt, run.until))}`,
  );
  const repaired = run.repairedShare === 0 ? '' : `, ${percent(run.repairedShare)} of them repaired`;
  const quantiles = need.quantiles.map(({level, pieces}) => `${percent(level)} ${pieces}`);
  return [
    `buy ${best.buy} of ${run.partId} for ${run.depotIds.join(', ')}, to last until ${day(run.until)}${run.sourceId === null ? '; nobody is known to sell it' : `, from ${run.sourceId}`}`,
    `${run.position} here and coming; ${need.askedFor.toFixed(1)} still asked for (${run.ratePerYear.toFixed(2)} a year today${repaired}); ${need.mean.toFixed(1)} ± ${need.deviation.toFixed(1)} used up`,
    `used up at most, with probability: ${quantiles.join(', ')}`,
    ...(fleet.length === 0 ? [] : [`positions served: ${fleet.join(', ')}`]),
    `a piece costs ${money(run.priceMinor)}, and ${money(run.holdingMinorPerYear)} a year to hold; left over it brings ${money(run.salvageMinor)}; missing it costs ${money(run.shortageMinor)}`,
    ...(run.lastOrder === null ? [] : [lastOrderText(run.lastOrder)]),
    '',
    curve,
  ].join('\n');
}

function lastOrderText(term: NonNullable<z.output<typeof LastBuyRun>['lastOrder']>): string {
  const {contractId, lastOrderDate, liablePartyId, buybackShare} = term;
  const liable = liablePartyId === null ? '' : `; ${liablePartyId} bears what is left over`;
  const bought = buybackShare === null ? '' : `, bought back at ${percent(buybackShare)}`;
  return `by contract ${contractId} orders are taken until ${lastOrderDate}${liable}${bought}`;
}

function percent(of: number): string {
  return `${(100 * of).toFixed(1)} %`;
}
