import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';

/** Two sides that know nothing of each other. Whatever belongs to one of them has its letter in its name. */
export const SIDES = ['A', 'B'] as const;
export type Side = (typeof SIDES)[number];

const ORDERS = {
  A: [1, 2, 3].map((no) => `a0000000-0000-4000-8000-00000000000${no}`),
  B: [1, 2, 3].map((no) => `b0000000-0000-4000-8000-00000000000${no}`),
};

/** The first is to be confirmed and due in ten days; the second was confirmed for the day before START; the third has come. */
export const orderOf = (side: Side, which: 0 | 1 | 2 = 0): string => ORDERS[side][which]!;

/** What nobody of the other side may read anywhere. */
export function namesOf(side: Side): readonly string[] {
  const named = ['SUP', 'CUS', 'SVC', 'PART', 'MACHINE', 'SITE', 'CONTRACT'].map((kind) => `${kind}-${side}`);
  return [...named, `Pump of ${side}`, ...ORDERS[side], `need-${side}`];
}

const day = (days: number): string => toIso(epochMs(START + days * DAY_MS));

/** One depot, and beside it twice: a supplier with two open orders and one that came, a customer with a machine that waits, and its service partner. */
export function twoSides(): MasterData {
  const tiny = tinyNetwork();
  const per = <T>(rowsOf: (side: Side) => readonly T[]): T[] => SIDES.flatMap(rowsOf);
  const only = (table: string, id: string): MasterData[string] =>
    tiny[table]!.filter((row) => row[id] === 'D-C' || row[id] === 'SITE-1' || row[id] === 'OWN');
  return {
    party: [
      ...only('party', 'party_id'),
      ...per((side) => [
        {party_id: `SUP-${side}`, kind: 'supplier', name: `Supplier ${side}`},
        {party_id: `CUS-${side}`, kind: 'customer', name: `Customer ${side}`},
        {party_id: `SVC-${side}`, kind: 'partner', name: `Service ${side}`},
      ]),
    ],
    site: [
      ...only('site', 'site_id'),
      ...per((side) => [
        {
          site_id: `SITE-${side}`,
          party_id: `CUS-${side}`,
          name: `Plant of ${side}`,
          lat: 52,
          lon: 5,
          tz: 'UTC',
        },
      ]),
    ],
    depot: only('depot', 'depot_id'),
    contract: per((side) => [
      {
        contract_id: `CONTRACT-${side}`,
        party_a: `SVC-${side}`,
        party_b: `CUS-${side}`,
        type: 'service',
        tier: 'gold',
      },
    ]),
    equipment_class: tiny['equipment_class']!,
    class_signal: tiny['class_signal']!,
    component_class: tiny['component_class']!,
    equipment_model: per((side) => [
      {model_id: `CH-${side}`, equipment_class_id: 'chiller', name: `Chiller ${side}`},
    ]),
    part: per((side) => [
      {
        part_id: `PART-${side}`,
        group_id: `G-${side}`,
        name: `Pump of ${side}`,
        unit_cost_minor: 100_000,
        currency: 'EUR',
      },
    ]),
    bom_position: per((side) => [
      {model_id: `CH-${side}`, position_id: 'pump', class_id: 'compressor', part_id: `PART-${side}`},
    ]),
    equipment: per((side) => [
      {
        ...{equipment_id: `MACHINE-${side}`, model_id: `CH-${side}`, site_id: `SITE-${side}`},
        ...{customer_party_id: `CUS-${side}`, contract_id: `CONTRACT-${side}`, downtime_minor_per_h: 20_000},
        ...{currency: 'EUR', commissioned_at: day(-100)},
      },
    ]),
    service_area: per((side) => [
      {equipment_id: `MACHINE-${side}`, depot_id: 'D-C', priority: 1, transit_h: 2},
    ]),
    sourcing: per((side) => [
      {
        ...{part_id: `PART-${side}`, depot_id: 'D-C', source_kind: 'supplier', source_id: `SUP-${side}`},
        ...{lead_time_mean_d: 20, lead_time_sd_d: 5, price_minor: 90_000},
      },
    ]),
    part_depot: per((side) => [
      {part_id: `PART-${side}`, depot_id: 'D-C', party_id: 'OWN', background_per_year: 12},
    ]),
    supply_order: per((side) => {
      const order = {
        ...{kind: 'purchase', part_id: `PART-${side}`, from_loc: `supplier:SUP-${side}`, to_loc: 'depot:D-C'},
        ...{supplier_party_id: `SUP-${side}`, owner_party_id: 'OWN', cost_minor: 270_000, currency: 'EUR'},
      };
      return [
        {
          ...order,
          order_id: orderOf(side),
          qty: 3,
          state: 'released',
          ordered_at: day(-5),
          expected_at: day(10),
        },
        {
          ...{...order, order_id: orderOf(side, 1), qty: 2, state: 'confirmed', ordered_at: day(-30)},
          ...{expected_at: day(-1), promised_at: day(-1), first_promised_at: day(-3), slips: 1},
        },
        {
          ...{
            ...order,
            order_id: orderOf(side, 2),
            qty: 4,
            shipped_qty: 4,
            received_qty: 4,
            state: 'received',
          },
          ...{
            ordered_at: day(-60),
            expected_at: day(-38),
            promised_at: day(-38),
            first_promised_at: day(-38),
          },
          ...{received_at: day(-37.5)},
        },
      ];
    }),
    demand_history: per((side) => [
      {
        ...{source: 'erp', source_key: `need-${side}`, part_id: `PART-${side}`, depot_id: 'D-C', qty: 2},
        ...{equipment_id: `MACHINE-${side}`, customer_party_id: `CUS-${side}`, tier: 'gold', filled_qty: 0},
        ...{requested_at: toIso(epochMs(START - 30 * HOUR_MS)), state: 'open', promised_at: day(4)},
      },
    ]),
  };
}
