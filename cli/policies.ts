import type {Command} from 'commander';
import type {z} from 'zod';
import {PoliciesRun} from '../console/api/routes/policies.ts';
import {formatMoney} from '../domain/quantity.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

type Run = z.output<typeof PoliciesRun>;
type Policy = Run['policies'][number];

/** `forestock plan policies`: what each stock policy would give and cost for a part at a depot. */
export function policiesCommand(): Command {
  return listCommand({
    name: 'policies',
    path: '/api/v1/plans/policies',
    page: PoliciesRun,
    text: policiesText,
    example: 'forestock plan policies --part VAC-30 --depot WAW-1 --review-days 7 --fill-rate 0.95',
  });
}

const NAMES: Readonly<Record<Policy['kind'], string>> = {
  decided: 'decisions',
  'base-stock': 'base stock (S − 1, S)',
  rq: '(r, Q) exact',
  'rq-expected-inventory': '(r, Q) expected inventory',
  'rq-backorders': '(r, Q) batch with backorders',
  'rq-economic': '(r, Q) economic batch',
  'min-max': '(s, S)',
  periodic: '(R, S)',
  'periodic-normal': '(R, S) normal demand',
  'periodic-fill-rate': '(R, S) for the fill rate',
};

const WHY_NOT: Readonly<Record<Run['notCompared'][number]['reason'], string>> = {
  'no-order-cost': 'an order costs nothing by itself, so the best lot is the smallest',
  'no-batch-pays': 'a batch costs more to hold than the shortages that it prevents',
  'sold-in-multiples': 'the source sells multiples, which do not reach a level exactly',
  'large-lot': 'its orders would have more than 500 pieces',
  'below-minimum': 'the cheapest one orders less than the source takes',
  'slow-mover': 'fewer than ten pieces are asked for until the next order is here',
};

function policiesText(run: Run): string {
  const {currency} = run;
  const money = (minor: number): string => formatMoney({minor, currency});
  const amount = (minor: number): string => money(minor).slice(0, -1 - currency.length);
  const head = [
    'policy',
    'parameters',
    'orders a year',
    'ordering',
    'holding',
    'shortage',
    `${currency} a year`,
  ];
  const rows = table(
    [...head, 'fill rate', 'ready rate', 'order fill', 'on hand', 'short'],
    run.policies.map((policy) => [
      `${NAMES[policy.kind]}${policy.isCheapest ? ' ←' : ''}`,
      parametersOf(policy),
      policy.ordersPerYear.toFixed(1),
      amount(policy.orderingMinor),
      amount(policy.holdingMinor),
      amount(policy.shortageMinor),
      amount(policy.totalMinor),
      percent(policy.fillRate),
      percent(policy.readyRate),
      percent(policy.orderFillRate),
      policy.expectedOnHand.toFixed(2),
      policy.expectedBackorders.toFixed(3),
    ]),
  );
  const left = run.notCompared.map(({kind, reason}) => `not compared: ${NAMES[kind]}: ${WHY_NOT[reason]}`);
  return [
    sourceText(run),
    demandText(run),
    costText(run, money),
    '',
    rows,
    '',
    '← costs least a year; decisions: reorder point and lot that the decisions on this part follow today',
    'fill rate: pieces handed over at once; ready rate: time with stock on the shelf; order fill: orders handed over completely at once',
    ...left,
    ...keptText(run, money),
  ].join('\n');
}

function sourceText({partId, depotId, source, servedDepotIds}: Run): string {
  const {law, leadTimeDays, leadTimeSdDays} = source;
  const others = servedDepotIds.length > 1 ? ` with what ${servedDepotIds.slice(1).join(', ')} ask for` : '';
  const assumed =
    law === 'sequential'
      ? 'lead times are sequential: no order overtakes another, so their spread adds to the demand over them'
      : 'lead times are parallel: each order travels on its own, so only their mean counts';
  return `${partId} at ${depotId}${others}, from ${source.kind} ${source.id} in ${leadTimeDays.toFixed(1)} ± ${leadTimeSdDays.toFixed(1)} days; ${assumed}`;
}

function demandText({demand}: Run): string {
  const {piecesPerYear, ordersPerYear, ordersVmr, sizes, ordersOnRecord, leadTimeMean, leadTimeVariance} =
    demand;
  const known = ordersOnRecord > 0 ? `as in ${ordersOnRecord} on record` : 'too few on record to say more';
  const shown = sizes.slice(0, 6).map(({pieces, probability}) => `${percent(probability)} of ${pieces}`);
  const more = sizes.length > shown.length ? `, ${sizes.length - shown.length} larger sizes` : '';
  const each = sizes.length === 1 ? `of ${sizes[0]!.pieces} each` : `${shown.join(', ')}${more}`;
  const clusters = ordersVmr > 1 ? `, their number ${ordersVmr.toFixed(2)} times as variable as Poisson` : '';
  const ahead = `${leadTimeMean.toFixed(2)} ± ${Math.sqrt(leadTimeVariance).toFixed(2)} pieces over a lead time`;
  return `${piecesPerYear.toFixed(2)} pieces a year in ${ordersPerYear.toFixed(2)} orders, ${each} (${known})${clusters}; ${ahead}`;
}

function costText(run: Run, money: (minor: number) => string): string {
  const missed = run.isFetched
    ? `a piece that is missed costs ${money(run.missedMinor)} to be had at once`
    : `a piece that is missed waits at ${money(run.owedMinorPerDay)} a day`;
  const {minimum, multiple} = run.source;
  const lots = minimum > 1 || multiple > 1 ? `; ordered from ${minimum} on in multiples of ${multiple}` : '';
  return `an order costs ${money(run.orderMinor)}, a piece ${money(run.holdingMinorPerYear)} a year to hold; ${missed}; periodic policies look every ${days(run.reviewDays)}${lots}`;
}

function parametersOf({kind, reorderPoint, orderUpTo, lot, reviewDays, isBeyondMax}: Policy): string {
  const names = kind === 'min-max' ? ['s', 'S'] : ['r', 'S'];
  const shown = [
    reorderPoint !== null && (lot !== null || kind === 'min-max') ? `${names[0]} ${reorderPoint}` : '',
    orderUpTo === null ? '' : `S ${orderUpTo}`,
    lot === null ? '' : `Q ${lot}`,
    reviewDays === null ? '' : `R ${days(reviewDays)}`,
    isBeyondMax ? 'over max_stock' : '',
  ];
  return shown.filter((text) => text !== '').join(', ');
}

function keptText({kept}: Run, money: (minor: number) => string): string[] {
  if (kept === null) return [];
  const {best, withoutKeeping, premiumTiers, standardTiers, baseStock} = kept;
  const [dear, cheap] = [premiumTiers.join(', '), standardTiers.join(', ')];
  const served = ({premiumFill, standardFill}: typeof best): string =>
    `${dear} ${percent(premiumFill)}, ${cheap} ${percent(standardFill)} served from the shelf`;
  if (best.level === 0)
    return ['', `of a base stock of ${baseStock} nothing is worth keeping for ${dear}: ${served(best)}`];
  return [
    '',
    `of a base stock of ${baseStock} keep ${best.level} for ${dear}: saves ${money(kept.savingMinor)} a year of ${money(withoutKeeping.costMinor)}`,
    `  kept: ${served(best)}; not kept: ${served(withoutKeeping)}`,
  ];
}

function days(count: number): string {
  return `${Number.isInteger(count) ? count : count.toFixed(1)} d`;
}

function percent(of: number): string {
  return `${(100 * of).toFixed(1)} %`;
}
