import {beforeEach, describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import {createReviews} from '../../replenish/adapters/review-store.ts';
import {listDecisions, redecide} from '../../replenish/api.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from '../replenish/reference.ts';

/** The regional depot orders from the centre, at five euro an order. */
function data(): MasterData {
  const network = tinyNetwork();
  const [regional, ...rest] = network['sourcing'] ?? [];
  return {...network, sourcing: [{...regional!, order_cost_minor: 500}, ...rest]};
}

describe('decisions in the database', () => {
  let network: DecidingNetwork;
  beforeEach(async () => {
    network = await DecidingNetwork.open(data());
    await network.database
      .poolFor('forestock_network')
      .query(`UPDATE network.stock_balance SET qty = 0 WHERE loc = 'depot:D-1'`);
    await network.forecast('S-1', 400_000);
    await network.forecast('S-2', 300_000);
  });
  const orders = () => network.count('network.supply_order');

  it('D4 a burst of ten thousand identical signals gives one order', async () => {
    await network.signal('G-1', 10_000);
    await network.decide();
    expect(await network.count(`replenish.decision WHERE action <> 'nothing'`)).toBe(1);
    expect(await orders()).toBe(1);
    expect(await network.count('replenish.decision_signal')).toBe(10_001); // and the follow-up of the order
  });

  it('D4 a forecast that swings to and fro orders once and takes nothing back', async () => {
    for (let i = 0; i < 12; i += 1) {
      await network.forecast('S-1', i % 2 === 0 ? 400_000 : 300_000);
      await network.signal();
      await network.decide();
      network.pass(1);
    }
    expect(await network.orders()).toEqual([{from: 'depot:D-C', to: 'depot:D-1', qty: 2}]);
    expect(await network.count(`network.supply_order WHERE state = 'cancelled'`)).toBe(0);
  });

  it('D4 the same signal said ten thousand times is one, and a signal after each decision gives no second order', async () => {
    await network.pool.query(
      `SELECT replenish.raise_demand_signal('00000000-0000-4000-8000-000000000001', 'G-1', 'test', 'same', $1) FROM generate_series(1, 10000)`,
      [toIso(network.now)],
    );
    expect(await network.count(`replenish.demand_signal WHERE cause_ref = 'same'`)).toBe(1);
    for (let i = 0; i < 20; i += 1) {
      await network.signal('G-1', 5);
      await network.decide();
    }
    expect(await orders()).toBe(1);
  });

  it('invariant I4: every signal points to one decision, and a decision has one order at most', async () => {
    for (let i = 0; i < 5; i += 1) {
      await network.signal('G-1', 3);
      await network.decide();
      network.pass(30);
      await network.forecast('S-1', 100_000 * (i + 1));
    }
    expect(await network.count('replenish.demand_signal WHERE pending')).toBe(0);
    expect(
      await network.count(
        `(SELECT signal_id FROM replenish.decision_signal GROUP BY 1 HAVING count(*) > 1) AS twice`,
      ),
    ).toBe(0);
    expect(
      await network.count(
        `(SELECT decision_id FROM network.supply_order WHERE decision_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS twice`,
      ),
    ).toBe(0);
  });

  it('invariant I5a: every decision, decided again from its recorded input, is equal to the byte', async () => {
    for (let i = 0; i < 8; i += 1) {
      await network.forecast('S-2', 110_000 * i);
      await network.signal();
      await network.decide({alertOpenMinor: 1_000});
      network.pass(7);
    }
    const decisions = await listDecisions(network.pool, {limit: 100});
    expect(decisions.length).toBeGreaterThan(2);
    for (const {decisionId} of decisions) {
      expect(await redecide(network.pool, decisionId), decisionId).toMatchObject({same: true});
    }
  });

  it('invariant I8: D5 shadow records, propose waits, auto acts', async () => {
    await network.signal();
    await network.decide({mode: 'shadow'});
    network.pass(1);
    expect(await orders()).toBe(0);
    await network.signal();
    await network.decide({mode: 'propose'});
    network.pass(1);
    expect(await orders()).toBe(0);
    await network.signal();
    await network.decide({mode: 'auto'});
    const states = await listDecisions(network.pool, {limit: 10});
    expect(states.filter(({action}) => action !== 'nothing').map(({mode, state}) => [mode, state])).toEqual([
      ['auto', 'executed'],
      ['propose', 'withdrawn'],
      ['shadow', 'recorded'],
    ]);
    expect(await orders()).toBe(1);
  });

  it('invariant I8: D5 an order above the value limit, or beyond the day’s number, waits for a planner', async () => {
    await network.signal();
    const [dear] = await network.decide({autoOrderMaxMinor: 0});
    expect(dear!.state).toBe('proposed');
    expect(dear!.settled.decision.reasons).toContainEqual({
      code: 'needs-approval',
      mode: 'auto',
      limit: 'order-value',
      approverRole: 'planner',
    });
    const next = await DecidingNetwork.open();
    await next.database.poolFor('forestock_network').query('UPDATE network.stock_balance SET qty = 0');
    await next.forecast('S-1', 900_000);
    await next.forecast('S-2', 900_000);
    await next.signal();
    const [held] = await next.decide({autoOrdersPerDay: 0});
    expect(held!.settled.decision.reasons).toContainEqual({
      code: 'needs-approval',
      mode: 'auto',
      limit: 'orders-per-day',
      approverRole: 'planner',
    });
    expect(await next.count('network.supply_order')).toBe(0);
  });

  it('six alerts an hour are announced, the dearest first; the rest waits in the digest', async () => {
    // Eight alerts of other parts, from 1,000.00 to 8,000.00, that nobody was told of.
    await network.pool.query(
      `INSERT INTO replenish.alert (alert_id, kind, subject, opened_at, updated_at, state, money_minor, currency, body)
       SELECT gen_random_uuid(), 'backorder-impact', 'P-' || n || '@D-9', $1, $1, 'open', n * 100000, 'EUR', '{}' FROM generate_series(1, 8) AS n`,
      [toIso(network.now)],
    );
    const told = async () => {
      const found = await network.pool.query<{subject: string | null; type: string}>(
        `SELECT payload->>'subject' AS subject, payload->>'type' AS type FROM platform.outbox WHERE cause_kind IN ('alert', 'digest') ORDER BY outbox_id`,
      );
      return found.rows.map(({subject, type}) => subject ?? type);
    };
    await network.tell();
    const dearest = ['P-8@D-9', 'P-7@D-9', 'P-6@D-9', 'P-5@D-9', 'P-4@D-9', 'P-3@D-9'];
    expect(await told()).toEqual(dearest);
    network.pass(0.5);
    await network.tell();
    expect(await told()).toEqual(dearest);
    network.pass(0.5);
    await network.tell();
    expect(await told()).toEqual([...dearest, 'P-2@D-9', 'P-1@D-9']); // there is room again
  });

  it('an alert opens above one amount and clears below another; between them it stays what it was', async () => {
    const states = async () => {
      const found = await network.pool.query<{state: string}>(
        `SELECT state FROM replenish.alert WHERE subject = 'P-1@D-1' ORDER BY opened_at`,
      );
      return found.rows.map((row) => row.state);
    };
    const at = async (alertClearMinor: number, alertOpenMinor: number) => {
      network.pass(1);
      await network.signal();
      await network.decide({mode: 'shadow', alertClearMinor, alertOpenMinor});
      return states();
    };
    const money = 1e12; // far beyond what two machines can cost
    expect(await at(0, money)).toEqual([]);
    expect(await at(0, 1)).toEqual(['open']);
    expect(await at(0, money)).toEqual(['open']);
    expect(await at(money, money)).toEqual(['cleared']);
    expect(await at(0, money)).toEqual(['cleared']);
    expect(await at(0, 1)).toEqual(['cleared', 'open']);
  });

  it('a group whose parts lie nowhere is settled and audited', async () => {
    await network.signal('G-2');
    expect(await network.decide()).toEqual([]);
    expect(await network.count('replenish.demand_signal WHERE pending')).toBe(0);
    expect(await network.count(`platform.audit_entry WHERE action = 'signal.unplannable'`)).toBe(1);
  });
});

/** M-1 alone at 3.00 an hour, an empty shelf, ten days to the supplier: the swings of test/replenish/core/hysteresis.test.ts. */
function oneMachine(): MasterData {
  const network = tinyNetwork();
  const [, fromSupplier] = network['sourcing']!;
  delete network['opening_stock'];
  delete network['contract'];
  const [machine] = network['equipment']!;
  return {
    ...network,
    equipment: [{...machine!, contract_id: '', downtime_minor_per_h: 300}],
    installation: network['installation']!.slice(0, 1),
    service_area: network['service_area']!.slice(0, 1),
    sourcing: [{...fromSupplier!, depot_id: 'D-1', lead_time_mean_d: 10, lead_time_sd_d: 0}],
    part_depot: [{part_id: 'P-1', depot_id: 'D-1', party_id: 'OWN'}],
  };
}

/** A planner says no to a proposal. */
async function turnDown(network: DecidingNetwork, decisionId: string): Promise<void> {
  const reviews = createReviews(network.pool, {targets: [], now: () => network.now});
  const verdict = {
    verdict: 'reject',
    reasonCode: 'budget',
    actor: 'ada',
    role: 'planner',
    note: null,
    quantity: null,
  } as const;
  expect(await reviews.review({...verdict, decisionId, key: null})).toMatchObject({ok: true});
}

describe('a forecast that swings, where orders wait for a planner', () => {
  /** States of every order that was proposed, first one first, after the machine's forecast has taken these values. */
  const proposals = async (swings: readonly number[], policy: object = {}): Promise<string[]> => {
    const network = await DecidingNetwork.open(oneMachine());
    for (const weekPpm of swings) {
      await network.forecast('S-1', weekPpm);
      await network.signal();
      await network.decide({mode: 'propose', ...policy});
      network.pass(1);
    }
    const decisions = await listDecisions(network.pool, {limit: 100});
    for (const {decisionId} of decisions)
      expect(await redecide(network.pool, decisionId), decisionId).toMatchObject({same: true});
    return decisions
      .filter(({action}) => action === 'order')
      .map(({state}) => state)
      .reverse();
  };
  const to = (...swings: number[]): number[] => [...swings, ...swings, ...swings];
  const thawed = {frozenH: 0};

  it('D4 around the level that is wanted proposes nothing; without hysteresis every swing proposes or withdraws', async () => {
    expect(await proposals(to(4_000, 5_500))).toEqual([]);
    expect(await proposals(to(4_000, 5_500), {hysteresis: 0, ...thawed})).toEqual([
      'withdrawn',
      'withdrawn',
      'proposed',
    ]);
  });

  it('D4 around the level where a depot starts to ask leaves one proposal standing, until it is not needed', async () => {
    expect(await proposals(to(7_000, 5_500))).toEqual(['proposed']);
    expect(await proposals([7_000, 5_500, 4_000], thawed)).toEqual(['withdrawn']);
  });

  it('D4 swings of any size leave one proposal standing for a day, though nothing of it were needed meanwhile', async () => {
    expect(await proposals(to(7_000, 1_000), thawed)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    expect(await proposals(to(7_000, 1_000))).toEqual(['proposed']);
    expect(await proposals([7_000, ...Array<number>(25).fill(1_000)])).toEqual(['withdrawn']);
  });

  it('D5 an order that a planner turned down is not asked for again by a small swing, but when the need comes back', async () => {
    const network = await DecidingNetwork.open(oneMachine());
    const look = async (weekPpm: number): Promise<number> => {
      network.pass(1);
      await network.forecast('S-1', weekPpm);
      await network.signal();
      await network.decide({mode: 'propose'});
      return network.count(`replenish.decision WHERE action = 'order'`);
    };
    await look(7_000);
    const {decisionId} = (await listDecisions(network.pool, {limit: 1}))[0]!;
    await turnDown(network, decisionId);
    expect([await look(5_500), await look(7_000)]).toEqual([1, 1]);
    expect([await look(4_000), await look(7_000)]).toEqual([1, 2]);
  });
});

/** A machine at each of two depots that know nothing of each other; the same machine, shelf and supplier as above. */
function twoMachines(): MasterData {
  const network = oneMachine();
  const [machine] = network['equipment']!;
  const [source] = network['sourcing']!;
  return {
    ...network,
    depot: network['depot']!.map((depot) => ({...depot, echelon: 'regional', parent_depot_id: ''})),
    equipment: ['M-1', 'M-2'].map((equipment_id) => ({...machine!, equipment_id})),
    installation: tinyNetwork()['installation']!,
    service_area: [
      {equipment_id: 'M-1', depot_id: 'D-1', priority: 1, transit_h: 2},
      {equipment_id: 'M-2', depot_id: 'D-C', priority: 1, transit_h: 2},
    ],
    sourcing: ['D-1', 'D-C'].map((depot_id) => ({...source!, depot_id})),
    part_depot: ['D-1', 'D-C'].map((depot_id) => ({part_id: 'P-1', depot_id, party_id: 'OWN'})),
  };
}

describe('two depots of one part, where orders wait for a planner', () => {
  let network: DecidingNetwork;
  beforeEach(async () => {
    network = await DecidingNetwork.open(twoMachines());
    await network.forecast('S-1', 300_000);
    await network.forecast('S-2', 200_000);
  });
  const look = async (mode: 'shadow' | 'propose' | 'auto' = 'propose'): Promise<void> => {
    network.pass(1);
    await network.signal();
    await network.decide({mode});
  };
  /** What is asked for, as 'depot state', by depot. */
  const asked = async (): Promise<string[]> =>
    (await listDecisions(network.pool, {limit: 100}))
      .filter(({action}) => action !== 'nothing')
      .map(({depotId, state}) => `${depotId} ${state}`)
      .sort();
  const reject = async (depotId: string): Promise<void> => {
    const decisions = await listDecisions(network.pool, {limit: 100});
    const {decisionId} = decisions.find((one) => one.depotId === depotId && one.state === 'proposed')!;
    await turnDown(network, decisionId);
  };

  it('D5 each depot has its proposal, and none is made twice', async () => {
    await look();
    expect(await asked()).toEqual(['D-1 proposed', 'D-C proposed']);
    await look();
    expect(await asked()).toEqual(['D-1 proposed', 'D-C proposed']);
    for (const {decisionId} of await listDecisions(network.pool, {limit: 100}))
      expect(await redecide(network.pool, decisionId)).toMatchObject({same: true});
  });

  it('D5 a no for one depot silences no other', async () => {
    await network.forecast('S-2', 1000);
    await look();
    await reject('D-1');
    await look();
    expect(await asked()).toEqual(['D-1 rejected']);
    await network.forecast('S-2', 200_000);
    await look();
    await look();
    expect(await asked()).toEqual(['D-1 rejected', 'D-C proposed']);
  });

  it('D5 a proposal is withdrawn when its own depot needs it no more, whatever the others need', async () => {
    await look();
    await network.forecast('S-1', 1000);
    await look();
    expect(await asked()).toEqual(['D-1 proposed', 'D-C proposed']); // so soon after it was asked for
    network.pass(24);
    await look();
    expect(await asked()).toEqual(['D-1 withdrawn', 'D-C proposed']);
  });

  it('D5 a no is not asked about again for seven days, and then once', async () => {
    await network.forecast('S-2', 1000);
    await look();
    await reject('D-1');
    network.pass(6 * 24);
    await network.forecast('S-1', 300_000);
    await look();
    expect(await asked()).toEqual(['D-1 rejected']);
    network.pass(24);
    await network.forecast('S-1', 300_000);
    await look();
    await look();
    expect(await asked()).toEqual(['D-1 proposed', 'D-1 rejected']);
  });

  it('D5 shadow notes what each depot would order; auto then orders it, and withdraws nothing that was never asked', async () => {
    await look('shadow');
    await look('shadow');
    expect(await asked()).toEqual(['D-1 recorded', 'D-C recorded']);
    await look('auto');
    expect(await asked()).toEqual(['D-1 executed', 'D-1 recorded', 'D-C executed', 'D-C recorded']);
  });
});
