import {Command} from 'commander';
import {z} from 'zod';
import {Backorder, CustomerImpact, Override, ReviewListed} from '../console/api/routes/backorders.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {LINE_COLUMNS, WAITING_COLUMNS, lineCells, waitingCells} from './demand-line-cells.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {listCommand} from './operations/list-command.ts';
import {operationCommand} from './operations/operation-command.ts';
import {table} from './output.ts';

export function backordersCommand(): Command {
  return new Command('backorders')
    .description('what customers wait for, why, for how long already, and what was learned from it')
    .addCommand(
      listCommand({
        path: '/api/v1/backorders',
        page: z.object({
          backorders: z.array(Backorder),
          reviewsMissing: z.int(),
          impact: z.array(CustomerImpact),
        }),
        text: backorderTable,
        example: 'forestock backorders list --depot WAW-1',
      }),
    )
    .addCommand(
      listCommand({
        name: 'reviews',
        path: '/api/v1/backorder-reviews',
        page: z.object({reviews: z.array(ReviewListed)}),
        text: ({reviews}) => reviewTable(reviews),
        example: 'forestock backorders reviews --state open',
      }),
    )
    .addCommand(
      listCommand({
        name: 'overrides',
        path: '/api/v1/supply-overrides',
        page: z.object({overrides: z.array(Override)}),
        text: ({overrides}) => overrideTable(overrides),
        example: 'forestock backorders overrides --part VAC-30',
      }),
    )
    .addCommand(
      operationCommand(
        'correct',
        OPERATIONS['backorder-correction'],
        'forestock backorders correct 5f8e4a3c-… --cause supplier-late --reason "customs held it" --actor ada',
      ),
    )
    .addCommand(
      operationCommand(
        'review',
        OPERATIONS['backorder-review'],
        'forestock backorders review 5f8e4a3c-… --owner ada --preventive-action "second source" --close',
      ),
    );
}

function backorderTable({
  backorders: lines,
  reviewsMissing,
  impact,
}: {
  readonly backorders: readonly z.output<typeof Backorder>[];
  readonly reviewsMissing: number;
  readonly impact: readonly z.output<typeof CustomerImpact>[];
}): string {
  if (lines.length === 0) return 'none';
  const rows = table(
    [...LINE_COLUMNS, ...WAITING_COLUMNS, 'level', 'why', 'review'],
    lines.map((line) => [
      ...lineCells(line),
      ...waitingCells(line),
      line.level ?? '',
      causeText(line),
      line.isRed ? 'RED: none closed' : reviewText(line.review),
    ]),
  );
  const red = reviewsMissing === 0 ? [] : [`RED: ${reviewsMissing} lasted too long without a closed review`];
  return [rows, impactTable(impact), ...red].join('\n\n');
}

/** What these lines have cost each customer so far, and all of them. */
function impactTable(impact: readonly z.output<typeof CustomerImpact>[]): string {
  const money = (minor: number, currency: string): string => formatMoney({minor, currency});
  const totals = [...new Set(impact.map(({currency}) => currency))].map((currency) => {
    const of = impact.filter((one) => one.currency === currency);
    const sum = (pick: (one: z.output<typeof CustomerImpact>) => number): number =>
      of.reduce((total, one) => total + pick(one), 0);
    const hours = Math.round(10 * sum(({waitedH}) => waitedH)) / 10;
    const cost = money(
      sum(({downtimeMinor}) => downtimeMinor),
      currency,
    );
    return [
      'all',
      sum(({lines}) => lines),
      sum(({pieces}) => pieces),
      sum(({machines}) => machines),
      `${hours} h`,
      cost,
    ];
  });
  return table(
    ['customer', 'lines', 'pieces', 'machines', 'waited', 'downtime and penalty'],
    [
      ...impact.map((one) => [
        one.customerPartyId ?? '',
        one.lines,
        one.pieces,
        one.machines,
        `${one.waitedH} h`,
        money(one.downtimeMinor, one.currency),
      ]),
      ...totals,
    ],
  );
}

function causeText({causes, correction}: Pick<z.output<typeof Backorder>, 'causes' | 'correction'>): string {
  if (correction !== null) return `${correction.cause} (${correction.by})`;
  return causes.map(({cause, percent}) => `${cause} ${percent} %`).join(', ');
}

function reviewText(review: z.output<typeof Backorder>['review']): string {
  if (review === null) return '';
  return review.closedAt === null
    ? `due ${toMinute(epochMs(review.dueAt))}`
    : `closed by ${review.closedBy ?? ''}`;
}

function reviewTable(reviews: readonly z.output<typeof ReviewListed>[]): string {
  if (reviews.length === 0) return 'none';
  return table(
    ['due', 'line', 'part', 'depot', 'why', 'owner', 'action due', 'standing'],
    reviews.map((review) => [
      toMinute(epochMs(review.dueAt)),
      review.demandId,
      review.partId,
      review.depotId,
      review.cause ?? causeText({...review, correction: null}),
      review.owner ?? '',
      review.actionDueAt === null ? '' : toMinute(epochMs(review.actionDueAt)),
      review.closedAt === null ? 'open' : `closed by ${review.closedBy ?? ''}`,
    ]),
  );
}

function overrideTable(overrides: readonly z.output<typeof Override>[]): string {
  if (overrides.length === 0) return 'none';
  return table(
    ['since', 'part', 'depot', 'cap', 'state', 'reverted', 'because'],
    overrides.map((one) => [
      toMinute(epochMs(one.openedAt)),
      one.partId,
      one.depotId,
      one.capPieces,
      one.state,
      one.revertedAt === null ? '' : toMinute(epochMs(one.revertedAt)),
      one.revertedBecause ?? '',
    ]),
  );
}
