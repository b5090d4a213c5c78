import {describe, expect, it} from 'vitest';
import {checkFolder} from '../../../network/core/check-folder.ts';
import {toRawFolder} from '../../../network/core/master-data.ts';
import type {MasterData} from '../../../network/core/master-data.ts';
import {mistakeText} from '../../../network/core/mistake.ts';
import {tinyNetwork} from '../tiny-network.ts';

const messages = (more: MasterData): string[] =>
  checkFolder(toRawFolder({...tinyNetwork(), ...more})).mistakes.map(mistakeText);

describe('the door', () => {
  it('A3 a shelf needs a supplier behind its sources: depots that fill each other, and an emergency source, are none', () => {
    const [regional, central] = tinyNetwork()['sourcing']!;
    const circle = {...central!, source_kind: 'depot', source_id: 'D-1'};
    expect(messages({sourcing: [regional!, circle]})).toEqual([
      expect.stringContaining('depot D-1 stocks part P-1 but no supplier stands behind its sources'),
      expect.stringContaining('depot D-C stocks part P-1 but no supplier stands behind its sources'),
    ]);
    expect(messages({sourcing: [regional!, {...central!, kind: 'emergency'}]})).toEqual([
      expect.stringContaining('depot D-1 stocks part P-1 but no supplier stands behind its sources'),
      expect.stringContaining('depot D-C stocks part P-1 but has no source for it'),
    ]);
  });

  it('A3 figures that nobody can plan with are out of range, and a must that may not is named', () => {
    const [regional, central] = tinyNetwork()['sourcing']!;
    const never = {...central!, lead_time_mean_d: '9'.repeat(40)};
    expect(messages({sourcing: [regional!, never]})).toEqual([expect.stringContaining('lead_time_mean_d')]);
    const shelves = tinyNetwork()['part_depot']!;
    expect(messages({part_depot: [{...shelves[0]!, background_per_year: 3e8}, shelves[1]!]})).toEqual([
      expect.stringContaining('background_per_year'),
    ]);
    expect(messages({part_depot: [{...shelves[0]!, must_stock: true, max_stock: 0}, shelves[1]!]})).toEqual([
      expect.stringContaining('part P-1 must lie at depot D-1, which max_stock does not let it'),
    ]);
  });

  it('A3 orders that go nowhere and receipts that contradict themselves are named', () => {
    const order = {
      ...{
        order_id: '00000000-0000-4000-8000-000000000001',
        kind: 'purchase',
        part_id: 'P-1',
        owner_party_id: 'OWN',
      },
      ...{
        from_loc: 'supplier:SUP',
        to_loc: 'depot:D-C',
        qty: 2,
        state: 'released',
        cost_minor: 1,
        currency: 'EUR',
      },
      ...{ordered_at: '2026-03-01T00:00:00Z', expected_at: '2026-03-09T00:00:00Z'},
    };
    const withOrder = (change: object): string[] => messages({supply_order: [{...order, ...change}]});
    expect(withOrder({})).toEqual([]);
    expect(withOrder({to_loc: 'depot:NOPE'})).toEqual([expect.stringContaining('"depot:NOPE" is no depot')]);
    expect(withOrder({from_loc: 'SUP'})).toEqual([expect.stringContaining('is no depot and no supplier')]);
    expect(withOrder({kind: 'transfer', from_loc: 'depot:D-C'})).toEqual([
      expect.stringContaining('it goes from depot:D-C to itself'),
    ]);
    const came = {state: 'received', shipped_qty: 2, received_at: '2026-03-07T00:00:00Z'};
    expect(withOrder({...came, received_qty: 2})).toEqual([]);
    expect(withOrder({...came, received_qty: 0})).toEqual([expect.stringContaining('0 of its 2 pieces are')]);
    expect(withOrder({...came, received_qty: 2, received_at: '2026-02-07T00:00:00Z'})).toEqual([
      expect.stringContaining('before it was ordered at 2026-03-01'),
    ]);
  });

  it('a depot is no workshop: a repair there would take good pieces from its shelf', () => {
    const network = tinyNetwork();
    const repair = {part_id: 'P-1', depot_id: 'D-1', kind: 'repair', lead_time_mean_d: 3, lead_time_sd_d: 1};
    const asked = {...repair, source_kind: 'depot', source_id: 'D-C', price_minor: 20_000};
    const {mistakes} = checkFolder(toRawFolder({...network, sourcing: [...network['sourcing']!, asked]}));
    expect(mistakes.map(mistakeText)).toEqual([expect.stringContaining('depot D-C is no workshop')]);
    expect(checkFolder(toRawFolder(network)).mistakes).toEqual([]);
  });
});
