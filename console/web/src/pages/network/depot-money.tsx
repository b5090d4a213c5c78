import type {JSX} from 'preact';
import type {paths} from '../../data/paths.d.ts';
import {moneyText} from '../../ui/figures.tsx';

export type Depot =
  paths['/api/v1/network/depots']['get']['responses'][200]['content']['application/json']['depots'][number];
type Amount = 'stockMinor' | 'pipelineMinor' | 'riskMinor';

/** One amount in each currency: '€1,200.00, $80.00'. */
export function amounts({money}: Depot, of: Amount): string {
  return money.map((one) => moneyText(one[of], one.currency)).join(', ') || '–';
}

export function Amounts({depot, of}: {readonly depot: Depot; readonly of: Amount}): JSX.Element {
  return <span class="number">{amounts(depot, of)}</span>;
}

/** For ranking on a map: minor units of all currencies as numbers. */
export function riskOf({money}: Depot): number {
  return money.reduce((sum, {riskMinor}) => sum + riskMinor, 0);
}
