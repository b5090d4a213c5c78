import {beforeAll, describe, expect, it} from 'vitest';
import type {Pool} from '../../platform/pg.ts';
import {readOverlay, replayWhatIf} from '../../replenish/api.ts';
import type {WhatIfReport} from '../../replenish/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

describe('a what-if over a recorded history', () => {
  let network: DecidingNetwork;
  let api: Pool;
  beforeAll(async () => {
    const lean = {depot_id: 'D-1', part_id: 'P-1', owner_party_id: 'OWN', qty: 1};
    network = await DecidingNetwork.open({...tinyNetwork(), opening_stock: [lean]});
    for (const weekPpm of [1_000, 600_000, 900_000, 20_000]) {
      await network.forecast('S-1', weekPpm);
      await network.forecast('S-2', weekPpm);
      await network.signal();
      await network.decide({mode: 'shadow'});
      network.pass(6);
    }
    api = network.database.poolFor('forestock_api');
  });
  const replay = async (json: object, filter = {}): Promise<WhatIfReport> => {
    const overlay = readOverlay(json);
    if (!overlay.ok) throw new Error(overlay.detail);
    return replayWhatIf(api, {overlay: overlay.value, filter}, () => undefined);
  };

  it('M2 an empty overlay changes no decision, and today’s core decides every recorded one again', async () => {
    const decisions = await network.count('replenish.decision');
    expect(decisions).toBeGreaterThan(1);
    expect(await replay({})).toMatchObject({decisions, reproduced: decisions, same: decisions, changed: 0});
  });

  it('M2 more stock on the shelves orders fewer pieces, less stock more, and no row is written', async () => {
    const rows = async (): Promise<number[]> => [
      await network.count('replenish.decision'),
      await network.count('replenish.decision_input'),
      await network.count('network.supply_order'),
      await network.count('platform.audit_entry'),
    ];
    const before = await rows();
    const more = await replay({stock: [{depotId: 'D-1', addOnHand: 20}]});
    const fewer = await replay({stock: [{onHand: 0}]});
    expect(more.totals[0]!.after.pieces).toBeLessThan(more.totals[0]!.before.pieces);
    expect(fewer.totals[0]!.after.pieces).toBeGreaterThan(fewer.totals[0]!.before.pieces);
    expect(fewer.changes[0]!.after).toMatchObject({action: expect.not.stringMatching('nothing') as string});
    expect(await rows()).toEqual(before);
  });

  it('B4 the age law of the class decides from the age that the component had', async () => {
    const age = await replay({model: [{method: 'age', classId: 'compressor'}]});
    expect(age.untouched).toEqual([]);
    expect(age.changed).toBeGreaterThan(0);
    const nobody = await replay({model: [{method: 'version', modelVersion: 'never-trained'}]});
    expect(nobody).toMatchObject({changed: 0, untouched: ['model[0]']});
  });

  it('a filter that fits no decision reads none; one that fits reads those only', async () => {
    expect(await replay({}, {partId: 'P-2'})).toMatchObject({decisions: 0});
    const until = await replay({}, {until: network.now, from: network.now});
    expect(until.decisions).toBe(0);
  });
});
