import type {Command} from 'commander';
import {z} from 'zod';
import {DemandAccuracyRow, DemandForecastRow} from '../console/api/routes/demand-forecasts.ts';
import {epochMs, toIso} from '../domain/time.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

export function demandForecastsCommand(): Command {
  return listCommand({
    name: 'forecasts',
    path: '/api/v1/demand/forecasts',
    page: z.object({forecasts: z.array(DemandForecastRow)}),
    text: ({forecasts}) => forecastTable(forecasts),
    example: 'forestock demand forecasts --depot WAW-1 --limit 20',
  });
}

export function demandAccuracyCommand(): Command {
  return listCommand({
    name: 'accuracy',
    path: '/api/v1/demand/accuracy',
    page: z.object({accuracy: z.array(DemandAccuracyRow), total: DemandAccuracyRow.nullable()}),
    text: ({accuracy, total}) => accuracyTable(total === null ? accuracy : [...accuracy, total]),
    example: 'forestock demand accuracy --by criticality --months 6',
  });
}

function forecastTable(rows: readonly z.output<typeof DemandForecastRow>[]): string {
  if (rows.length === 0) return 'none yet: decisions take the master data';
  return table(
    ['part', 'depot', 'a year', 'vmr', 'typed', 'own weight', 'months', 'pieces', 'hidden', 'season', 'of'],
    rows.map((row) => [
      row.partId,
      row.depotId,
      row.perYear.toFixed(2),
      row.vmr.toFixed(2),
      row.masterPerYear.toFixed(2),
      share(row.credibility),
      row.historyMonths.toFixed(1),
      row.pieces,
      share(row.hiddenShare),
      row.season === null
        ? ''
        : `${Math.min(...row.season).toFixed(1)}–${Math.max(...row.season).toFixed(1)}`,
      toIso(epochMs(row.asOf)).slice(0, 10),
    ]),
  );
}

function accuracyTable(rows: readonly z.output<typeof DemandAccuracyRow>[]): string {
  if (rows.length === 0) return 'none yet: no month has passed since the first forecast';
  return table(
    [
      'of',
      'months',
      'forecast',
      'came',
      'WAPE',
      'naive',
      'SBA',
      'TSB',
      'added',
      'vs best',
      'bias',
      'within 0.9',
      'signal',
      '',
    ],
    rows.map((row) => [
      row.of,
      row.forecasts,
      row.expected.toFixed(1),
      row.actual.toFixed(1),
      shareOrNone(row.wape),
      ...valueAddedCells(row.valueAdded),
      shareOrNone(row.bias),
      share(row.covered90),
      row.signal.toFixed(1),
      row.alarm ? 'drifted' : '',
    ]),
  );
}

function valueAddedCells(added: z.output<typeof DemandAccuracyRow>['valueAdded']): string[] {
  const {naive, sba, tsb, againstNaive, againstBest} = added;
  return [naive.wape, sba.wape, tsb.wape, againstNaive, againstBest].map(shareOrNone);
}

function shareOrNone(value: number | null): string {
  return value === null ? '' : share(value);
}

function share(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}
