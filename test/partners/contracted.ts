import type {MasterData} from '../../network/api.ts';
import {hungryNetwork} from '../console/world.ts';

export const PENALTY = {perHourMinor: 12_345, capMinor: 500_000};
const key = {contract_id: 'K-1', version: 1};
export const params = (value: object): string => JSON.stringify(value);

/** Eight office hours to restore, a penalty beyond; from February four hours and no penalty term, until the middle of March. */
export function contracted(): MasterData {
  const network = hungryNetwork();
  const [contract] = network['contract']!;
  const sla = {metric: 'restoreH', target: 8, calendar: 'office', remediationH: 9};
  return {
    ...network,
    calendar: [
      {
        calendar_id: 'office',
        time_zone: 'Europe/Warsaw',
        hours: 'Mon-Fri 08:00-17:00',
        holidays: '2026-01-01|2026-01-06',
      },
    ],
    contract: [
      {...contract!, version: 1, valid_from: '2025-01-01T00:00:00.000Z', valid_to: ''},
      {
        ...contract!,
        version: 2,
        valid_from: '2026-02-01T00:00:00.000Z',
        valid_to: '2026-03-15T00:00:00.000Z',
      },
      {...contract!, contract_id: 'K-S', party_b: 'SUP', version: 1, valid_from: '', valid_to: ''},
      {...contract!, contract_id: 'K-9', version: 1, valid_from: '', valid_to: '2026-02-20T00:00:00.000Z'},
    ],
    contract_term: [
      {...key, term_no: 1, type: 'sla', params: params(sla), clause_ref: '§4.1'},
      {
        ...key,
        term_no: 2,
        type: 'penalty',
        params: params({slaTermNo: 1, currency: 'EUR', ...PENALTY, capPerWindowMinor: PENALTY.capMinor}),
      },
      {...key, term_no: 3, type: 'terminate', params: params({slaTermNo: 1, consecutiveWindows: 1})},
      {...key, version: 2, term_no: 1, type: 'sla', params: params({...sla, target: 4})},
      {
        contract_id: 'K-S',
        version: 1,
        term_no: 1,
        type: 'ownership',
        scope: params({partIds: ['P-1']}),
        params: params({model: 'owned', ownerPartyId: 'SUP', titleTransfer: 'shipment'}),
      },
    ].map((row) => ({clause_ref: '', scope: '', ...row})),
  };
}
