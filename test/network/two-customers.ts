import type {MasterData} from '../../network/core/master-data.ts';
import {tinyNetwork} from './tiny-network.ts';

/** The tiny network with a customer for each machine: CUS-A has M-A, CUS-B has M-B; SUP has nothing to do with either. */
export function twoCustomers(): MasterData {
  const network = tinyNetwork();
  const renamed = (id: unknown): unknown => ({'M-1': 'M-A', 'M-2': 'M-B'})[id as string] ?? id;
  const rows = (table: string): Record<string, unknown>[] =>
    (network[table] ?? []).map((row) => ({...row, equipment_id: renamed(row['equipment_id'])}));
  return {
    ...network,
    party: [
      ...(network['party'] ?? []),
      {party_id: 'CUS-A', kind: 'customer', name: 'Customer A'},
      {party_id: 'CUS-B', kind: 'customer', name: 'Customer B'},
    ],
    equipment: rows('equipment').map((row) => ({
      ...row,
      contract_id: '',
      site_id: 'SITE-1',
      customer_party_id: row['equipment_id'] === 'M-A' ? 'CUS-A' : 'CUS-B',
    })),
    installation: rows('installation'),
    service_area: rows('service_area'),
  } as MasterData;
}
