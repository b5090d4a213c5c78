import {rowsOf} from './master-data.ts';
import type {MasterData, MasterRow} from './master-data.ts';

/** Hours until a machine must run again, and what each further hour costs; a case never costs more than four days of it. */
const PROMISED: Readonly<Record<string, {readonly restoreH: number; readonly euroPerH: number}>> = {
  gold: {restoreH: 4, euroPerH: 500},
  silver: {restoreH: 24, euroPerH: 200},
};
const CAP_H = 96;

/**
 * The reference network's contracts written out as terms: gold and silver promise hours to restore and pay for each hour beyond, gold
 * earns a bonus for a month without a late case, and standard promises that nine of ten needs are filled within three days.
 */
export function contractTerms(network: MasterData): MasterRow[] {
  return rowsOf(network, 'contract').flatMap(({contract_id, version, tier}) => {
    const terms = termsOf(String(tier));
    return terms.map(([type, params, clause], i) => ({
      contract_id: contract_id!,
      version: version!,
      term_no: i + 1,
      type,
      params: JSON.stringify(params),
      clause_ref: clause,
    }));
  });
}

function termsOf(tier: string): [type: string, params: object, clause: string][] {
  const promised = PROMISED[tier];
  if (promised === undefined)
    return [['sla', {metric: 'fillRate', target: 90, withinH: 72, window: 'quarter'}, '3.1']];
  const perHourMinor = promised.euroPerH * 100;
  const charged = {slaTermNo: 1, currency: 'EUR', perHourMinor, capMinor: perHourMinor * CAP_H};
  return [
    ['sla', {metric: 'restoreH', target: promised.restoreH, window: 'month'}, '3.1'],
    ['penalty', charged, '3.2'],
    ...(tier === 'gold'
      ? [
          ['bonus', {slaTermNo: 1, currency: 'EUR', perWindowMinor: 200_000}, '3.3'] as [
            string,
            object,
            string,
          ],
        ]
      : []),
  ];
}
