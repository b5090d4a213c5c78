/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import {hungryNetwork, openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer of-the-installation-4711'};
const ROLES = ['planner', 'ops', 'auditor', 'admin'] as const;

/** Each piece costs 10.00 EUR from wherever it comes. */
function priced(): ReturnType<typeof hungryNetwork> {
  const network = hungryNetwork();
  return {...network, sourcing: network['sourcing']!.map((row) => ({...row, price_minor: 1_000}))};
}

describe('bands of approval', () => {
  let world: ConsoleWorld;
  const tokens: Record<string, string> = {};
  let proposal: {decisionId: string; quantity: number; landedMinor: number; approverRole: string};

  const as = (role: string) => ({authorization: `Bearer ${tokens[role]!}`});
  const say = (role: string, verb: string, body: object = {}): Promise<Answer> =>
    world.post(`/api/v1/proposals/${proposal.decisionId}/${verb}`, body, as(role));

  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose', data: priced(), apiToken: 'of-the-installation-4711'});
    for (const role of ROLES)
      tokens[role] = (await world.send('PUT', `/api/v1/tokens/of-${role}`, {role}, OWNER)).body.token;
    await world.decide();
    ({
      proposals: [proposal],
    } = (await world.get('/api/v1/proposals?depotId=D-1', OWNER)).body);
  });
  afterAll(() => world.stop());

  async function state(approvalBands: readonly object[]): Promise<void> {
    await world.clock.advanceTo(plusMs(world.clock.now(), HOUR_MS));
    const change = {approvalBands};
    const stated = await world.send('PUT', '/api/v1/parameters/replenish.policy', {change}, OWNER);
    expect(stated.status).toBe(200);
  }

  /** Counts the shelf, and looks at what is proposed then. */
  async function count(counted: number): Promise<void> {
    const said = {part: {number: 'P-1'}, depotId: 'D-1', counted};
    expect((await world.post('/api/v1/stock/counts', said, OWNER)).status).toBe(200);
    await world.decide();
    [proposal] = (await world.get('/api/v1/proposals?depotId=D-1', OWNER)).body.proposals;
  }

  it('D5 without bands a planner answers, ops do not, and the proposal says so', async () => {
    expect(proposal.approverRole).toBe('planner');
    expect(await say('ops', 'approve')).toMatchObject({status: 403, body: {error: 'approval-limit'}});
    expect(await say('auditor', 'approve')).toMatchObject({status: 403, body: {error: 'not-permitted'}});
  });

  it('D5 a band by risk is of the parts of its segment alone', async () => {
    await state([{aboveMinor: 0, approverRole: 'admin', segments: ['A', 'C']}]);
    await count(1);
    expect(proposal.approverRole).toBe('planner'); // P-1 has no class stated, so it is B
    await state([{aboveMinor: 0, approverRole: 'admin', segments: ['B']}]);
    await count(0);
    expect(proposal.approverRole).toBe('admin');
    expect(await say('planner', 'approve')).toMatchObject({status: 403, body: {error: 'approval-limit'}});
  });

  it('D5 beyond its band a planner is told whom to ask, and nothing is ordered; the named role approves', async () => {
    await state([{aboveMinor: 1, approverRole: 'ops'}]);
    await count(1);
    expect(proposal.approverRole).toBe('ops');
    const {items} = (await world.get('/api/v1/work', OWNER)).body;
    expect(items.find((item: {id: string}) => item.id === proposal.decisionId)).toMatchObject({
      approverRole: 'ops',
    });
    for (const [verb, body] of [
      ['approve', {}],
      ['change', {quantity: proposal.quantity - 1, reasonCode: 'budget'}],
      ['reject', {reasonCode: 'budget'}],
    ] as const) {
      const refused = await say('planner', verb, body);
      expect([verb, refused.status, refused.body.error]).toEqual([verb, 403, 'approval-limit']);
      expect(refused.body.message).toMatch(/beyond what the role planner answers for; ask ops, or an admin$/);
    }
    expect((await world.get(`/api/v1/decisions/${proposal.decisionId}`, OWNER)).body).toMatchObject({
      state: 'proposed',
      reviews: [],
    });
    expect(await say('ops', 'approve')).toMatchObject({status: 200, body: {state: 'approved'}});
  });

  it('D5 a planner does not order more than its band by changing the quantity of a cheap proposal', async () => {
    await state([]);
    await count(0);
    const aboveMinor = proposal.landedMinor;
    await state([{aboveMinor, approverRole: 'admin'}]);
    await count(1);
    await count(0);
    expect(proposal).toMatchObject({landedMinor: aboveMinor, approverRole: 'planner'});
    const more = {quantity: proposal.quantity + 1, reasonCode: 'quantity-too-low'};
    expect(await say('planner', 'change', more)).toMatchObject({
      status: 403,
      body: {error: 'approval-limit'},
    });
    expect(await say('planner', 'approve')).toMatchObject({status: 200, body: {state: 'approved'}});
  });

  it('B5 bands that name no role are refused with the field', async () => {
    const refused = await world.send(
      'PUT',
      '/api/v1/parameters/replenish.policy',
      {change: {approvalBands: [{aboveMinor: -1, approverRole: 'boss'}]}},
      OWNER,
    );
    expect(refused.status).toBe(422);
    expect(refused.body.message).toContain('approvalBands.0.approverRole');
  });
});
