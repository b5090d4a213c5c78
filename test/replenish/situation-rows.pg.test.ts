import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

/** P-1 became P-1B or two of P-1C, and both became P-1D, which alone is kept at D-1. */
function twoWaysToOneSuccessor(): MasterData {
  const network = tinyNetwork();
  const [first] = network['part']!;
  const becomes = (from_part: string, to_part: string, ratio: number) => ({
    from_part,
    to_part,
    kind: 'supersession',
    approval: 'approved',
    ratio,
  });
  return {
    ...network,
    part: [...network['part']!, ...['P-1B', 'P-1C', 'P-1D'].map((part_id) => ({...first!, part_id}))],
    part_relation: [
      becomes('P-1', 'P-1B', 1),
      becomes('P-1', 'P-1C', 2),
      becomes('P-1B', 'P-1D', 1),
      becomes('P-1C', 'P-1D', 1),
    ],
    part_depot: [
      ...network['part_depot']!,
      {part_id: 'P-1D', depot_id: 'D-1', party_id: 'OWN', may_stock: false},
    ],
  };
}

describe('what a decision reads', () => {
  it('a need that reaches a successor on two ways is one need', async () => {
    const network = await DecidingNetwork.open(twoWaysToOneSuccessor());
    await network.breakDown();
    const situations = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
    const successor = situations.find(({part}) => part.partId === 'P-1D')!;
    expect(successor.depots.flatMap(({needs}) => needs)).toMatchObject([{quantity: 1, equipmentId: 'M-1'}]);
  });

  it('a shelf that was told of more pieces than can be counted stops no decision', async () => {
    const network = await DecidingNetwork.open();
    const goods = {part: {number: 'P-1'}, depotId: 'D-1', fromLoc: 'supplier:SUP', qty: 1_000_000_000};
    for (const condition of ['new', 'new', 'serviceable'])
      await network.book('receiveStock', {...goods, condition});
    await network.forecast('S-1', 500_000);
    await network.signal();
    expect((await network.decide()).at(-1)).toMatchObject({groupId: 'G-1', written: true});
  });
});
