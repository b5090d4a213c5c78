import {beforeEach, describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {listTargets} from '../../replenish/adapters/plan-store.ts';
import {redecide} from '../../replenish/api.ts';
import {openPlanning} from '../../replenish/main.ts';
import type {Planning, TargetRun} from '../../replenish/planning.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

/** D-1 has ten pieces and hardly any use for them, D-2 none and steady use; a lane leads from each to the other. */
function unbalanced(change: {readonly owner?: string; readonly flags?: string} = {}): MasterData {
  const network = tinyNetwork();
  const lane = (from_depot_id: string, to_depot_id: string) => ({
    from_depot_id,
    to_depot_id,
    mode: 'road',
    transit_mean_h: 8,
    transit_sd_h: 1,
    cost_minor: 2_000,
    cost_per_piece_minor: 300,
    forbidden_flags: change.flags ?? '',
  });
  return {
    ...network,
    part: network['part']!.map((row) => ({...row, flags: 'lithium'})),
    depot: [
      ...network['depot']!,
      {depot_id: 'D-2', site_id: 'SITE-1', party_id: 'OWN', echelon: 'regional', parent_depot_id: 'D-C'},
    ],
    sourcing: [
      ...network['sourcing']!,
      ...network['sourcing']!.filter((row) => row['depot_id'] === 'D-1').map((row) => ({
        ...row,
        depot_id: 'D-2',
      })),
    ],
    part_depot: [
      ...network['part_depot']!.map((row) => ({
        ...row,
        background_per_year: row['depot_id'] === 'D-1' ? 0.5 : 0,
      })),
      {part_id: 'P-1', depot_id: 'D-2', party_id: 'OWN', background_per_year: 60},
    ],
    opening_stock: [{depot_id: 'D-1', part_id: 'P-1', owner_party_id: change.owner ?? 'OWN', qty: 10}],
    lane: [lane('D-1', 'D-2'), lane('D-2', 'D-1')],
  };
}

const REQUEST = {apply: true, actor: 'test', horizonDays: 365};

describe('a plan over the whole network', () => {
  let network: DecidingNetwork;
  let planning: Planning;
  beforeEach(async () => {
    network = await DecidingNetwork.open(unbalanced());
    planning = openPlanning(network.pool, () => network.now);
  });
  const targets = async (budgetMinor: number, apply = true): Promise<TargetRun> => {
    const run = await planning.targets({kind: 'budget', budgetMinor}, {...REQUEST, apply});
    if (!run.ok) throw new Error(run.detail);
    return run.value;
  };

  it('D2 D6 shows targets, gap and excess; kept, they are what the next run compares with', async () => {
    const shown = await targets(1_000_000, false);
    expect(shown.runId).toBeNull();
    expect(shown.spendMinor).toBeLessThanOrEqual(1_000_000);
    expect(shown.gap).toBeGreaterThanOrEqual(0);
    expect(await listTargets(network.pool, {limit: 10}, network.now)).toEqual([]);

    const kept = await targets(1_000_000);
    const {runId} = kept;
    expect(kept).toEqual({...shown, runId});
    const held = new Map(kept.targets.map(({depotId, baseStock}) => [depotId, baseStock]));
    expect(await listTargets(network.pool, {limit: 10}, network.now)).toMatchObject(
      ['D-1', 'D-2', 'D-C'].map((depotId) => ({partId: 'P-1', depotId, baseStock: held.get(depotId), runId})),
    );
    const rows = await network.pool.query<{gap: number}>(
      `SELECT (outcome->>'gap')::float8 AS gap FROM replenish.plan_run WHERE run_id = $1`,
      [runId],
    );
    expect(rows.rows).toEqual([{gap: kept.gap}]);
    // Ten lie at D-1, which uses half a piece a year; the centre behind it is short.
    const tooMany = 10 - Math.max(1, held.get('D-1')!);
    expect(kept.excess[0]).toMatchObject({depotId: 'D-1', proposal: 'return', toDepotId: 'D-C'});
    expect(kept.excess.reduce((sum, {valueMinor}) => sum + valueMinor, 0)).toBe(100_000 * tooMany);

    network.pass(1);
    const again = await targets(1_000_000, false);
    expect(
      again.targets.every(({before, baseStock, valueMinor}) => before === baseStock && valueMinor === 0),
    ).toBe(true);
  });

  it('D2 a target is a floor of the decision, which is re-decided to the byte', async () => {
    await network.signal();
    await network.decide({mode: 'shadow'});
    const {targets: planned} = await targets(5_000_000);
    const floor = planned.reduce((sum, {baseStock}) => sum + baseStock, 0);
    const settled = await network.decide({mode: 'shadow'});
    const [last] = settled.slice(-1);
    if (last === undefined || !('settled' in last)) throw new Error('the run asks for a new look');
    const centre = last.settled.situation.depots.find(({depotId}) => depotId === 'D-C')!;
    expect(centre.stockFloor).toBe(planned.find(({depotId}) => depotId === 'D-C')!.baseStock);
    const reason = last.settled.decision.reasons.find(({code}) => code === 'position-below-target');
    expect(reason).toMatchObject({target: expect.any(Number) as number});
    expect(floor).toBeGreaterThan(10);
    expect(await redecide(network.pool, last.decisionId)).toMatchObject({same: true});
  });

  it('D2 a goal out of reach, and a currency that no part is priced in, are refused with the next step', async () => {
    await network.database
      .poolFor('forestock_network')
      .query(`UPDATE network.part_depot SET must_stock = true`);
    expect(await planning.targets({kind: 'budget', budgetMinor: 100}, REQUEST)).toMatchObject({
      ok: false,
      reason: 'goal-out-of-reach',
    });
    expect(
      await planning.targets({kind: 'availability', availability: 0.9}, {...REQUEST, currency: 'USD'}),
    ).toMatchObject({ok: false, reason: 'nothing-to-plan'});
  });

  it('D2 availability is told of the machines that carry a planned part, and of none where none can be planned', async () => {
    const {availability, machines, machinesTold, fleets, expectedBackorders} = await targets(0, false);
    expect({machines, machinesTold}).toEqual({machines: 2, machinesTold: 2});
    expect(expectedBackorders).toBeGreaterThan(0);
    expect(fleets).toEqual([{modelId: 'CH-100', machines: 2, availability}]);
    // What waits at D-2 keeps no more than the two machines waiting that have the part.
    expect(availability).toBeCloseTo(Math.max(0, 1 - expectedBackorders / 2), 9);
    await network.database.poolFor('forestock_network').query('DELETE FROM network.sourcing');
    expect(await targets(0, false)).toMatchObject({availability: null, machinesTold: 0, targets: []});
    expect(await planning.targets({kind: 'availability', availability: 0.9}, REQUEST)).toMatchObject({
      ok: false,
      reason: 'nothing-to-plan',
    });
  });

  it('F5 pieces too many at one depot go to the one that runs short, by a decision that says so, once, re-decided to the byte', async () => {
    const run = await planning.rebalance({apply: true, actor: 'test', marginMinor: 5_000});
    const {runId, moves} = run.ok ? run.value : {runId: null, moves: []};
    expect(moves).toMatchObject([{partId: 'P-1', fromDepotId: 'D-1', toDepotId: 'D-2', mode: 'road'}]);
    expect(moves[0]!.quantity).toBeGreaterThan(1);
    expect(moves[0]!.freightMinor).toBe(2_000 + 300 * moves[0]!.quantity);
    expect(await network.count('replenish.rebalance_move')).toBe(1);
    const settled = await network.decide({mode: 'auto'});
    const because = (one: (typeof settled)[number]): boolean =>
      one.settled.decision.reasons.some((reason) => reason.code === 'rebalanced' && reason.runId === runId);
    const made = settled.filter(because);
    expect(made.map(({settled: {decision}}) => decision.option)).toMatchObject([
      {action: 'transfer', sourceId: 'D-1', quantity: moves[0]!.quantity},
    ]);
    expect(made[0]!.settled.decision.depotId).toBe('D-2');
    expect(await redecide(network.pool, made[0]!.decisionId)).toMatchObject({same: true});
    const sent = (await network.orders()).filter(({from, to}) => from === 'depot:D-1' && to === 'depot:D-2');
    expect(sent).toMatchObject([{qty: moves[0]!.quantity}]);

    network.pass(8 * 24);
    await network.signal();
    expect((await network.decide({mode: 'auto'})).filter(because)).toEqual([]);
  });
});

describe('parts priced in two currencies', () => {
  it('F5 D2 a run of one leaves the run of the other standing, also at the same instant', async () => {
    const network = await DecidingNetwork.open(unbalanced());
    const planning = openPlanning(network.pool, () => network.now);
    const db = network.database.poolFor('forestock_network');
    await db.query(`UPDATE network.part SET currency = 'USD' WHERE part_id = 'P-2'`);
    await db.query(
      `INSERT INTO network.part_depot (part_id, depot_id, party_id) VALUES ('P-2', 'D-1', 'OWN') ON CONFLICT DO NOTHING`,
    );
    const request = {apply: true, actor: 'test', marginMinor: 5_000};
    const [ours, theirs] = [
      await planning.rebalance({...request, currency: 'EUR'}),
      await planning.rebalance({...request, currency: 'USD'}),
    ];
    if (!ours.ok || !theirs.ok) throw new Error('both can be planned');
    expect(theirs.value).toMatchObject({moves: []});
    expect(theirs.value.runId).not.toBe(ours.value.runId);
    const settled = await network.decide({mode: 'auto'});
    const reasons = settled.flatMap((one) => one.settled.decision.reasons);
    expect(reasons).toContainEqual(expect.objectContaining({code: 'rebalanced', runId: ours.value.runId}));
  });
});

describe('rules of a move', () => {
  it.each([
    ['a lane that the part may not take', {flags: 'lithium'}],
    ['pieces of another owner', {owner: 'SUP'}],
  ])('F5 %s moves nothing', async (_, change) => {
    const barred = await DecidingNetwork.open(unbalanced(change));
    const run = await openPlanning(barred.pool, () => barred.now).rebalance({
      apply: false,
      actor: 'test',
      marginMinor: 0,
    });
    expect(run).toMatchObject({ok: true, value: {moves: []}});
  });
});
