import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {toIso} from '../../domain/time.ts';
import {setParameter} from '../../platform/parameters.ts';
import {redecide} from '../../replenish/api.ts';
import {createReviews} from '../../replenish/adapters/review-store.ts';
import type {Policy} from '../../replenish/core/decision/policy.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows, WORKSHOP} from './reference.ts';

/** M-1 stands for a P-1 that lies nowhere; two of P-1S do its work, and lie at its depot. */
function substituted(): MasterData {
  const network = tinyNetwork();
  const shelf = {depot_id: 'D-1', part_id: 'P-1S'};
  return {
    ...network,
    part: [...network['part']!, {...network['part']![0]!, part_id: 'P-1S', unit_cost_minor: 60_000}],
    part_relation: [{from_part: 'P-1', to_part: 'P-1S', kind: 'substitute', ratio: 2, approval: 'approved'}],
    part_depot: [...network['part_depot']!, {...shelf, party_id: 'OWN', may_stock: false}],
    opening_stock: [{...shelf, owner_party_id: 'OWN', qty: 2}],
  };
}

/** The same, with a broken P-1 there instead, and a workshop. */
function repaired(): MasterData {
  const broken = {depot_id: 'D-1', part_id: 'P-1', owner_party_id: 'OWN', condition: 'unserviceable', qty: 1};
  return {...withRows(tinyNetwork(), WORKSHOP), opening_stock: [broken]};
}

/** A planner approves what was decided last. */
async function approve(network: DecidingNetwork, action: string) {
  const reviews = createReviews(network.pool, {targets: ['erp'], now: () => network.now});
  const {rows} = await network.pool.query<{decision_id: string}>(
    `SELECT decision_id FROM replenish.decision WHERE action = '${action}' ORDER BY group_version DESC LIMIT 1`,
  );
  const review = {
    actor: 'ada',
    role: 'planner',
    reasonCode: null,
    note: null,
    quantity: null,
    key: null,
  } as const;
  return reviews.review({...review, verdict: 'approve', decisionId: rows[0]!.decision_id});
}

const effects = (network: DecidingNetwork): Promise<number[]> =>
  Promise.all([
    network.count(`network.allocation WHERE kind = 'hard'`),
    network.count(`network.supply_order WHERE kind = 'repair'`),
    network.count(`platform.outbox WHERE payload->>'action' IN ('substitute', 'repair')`),
  ]);

describe.each([
  {action: 'substitute', data: substituted, once: [1, 0, 1]},
  {action: 'repair', data: repaired, once: [0, 1, 1]},
])('$action, as the mode has it', ({action, data, once}) => {
  const of = (network: DecidingNetwork, state: string): Promise<number> =>
    network.count(`replenish.decision WHERE action = '${action}' AND state = '${state}'`);

  it('shadow only notes it, a limit asks first, approval carries it out once, and an answer too late does not', async () => {
    const network = await DecidingNetwork.open(data());
    await network.breakDown();
    const look = async (policy: Partial<Policy>): Promise<void> => {
      for (let twice = 0; twice < 2; twice += 1) {
        await network.signal();
        await network.decide(policy);
      }
    };
    await look({mode: 'shadow'});
    expect([await of(network, 'recorded'), await effects(network)]).toEqual([1, [0, 0, 0]]);

    await look({mode: 'auto', autoOrdersPerDay: 0});
    expect([await of(network, 'proposed'), await effects(network)]).toEqual([1, [0, 0, 0]]);
    const reviews = createReviews(network.pool, {targets: ['erp'], now: () => network.now});
    network.pass(8 * 24);
    expect(await approve(network, action)).toMatchObject({ok: false, reason: 'proposal-expired'});
    expect(await reviews.expireProposals()).toBeGreaterThan(0);
    expect([await of(network, 'expired'), await effects(network)]).toEqual([1, [0, 0, 0]]);

    await look({mode: 'propose'});
    expect(await of(network, 'proposed')).toBe(1);
    expect(await approve(network, action)).toMatchObject({ok: true});
    expect(await approve(network, action)).toMatchObject({ok: false, reason: 'proposal-closed'});
    await look({mode: 'propose'});
    expect([await of(network, 'approved'), await of(network, 'proposed')]).toEqual([1, 0]);
    expect(await effects(network)).toEqual(once);
    const {rows} = await network.pool.query<{id: string}>('SELECT decision_id AS id FROM replenish.decision');
    for (const {id} of rows) expect(await redecide(network.pool, id), id).toMatchObject({same: true});
  });
});

describe('a proposal whose reason is gone', () => {
  it('G1 a substitute is not set aside for a line that was called off', async () => {
    const network = await DecidingNetwork.open(substituted());
    await network.breakDown();
    await network.decide({mode: 'propose'});
    const {rows} = await network.pool.query<{id: string}>('SELECT demand_id AS id FROM network.demand_line');
    await network.book('cancelDemand', {demandId: rows[0]!.id, reason: 'not-needed'});
    expect(await approve(network, 'substitute')).toMatchObject({ok: false, reason: 'proposal-outdated'});
    expect(await effects(network)).toEqual([0, 0, 0]);
  });

  it('A6 pieces that a statement disputes are neither approved nor proposed where the lower figure wins', async () => {
    const network = await DecidingNetwork.open(substituted());
    const wins = {tolerancePieces: 0, tolerancePct: 0, wins: 'lower'};
    await setParameter(network.database.poolFor('forestock_platform'), {
      ...{key: 'network.stock-statements', value: {onHand: wins}, from: network.now, actor: 'ops-1'},
    });
    await network.breakDown();
    await network.decide({mode: 'propose'});
    const seen = {part: {number: 'P-1S'}, depotId: 'D-1', onHand: 1, countedAt: toIso(network.now)};
    await network.book('stateStock', {statements: [seen]});
    expect(await approve(network, 'substitute')).toMatchObject({ok: false, reason: 'proposal-outdated'});
    expect(await effects(network)).toEqual([0, 0, 0]);
    await network.decide({mode: 'propose'});
    const proposed = `replenish.decision WHERE state = 'proposed' AND action`;
    expect(await network.count(`${proposed} = 'substitute'`)).toBe(0);
    expect(await network.count(`${proposed} <> 'substitute'`)).toBe(1);
  });

  it('what is broken no more is not sent to a workshop', async () => {
    const network = await DecidingNetwork.open(repaired());
    await network.breakDown();
    await network.decide({mode: 'propose'});
    const shelf = {part: {number: 'P-1'}, depotId: 'D-1', condition: 'unserviceable'};
    await network.book('countStock', {...shelf, counted: 0});
    expect(await approve(network, 'repair')).toMatchObject({ok: false, reason: 'proposal-outdated'});
    expect(await effects(network)).toEqual([0, 0, 0]);
  });
});
