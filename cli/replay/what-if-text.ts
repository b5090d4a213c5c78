import {formatMoney} from '../../domain/quantity.ts';
import {epochMs, toMinute} from '../../domain/time.ts';
import type {ReportedAct, WhatIfChange, WhatIfReport, WhatIfTotals} from '../../replenish/api.ts';
import {table} from '../output.ts';

const COLUMNS_MAX = 100;

/** A what-if for a person: what it is, counts, sums, and the first changed decisions. */
export function whatIfText(report: WhatIfReport, changesMax: number): string {
  const {decisions, reproduced, same, changed, byAction, totals, untouched, changes} = report;
  if (decisions === 0) return 'no decision was recorded in that time, for that part and depot';
  const left = changed - changesMax;
  return [
    'each decision is taken anew by itself: an order not placed in June does not change July’s shelf',
    `${decisions} decisions: ${same} the same, ${changed} changed`,
    ...(reproduced === decisions
      ? []
      : [
          `${decisions - reproduced} were recorded otherwise than this version decides; "recorded" is its word`,
        ]),
    ...untouched.map((path) => `${path} found nothing to change`),
    '',
    table(
      ['recorded', 'what if', 'same', 'changed'],
      byAction.map((row) => [row.before, row.after, row.same, row.changed]),
    ),
    '',
    ...totals.flatMap(totalLines),
    ...(changed === 0 ? [] : ['', changeTable(changes.slice(0, changesMax))]),
    ...(left > 0 ? [`and ${left} more; --limit ${changed} lists all, --json has them`] : []),
  ].join('\n');
}

function totalLines({currency, before, after, compared, beforeMinor, afterMinor}: WhatIfTotals): string[] {
  const money = (minor: number): string => formatMoney({minor, currency});
  const sums = ({acts, pieces, landedMinor}: WhatIfTotals['before']): string =>
    `${acts} acts, ${pieces} pieces, ${money(landedMinor)} to pay`;
  return [
    `recorded: ${sums(before)}`,
    `what if:  ${sums(after)}`,
    ...(compared === 0
      ? []
      : [
          `expected cost of ${compared} changed decisions, by the what-if's figures:`,
          `  recorded acts ${money(beforeMinor)}, what-if acts ${money(afterMinor)}`,
        ]),
  ];
}

function changeTable(changes: readonly WhatIfChange[]): string {
  return table(
    ['decided', 'part', 'recorded', 'what if', 'expected', 'instead'],
    changes.map(({decidedAt, partId, currency, before, after}) => [
      toMinute(epochMs(decidedAt)),
      partId,
      actText(before, before.state !== after.state),
      actText(after, before.state !== after.state),
      expected(before, currency),
      expected(after, currency),
    ]),
    COLUMNS_MAX,
  );
}

/** 'order 2 D-1 from SUP', where its standing changes 'order 2 D-1 from SUP (proposed)'. */
function actText({action, quantity, depotId, sourceId, mode, state}: ReportedAct, told: boolean): string {
  if (action === 'nothing') return 'nothing';
  const by = mode === null ? '' : ` by ${mode}`;
  const from = sourceId === null ? '' : ` from ${sourceId}`;
  return `${action} ${quantity} ${depotId}${from}${by}${told ? ` (${state})` : ''}`;
}

function expected({expectedMinor}: ReportedAct, currency: string): string {
  return expectedMinor === null ? 'not open' : formatMoney({minor: expectedMinor, currency});
}
