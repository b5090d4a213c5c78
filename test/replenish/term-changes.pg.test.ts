import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {signalTerms} from '../../replenish/adapters/term-change-rows.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

const on = (day: number): string => toIso(epochMs(START + day * DAY_MS));

/** K-S is with the supplier of P-1; K-1 is with the customer of the machines that P-1 sits in. P-2 lies at a depot and comes from elsewhere. */
function agreed() {
  const version = {contract_id: 'K-S', party_a: 'OWN', party_b: 'SUP', type: 'supply', tier: 'standard'};
  const term = {contract_id: 'K-S', version: 1};
  const params = (of: object): string => JSON.stringify(of);
  return withRows(tinyNetwork(), {
    contract: [
      {...version, version: 1, valid_to: on(40)},
      {...version, version: 2, valid_from: on(30), valid_to: on(35)},
    ],
    part_depot: [{part_id: 'P-2', depot_id: 'D-1', party_id: 'OWN', may_stock: false}],
    contract_term: [
      {...term, term_no: 1, type: 'moq', params: params({min: 5}), valid_from: on(10), valid_to: on(20)},
      {...term, version: 2, term_no: 1, type: 'moq', params: params({min: 9})},
      {
        ...{...term, term_no: 2, type: 'calendar'},
        params: params({shutdowns: [{from: on(12).slice(0, 10), until: on(14).slice(0, 10)}]}),
      },
      {
        ...{...term, term_no: 3, type: 'exclusivity', valid_from: on(25)},
        params: params({supplierPartyId: 'SUP'}),
      },
      {...term, term_no: 4, type: 'aging', valid_from: on(22), params: params({buckets: [{fromDays: 1, payerSharePct: 1}], payerPartyId: 'SUP'})}, // prettier-ignore
      {contract_id: 'K-1', version: 1, term_no: 1, type: 'sla', params: params({metric: 'restoreH', target: 8})}, // prettier-ignore
      {
        ...{contract_id: 'K-1', version: 1, term_no: 2, type: 'penalty', valid_from: on(28)},
        params: params({slaTermNo: 1, currency: 'EUR', perHourMinor: 1}),
      },
    ],
  });
}

describe('terms that begin and lapse', () => {
  let network: DecidingNetwork;
  beforeEach(async () => {
    network = await DecidingNetwork.open(agreed());
  });
  /** Signals by the day on which they happened. */
  const signals = async () => {
    const {rows} = await network.pool.query<{group: string; ref: string; at: number; pending: boolean}>(
      `SELECT group_id AS group, cause_ref AS ref, world_at AS at, pending FROM replenish.demand_signal
        WHERE cause_kind = 'contract-term' ORDER BY world_at, cause_ref, group_id`,
    );
    return rows.map(({group, ref, at}) => `${(at - START) / DAY_MS} ${ref.split(' ')[0]!} ${group}`);
  };

  it('D4 J1 has the groups of its parts looked at again when a term comes into force or lapses, and no others', async () => {
    await network.decide();
    expect(await signals()).toEqual([]);
    await signalTerms(network.pool, START, epochMs(START + 50 * DAY_MS));
    expect(await signals()).toEqual([
      '10 K-S G-1',
      '12 K-S G-1', // the supplier shuts down
      '14 K-S G-1',
      '20 K-S G-1',
      '25 K-S G-1', // exclusivity is about everybody's parts
      '25 K-S G-2',
      '28 K-1 G-1', // a penalty of the machines
      '30 K-S G-1', // version 2 takes over: the calendar and exclusivity are gone,
      '30 K-S G-2',
      '35 K-S G-1', // and come back when it ends,
      '35 K-S G-2',
      '40 K-S G-1', // until the contract does
      '40 K-S G-2',
    ]);
  });

  it('D4 says so once, by world time alone: another look, and another process, add nothing', async () => {
    await network.decide({mode: 'shadow'});
    network.pass(9 * 24);
    await network.decide({mode: 'shadow'});
    expect(await signals()).toEqual([]);
    network.pass(36);
    const decided = await network.decide({mode: 'shadow'});
    expect(decided.map(({settled}) => settled.situation.now)).toEqual([network.now]);
    const [situation] = decided.map(({settled}) => settled.situation);
    const centre = situation!.depots.find(({depotId}) => depotId === 'D-C')!;
    expect(centre.sources[0]).toMatchObject({minimum: 5});
    expect(await signals()).toEqual(['10 K-S G-1']);
    network.pass(1);
    expect(await network.decide({mode: 'shadow'})).toEqual([]); // each call has a store of its own
    await signalTerms(network.pool, START, network.now);
    expect(await signals()).toEqual(['10 K-S G-1']);
    expect(
      await network.count(`replenish.demand_signal WHERE cause_kind = 'contract-term' AND pending`),
    ).toBe(0);
  });
});
