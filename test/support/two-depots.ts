import type {MasterData} from '../../network/core/master-data.ts';

/** A part and the pieces of it that lie there at the start. */
export interface SuppliedPart {
  readonly partId: string;
  readonly atRegional: number;
  readonly atCentral: number;
}

/**
 * The supply side of a small network: supplier SUP fills the central depot D-C in 20 ± 5 days, and that the regional D-1 in 2 ± half a
 * day. Both stand on the site of their owner OWN; customer CUS has a plant.
 *
 * Example: twoDepots('PLANT', [{partId: 'P-1', atRegional: 2, atCentral: 10}]) → 3 parties, 2 sites, 2 depots, 2 rows of sourcing.
 */
export function twoDepots(plantSiteId: string, parts: readonly SuppliedPart[]): MasterData {
  return {
    party: [
      {party_id: 'OWN', kind: 'own', name: 'Own'},
      {party_id: 'SUP', kind: 'supplier', name: 'Supplier'},
      {party_id: 'CUS', kind: 'customer', name: 'Customer'},
    ],
    site: [
      {site_id: 'SITE-1', party_id: 'OWN', name: 'Amsterdam', lat: 52.37, lon: 4.9, tz: 'Europe/Amsterdam'},
      {site_id: plantSiteId, party_id: 'CUS', name: 'Plant', lat: 52.1, lon: 5.1, tz: 'Europe/Amsterdam'},
    ],
    depot: [
      {depot_id: 'D-1', site_id: 'SITE-1', party_id: 'OWN', echelon: 'regional', parent_depot_id: 'D-C'},
      {depot_id: 'D-C', site_id: 'SITE-1', party_id: 'OWN', echelon: 'central', parent_depot_id: ''},
    ],
    sourcing: parts.flatMap(({partId}) => [
      {
        part_id: partId,
        depot_id: 'D-1',
        source_kind: 'depot',
        source_id: 'D-C',
        lead_time_mean_d: 2,
        lead_time_sd_d: 0.5,
        price_minor: 0,
      },
      {
        part_id: partId,
        depot_id: 'D-C',
        source_kind: 'supplier',
        source_id: 'SUP',
        lead_time_mean_d: 20,
        lead_time_sd_d: 5,
        price_minor: 90_000,
      },
    ]),
    part_depot: parts.flatMap(({partId}) =>
      ['D-1', 'D-C'].map((depot_id) => ({part_id: partId, depot_id, party_id: 'OWN'})),
    ),
    opening_stock: parts.flatMap(({partId, atRegional, atCentral}) => [
      {depot_id: 'D-1', part_id: partId, owner_party_id: 'OWN', qty: atRegional},
      {depot_id: 'D-C', part_id: partId, owner_party_id: 'OWN', qty: atCentral},
    ]),
  };
}
