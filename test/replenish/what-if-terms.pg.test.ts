import {beforeAll, describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {readOverlay, replayWhatIf} from '../../replenish/api.ts';
import type {WhatIfReport} from '../../replenish/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

/** The small network with nothing on any shelf, and a supplier that delivers 5 or more in multiples of 3, 6 a month without a surcharge. */
function agreedWithSupplier(): MasterData {
  const network = {...tinyNetwork()} as Record<string, MasterData[string]>;
  delete network['opening_stock'];
  const term = {contract_id: 'K-S', version: 1};
  return withRows(network, {
    contract: [{...term, party_a: 'OWN', party_b: 'SUP', type: 'supply', tier: 'standard'}],
    contract_term: [
      {...term, term_no: 1, type: 'moq', params: JSON.stringify({min: 5, multiple: 3})},
      {
        ...{...term, term_no: 2, type: 'flex'},
        params: JSON.stringify({basePerPeriod: 6, pct: 0, surchargePct: 10}),
      },
    ],
  });
}

describe('a what-if of contract terms over a recorded history', () => {
  let network: DecidingNetwork;
  beforeAll(async () => {
    network = await DecidingNetwork.open(agreedWithSupplier());
    for (const machine of ['M-1', 'M-2']) {
      await network.breakDown(machine);
      await network.decide({lotCoverDaysMax: 0});
      network.pass(24);
    }
    // Since then the parties have agreed otherwise: what a decision was taken under counts.
    await network.database
      .poolFor('forestock_partners')
      .query(`UPDATE network.contract SET valid = tstzrange(lower(valid), $1) WHERE contract_id = 'K-S'`, [
        toIso(network.now),
      ]);
  });
  const replay = async (...terms: object[]): Promise<WhatIfReport> => {
    const overlay = readOverlay({terms});
    if (!overlay.ok) throw new Error(overlay.detail);
    const filter = {depotId: 'D-C'};
    const api = network.database.poolFor('forestock_api');
    return replayWhatIf(api, {overlay: overlay.value, filter}, () => undefined);
  };
  const ordersOf = ({changes}: WhatIfReport) =>
    changes.filter(({before}) => before.action === 'order').map(({after}) => after.quantity);

  it('M2 H8 without the least order of the contract one piece is ordered where six were', async () => {
    expect(await network.orders()).toContainEqual({from: 'supplier:SUP', to: 'depot:D-C', qty: 6});
    const none = await replay({type: 'moq', lapsed: true});
    expect(none.untouched).toEqual([]);
    expect(ordersOf(none)).toEqual([1]);
    const milder = await replay({type: 'moq', contractId: 'K-S', termNo: 1, params: {min: 2, multiple: 2}});
    expect(ordersOf(milder)).toEqual([2]);
  });

  it('M2 H8 another limit of flexibility has its surcharge paid', async () => {
    const same = {basePerPeriod: 6, pct: 0, surchargePct: 10};
    expect(await replay({type: 'flex', params: same})).toMatchObject({changed: 0, untouched: ['terms[0]']});
    const dear = await replay({type: 'flex', params: {...same, basePerPeriod: 2, surchargePct: 50}});
    const {before, after} = dear.totals[0]!;
    // The same six pieces; four of them are beyond, each half as dear again.
    expect(dear).toMatchObject({changed: 0, untouched: []});
    expect(after.landedMinor - before.landedMinor).toBe(4 * 45_000);
  });

  it('M2 J10 a supplier that another one’s exclusivity shuts out is asked no more', async () => {
    const shut = await replay({type: 'exclusivity', params: {supplierPartyId: 'SHOP'}, parties: ['OWN', 'SHOP']}); // prettier-ignore
    expect(shut.changes.length).toBeGreaterThan(0);
    expect(shut.changes.filter(({after}) => after.sourceId === 'SUP')).toEqual([]);
    const other = await replay({type: 'moq', contractId: 'K-1', params: {min: 9}});
    expect(other).toMatchObject({changed: 0, untouched: ['terms[0]']});
  });
});
