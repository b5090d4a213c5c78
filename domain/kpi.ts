/**
 * The key figures (L1), each a sum over rows, or a quotient of two such sums: so every figure can be taken apart by any of its dimensions
 * and adds up again, and the rows behind it are the very rows that were summed. This file is what the API, the page and docs/kpis.md
 * say of them; the rows are in replenish/adapters/kpi-rows.ts.
 */
export const KPI_DIMENSIONS = ['part', 'depot', 'region', 'partner', 'criticality'] as const;
export type KpiDimension = (typeof KPI_DIMENSIONS)[number];

interface KpiDefinition {
  readonly id: string;
  /** Raised whenever the formula changes: figures of two versions are not to be compared. */
  readonly version: number;
  readonly name: string;
  readonly unit: 'share' | 'hours' | 'days a part-year' | 'lines' | 'pieces' | 'minor units';
  readonly formula: string;
  /** What one row of it is. */
  readonly row: string;
  readonly numerator: string;
  /** Null: the figure is the sum of the numerators. */
  readonly denominator: string | null;
  readonly better: 'more' | 'less';
  /** What it can be taken apart by. */
  readonly dimensions: readonly KpiDimension[];
  /** What `partner` is. */
  readonly partner: 'customer' | 'supplier' | null;
  /** live: with each request; nightly: when predict has looked back. */
  readonly refresh: 'live' | 'nightly';
  /** Which books it is read from, and who answers for them. */
  readonly source: string;
  readonly owner: 'planning' | 'supply' | 'models';
}

const NEEDS = {partner: 'customer', refresh: 'live', source: 'register of needs', owner: 'planning'} as const;
const ALL = KPI_DIMENSIONS;
const SHELF = ['part', 'depot', 'region', 'criticality'] as const;

const DEFINITIONS = [
  {
    id: 'fill-rate',
    version: 1,
    name: 'Fill rate',
    unit: 'share',
    formula:
      'pieces handed out within an hour of their need / pieces asked for, of needs that fell due in the window; what was asked for twice counts once',
    row: 'a need',
    numerator: 'pieces at once',
    denominator: 'pieces asked for',
    better: 'more',
    dimensions: ALL,
    ...NEEDS,
  },
  {
    id: 'stock-out-hours',
    version: 1,
    name: 'Stock-out duration',
    unit: 'hours',
    formula:
      'hours of the window in which a shelf that may hold a part, and once did, had no usable piece of it, added up over shelves',
    row: 'a stock-out',
    numerator: 'hours empty',
    denominator: null,
    better: 'less',
    dimensions: SHELF,
    partner: null,
    refresh: 'live',
    source: 'stock ledger',
    owner: 'planning',
  },
  {
    id: 'on-time-delivery',
    version: 1,
    name: 'On-time delivery',
    unit: 'share',
    formula:
      'orders whose last piece came less than a day after the first promised date (the expected one, where none was promised) / orders due in the window that have come or are a day late',
    row: 'an order',
    numerator: 'orders on time',
    denominator: 'orders due',
    better: 'more',
    dimensions: ALL,
    partner: 'supplier',
    refresh: 'live',
    source: 'orders',
    owner: 'supply',
  },
  {
    id: 'backorder-lines',
    version: 1,
    name: 'Open backorder lines',
    unit: 'lines',
    formula: 'needs past their date with pieces missing at the end of the window',
    row: 'a need',
    numerator: 'lines',
    denominator: null,
    better: 'less',
    dimensions: ALL,
    ...NEEDS,
  },
  {
    id: 'backorder-pieces',
    version: 1,
    name: 'Open backorder pieces',
    unit: 'pieces',
    formula: 'pieces missing past their date at the end of the window',
    row: 'a need',
    numerator: 'pieces',
    denominator: null,
    better: 'less',
    dimensions: ALL,
    ...NEEDS,
  },
  {
    id: 'backorder-value',
    version: 1,
    name: 'Value of open backorders',
    unit: 'minor units',
    formula: 'open backorder pieces × unit cost, in the currency of the part',
    row: 'a need',
    numerator: 'value',
    denominator: null,
    better: 'less',
    dimensions: ALL,
    ...NEEDS,
  },
  {
    id: 'customer-impact-hours',
    version: 1,
    name: 'Customer impact',
    unit: 'hours',
    formula: 'hours of the window in which a need was past its date with pieces missing, added up over needs',
    row: 'a need',
    numerator: 'hours waited',
    denominator: null,
    better: 'less',
    dimensions: ALL,
    ...NEEDS,
  },
  {
    id: 'backorder-days-per-part-year',
    version: 1,
    name: 'Backorder days per part-year',
    unit: 'days a part-year',
    formula:
      'days that pieces were past their date in the window / part-years; one part planned at one depot for 365.25 days is a part-year',
    row: 'a need, or a part at a depot with its part-years',
    numerator: 'piece-days waited',
    denominator: 'part-years',
    better: 'less',
    dimensions: SHELF,
    ...NEEDS,
    partner: null,
  },
  {
    id: 'proposals-unchanged',
    version: 1,
    name: 'Proposals accepted unchanged',
    unit: 'share',
    formula: 'approved / (approved + changed + rejected), of proposals made in the window',
    row: 'an answered proposal',
    numerator: 'approved as they were',
    denominator: 'answered',
    better: 'more',
    dimensions: SHELF,
    partner: null,
    refresh: 'live',
    source: 'decisions and their reviews',
    owner: 'planning',
  },
  {
    id: 'alarm-precision',
    version: 1,
    name: 'Alert precision',
    unit: 'share',
    formula:
      'alarms of the failure models that a failure followed / alarms, over the days of the model watch (predict.watch) before the last night of the window',
    row: 'a model, a class of machines and a depot',
    numerator: 'true alarms',
    denominator: 'alarms',
    better: 'more',
    dimensions: ['depot', 'region'],
    partner: null,
    refresh: 'nightly',
    source: 'model watch',
    owner: 'models',
  },
  {
    id: 'alarm-lead-hours',
    version: 1,
    name: 'Alert lead time',
    unit: 'hours',
    formula:
      'median hours from alarm to failure of each model and class, weighted by the failures that it foresaw, as the model watch found it on the last night of the window',
    row: 'a model and a class of machines',
    numerator: 'lead hours × failures foreseen',
    denominator: 'failures foreseen',
    better: 'more',
    dimensions: [],
    partner: null,
    refresh: 'nightly',
    source: 'model watch',
    owner: 'models',
  },
] as const satisfies readonly KpiDefinition[];

export type KpiId = (typeof DEFINITIONS)[number]['id'];
export type Kpi = KpiDefinition & {readonly id: KpiId};
export const KPIS: readonly Kpi[] = DEFINITIONS;
export const KPI_IDS = KPIS.map(({id}) => id);

/** Hours after its need within which a piece counts as handed out at once: a clerk books it when the technician has gone. */
export const AT_ONCE_H = 1;
/** A date is kept while less than a day has passed: partners promise days. */
export const ON_TIME_D = 1;
/** Hours after which a nightly figure is overdue: a night and half a day for it to be made up for. */
export const NIGHTLY_STALE_H = 36;

/**
 * Example: numerator 3, denominator 4 → 0.75; nothing asked for → null, which is no figure and not 0.
 */
export function kpiValue(numerator: number, denominator: number | null): number | null {
  if (denominator === null) return numerator;
  return denominator === 0 ? null : numerator / denominator;
}
