import {epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

/** Day of January 2026, whole or not. Example: jan(2.5) → 2 January, 12:00 UTC. */
export const jan = (day: number): EpochMs => epochMs(Math.round(Date.UTC(2025, 11, 31) + day * 86_400_000));
const iso = (day: number): string => toIso(jan(day));
const HALF_HOUR = 1 / 48;

/**
 * Ten days of two depots, small enough to work every key figure out by hand. P-1 costs 1,000.00 EUR, P-2 9.00 EUR; D-1 lies in the North,
 * D-C states no region. The figures from 1 to 11 January stand in test/replenish/kpis.pg.test.ts.
 */
export async function openKpiHistory(): Promise<DecidingNetwork> {
  const tiny = tinyNetwork();
  delete tiny['opening_stock']; // the movements are told below
  const network = await DecidingNetwork.open({
    ...tiny,
    site: [
      ...tiny['site']!.map((row) => ({...row, region: ''})),
      {site_id: 'N', party_id: 'OWN', name: 'North', lat: 60, lon: 10, tz: 'Europe/Oslo', region: 'North'},
    ],
    depot: tiny['depot']!.map((row) => (row['depot_id'] === 'D-1' ? {...row, site_id: 'N'} : row)),
  });
  await needs(network);
  await orders(network);
  await stock(network);
  await answers(network);
  await watched(network);
  return network;
}

interface Need {
  readonly part: string;
  readonly depot: string;
  readonly qty: number;
  readonly needed: number;
  readonly state: 'open' | 'filled' | 'cancelled';
  readonly filledQty?: number;
  readonly filled?: number;
  readonly cancelled?: number;
  readonly customer?: string;
  readonly steps?: readonly (readonly [
    type: 'filled' | 'cancelled',
    qty: number,
    day: number,
    reason?: string,
  ])[];
}

const NEEDS: readonly Need[] = [
  // Half an hour late: at once.
  {part: 'P-1', depot: 'D-1', qty: 2, needed: 2, state: 'filled', filled: 2 + HALF_HOUR, customer: 'CUS', steps: [['filled', 2, 2 + HALF_HOUR]]}, // prettier-ignore
  {part: 'P-1', depot: 'D-1', qty: 3, needed: 3, state: 'filled', filled: 5, customer: 'CUS', steps: [['filled', 1, 3], ['filled', 2, 5]]}, // prettier-ignore
  {part: 'P-1', depot: 'D-C', qty: 1, needed: 9, state: 'open'},
  // One came after half a day, the customer called three off after a day.
  {part: 'P-2', depot: 'D-1', qty: 4, needed: 8, state: 'cancelled', filledQty: 1, cancelled: 9, steps: [['filled', 1, 8.5], ['cancelled', 3, 9, 'by the customer']]}, // prettier-ignore
  // Withdrawn: its need is another line's.
  {part: 'P-1', depot: 'D-1', qty: 1, needed: 4, state: 'cancelled'},
  // Asked for twice.
  {part: 'P-1', depot: 'D-1', qty: 1, needed: 4, state: 'cancelled', cancelled: 6, steps: [['cancelled', 1, 6, 'duplicate']]}, // prettier-ignore
  // From an import, without steps: needed before the window, filled in it.
  {part: 'P-1', depot: 'D-1', qty: 1, needed: -1, state: 'filled', filled: 2},
];

async function needs({database}: DecidingNetwork): Promise<void> {
  const pool = database.poolFor('forestock_network');
  for (const [i, need] of NEEDS.entries()) {
    const id = `00000000-0000-4000-8000-00000000000${i + 1}`;
    await pool.query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, customer_party_id, qty, filled_qty, requested_at, needed_at,
         filled_at, cancelled_at, state) VALUES ($1, 'test', $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11)`,
      [
        id,
        `need ${i + 1}`,
        need.part,
        need.depot,
        need.customer ?? null,
        need.qty,
        need.filledQty ?? (need.state === 'filled' ? need.qty : 0),
        iso(need.needed),
        need.filled === undefined ? null : iso(need.filled),
        need.cancelled === undefined ? null : iso(need.cancelled),
        need.state,
      ],
    );
    for (const [no, [type, qty, day, reason]] of (need.steps ?? []).entries())
      await pool.query(
        `INSERT INTO network.demand_event (demand_id, event_no, source, source_key, type, qty, pieces, reason, world_at)
         VALUES ($1, $2, 'test', $3, $4, $5, $6, $7, $8)`,
        [id, no + 1, `${i}/${no}`, type, qty, type === 'filled' ? qty : null, reason ?? null, iso(day)],
      );
  }
}

async function orders({database}: DecidingNetwork): Promise<void> {
  const pool = database.poolFor('forestock_network');
  // First promised, expected, received, state.
  const rows = [
    [4, 6, 4 + 20 / 24, 'received'], // less than a day after its promise
    [5, 5, 6, 'received'], // a whole day late
    [null, 8, null, 'shipped'], // two days late and not here
    [10.5, 10.5, null, 'shipped'], // half a day late on the 11th: nobody knows yet
    [7, 7, null, 'cancelled'],
  ] as const;
  for (const [i, [promised, expected, received, state]] of rows.entries())
    await pool.query(
      `INSERT INTO network.supply_order (order_id, kind, part_id, from_loc, to_loc, supplier_party_id, owner_party_id, qty, shipped_qty, received_qty, state,
         ordered_at, expected_at, first_promised_at, promised_at, received_at, cost_minor, currency)
       VALUES ($1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', 1, 1, $2, $3, $4, $5, $6, $6, $7, 0, 'EUR')`,
      [
        `00000000-0000-4000-9000-00000000000${i + 1}`,
        received === null ? 0 : 1,
        state,
        iso(-20),
        iso(expected),
        promised === null ? null : iso(promised),
        received === null ? null : iso(received),
      ],
    );
}

async function stock({database}: DecidingNetwork): Promise<void> {
  const pool = database.poolFor('forestock_network');
  const rows = [
    ['P-1', 'adjustment:opening', 'depot:D-1', 2, -10],
    ['P-1', 'depot:D-1', 'customer:CUS', 2, 2 + HALF_HOUR], // empty for 71.5 h
    ['P-1', 'adjustment:count', 'depot:D-1', 5, 5],
    ['P-1', 'depot:D-1', 'customer:CUS', 2, 5],
    ['P-1', 'adjustment:count', 'depot:D-C', 1, 6], // never held one before: not out until then
    ['P-1', 'depot:D-C', 'scrap:', 1, 8], // empty for the last 72 h
    ['P-2', 'adjustment:count', 'depot:D-1', 1, 1.5], // no shelf is planned for it
    ['P-2', 'depot:D-1', 'customer:CUS', 1, 8.5],
  ] as const;
  for (const [i, [part, from, to, qty, day]] of rows.entries())
    await pool.query(
      `SELECT network.post_movement($1, 'test', $2, $3, '', '', 'OWN', 'new', $4, $5, $6, $7)`,
      [`00000000-0000-4000-a000-00000000000${i + 1}`, `move ${i}`, part, from, to, qty, iso(day)],
    );
}

async function answers({pool}: DecidingNetwork): Promise<void> {
  await pool.query(`INSERT INTO replenish.decision_input (sha256, body) VALUES ('\\x00', '\\x00')`);
  const states = ['approved', 'approved', 'changed', 'rejected', 'expired', 'withdrawn', 'executed'];
  for (const [i, state] of states.entries())
    await pool.query(
      `INSERT INTO replenish.decision (decision_id, group_id, group_version, party_id, depot_id, part_id, decided_at, input_sha256, policy_version,
         model_versions, mode, action, qty, option, alternatives, reasons, expected_cost_minor, currency, state)
       VALUES ($1, 'G-1', $2, 'OWN', $3, 'P-1', $4, '\\x00', 'p', '{}', 'propose', 'order', 1, '{}', '[]', '[]', 0, 'EUR', $5)`,
      [`00000000-0000-4000-b000-00000000000${i + 1}`, 100 + i, i < 3 ? 'D-1' : 'D-C', iso(3), state],
    );
}

async function watched({database}: DecidingNetwork): Promise<void> {
  const rows = [
    [9, 'chiller', '', 0, 9, 0, null], // an older night
    [10, 'chiller', '', 3, 1, 4, 50],
    [10, 'chiller', 'D-1', 2, 1, 3, 40],
    [10, 'pump', '', 0, 4, 0, null],
  ] as const;
  for (const [night, kind, depot, trueAlarms, falseAlarms, foreseen, leadHours] of rows)
    await database.poolFor('forestock_predict').query(
      `INSERT INTO predict.model_watch (night, said, equipment_class_id, depot_id, figures, breaches)
       VALUES ($1, 'm1', $2, $3, jsonb_build_object('alarms', $4::jsonb), '{}')`,
      [iso(night), kind, depot, JSON.stringify({trueAlarms, falseAlarms, foreseen, leadHours})],
    );
}
