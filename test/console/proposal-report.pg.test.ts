/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import {START} from '../network/tiny-network.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const REPORT = '/api/v1/proposals/report';

interface Past {
  readonly action: string;
  readonly state: string;
  readonly times: number;
  readonly depotId?: string;
  readonly daysAgo?: number;
  readonly reason?: string;
}

describe('the report on proposals over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose'});
    for (const past of PAST) await tell(past);
  });
  afterAll(() => world.stop());

  /** Ten days of proposals, and one from before; nothing else was ever proposed here. */
  const PAST: readonly Past[] = [
    {action: 'order', state: 'approved', times: 4},
    {action: 'order', state: 'changed', times: 2, reason: 'quantity-too-high'},
    {action: 'order', state: 'rejected', times: 1, reason: 'ordered-elsewhere', depotId: 'D-C'},
    {action: 'order', state: 'expired', times: 2},
    {action: 'transfer', state: 'rejected', times: 1, reason: 'quantity-too-high'},
    {action: 'transfer', state: 'withdrawn', times: 3},
    {action: 'transfer', state: 'proposed', times: 1, depotId: 'D-9', daysAgo: 8}, // its week was over, and nobody told it yet
    {action: 'order', state: 'proposed', times: 1, depotId: 'D-9', daysAgo: 6},
    {action: 'order', state: 'rejected', times: 1, reason: 'budget', daysAgo: 60},
    {action: 'order', state: 'executed', times: 5}, // within the limits: never put to anybody
    {action: 'nothing', state: 'recorded', times: 7},
  ];
  let told = 0;

  async function tell({action, state, times, reason, depotId = 'D-1', daysAgo = 3}: Past): Promise<void> {
    for (let nth = 0; nth < times; nth += 1) {
      const decidedAt = plusMs(START, -daysAgo * DAY_MS + (told += 1) * 1000);
      await world.db.poolFor('forestock_replenish').query(
        `WITH input AS (INSERT INTO replenish.decision_input (sha256, body) VALUES ('\\x00', '') ON CONFLICT DO NOTHING),
              made AS (
           INSERT INTO replenish.decision (decision_id, group_id, group_version, party_id, depot_id, part_id, decided_at, input_sha256,
             policy_version, model_versions, mode, action, qty, option, alternatives, reasons, expected_cost_minor, currency, state, expires_at)
           VALUES (gen_random_uuid(), 'G-past', $1, 'OWN', $2, 'P-1', $3, '\\x00', 'v', '{}', 'propose', $4, 1, '{}', '[]', '[]', 0, 'EUR', $5, $6)
           RETURNING decision_id)
         INSERT INTO replenish.decision_review (decision_id, review_no, actor, verdict, reason_code, world_at)
         SELECT decision_id, 1, 'ada', CASE $5 WHEN 'approved' THEN 'approve' WHEN 'changed' THEN 'change' ELSE 'reject' END, $7, $3
           FROM made WHERE $5 IN ('approved', 'changed', 'rejected')`,
        [
          told,
          depotId,
          toIso(decidedAt),
          action,
          state,
          toIso(plusMs(decidedAt, 7 * DAY_MS)),
          reason ?? null,
        ],
      );
    }
  }

  it('D5 the override rate of thirty days, hand-counted by action and by reason code', async () => {
    const {status, body} = await world.get(REPORT);
    expect(status).toBe(200);
    const all = {proposed: 15, approved: 4, changed: 2, rejected: 2, expired: 3, withdrawn: 3, waiting: 1};
    expect(body).toMatchObject({...all, from: '2025-12-06T00:00:00.000Z', to: '2026-01-05T00:00:00.000Z'});
    expect(body.overrideRate).toBe(4 / 8);
    expect(body.byAction).toEqual([
      // prettier-ignore
      {action: 'order', proposed: 10, approved: 4, changed: 2, rejected: 1, expired: 2, withdrawn: 0, waiting: 1, overrideRate: 3 / 7},
      // prettier-ignore
      {action: 'transfer', proposed: 5, approved: 0, changed: 0, rejected: 1, expired: 1, withdrawn: 3, waiting: 0, overrideRate: 1},
    ]);
    expect(body.byReason).toEqual([
      {reasonCode: 'quantity-too-high', changed: 2, rejected: 1},
      {reasonCode: 'ordered-elsewhere', changed: 0, rejected: 1},
    ]);
  });

  it('D5 a period and a depot of one’s own; an empty period is refused', async () => {
    const depot = await world.get(`${REPORT}?depotId=D-C`);
    expect(depot.body).toMatchObject({proposed: 1, rejected: 1, overrideRate: 1});
    const long = await world.get(`${REPORT}?from=2025-10-01T00:00:00Z&to=2025-12-01T00:00:00Z`);
    expect(long.body).toMatchObject({proposed: 1, byReason: [{reasonCode: 'budget', rejected: 1}]});
    const none = await world.get(`${REPORT}?partId=P-2`);
    expect(none.body).toMatchObject({proposed: 0, overrideRate: null, byAction: [], byReason: []});
    const back = await world.get(`${REPORT}?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`);
    expect(back).toMatchObject({status: 422, body: {error: 'empty-period'}});
  });

  it('D5 what a planner does through the API is in the report of the next moment', async () => {
    await world.decide();
    const {proposals} = (await world.get('/api/v1/proposals?depotId=D-1')).body;
    const fresh = proposals[0];
    const today = `${REPORT}?depotId=D-1&from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z`;
    expect((await world.get(today)).body).toMatchObject({proposed: 1, waiting: 1, overrideRate: null});
    const path = `/api/v1/proposals/${fresh.decisionId}`;
    const same = await world.post(`${path}/change`, {quantity: fresh.quantity, reasonCode: 'other'});
    expect(same).toMatchObject({status: 422, body: {error: 'quantity-unchanged'}});
    await world.clock.advanceTo(plusMs(START, HOUR_MS));
    expect((await world.post(`${path}/reject`, {reasonCode: 'forecast-doubted'})).status).toBe(200);
    expect((await world.get(today)).body).toMatchObject({
      proposed: 1,
      rejected: 1,
      overrideRate: 1,
      byReason: [{reasonCode: 'forecast-doubted', rejected: 1}],
    });
    const {body: openapi} = await world.get('/api/v1/openapi.json');
    expect(openapi.paths[REPORT].get.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/ProposalReport',
    });
    expect(openapi.components.schemas).toHaveProperty('ProposalReport');
  });
});
