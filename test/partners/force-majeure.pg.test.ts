/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {contracted, params} from './contracted.ts';

/** Monday 10:30 in Warsaw until Thursday at 01:00. */
const FLOOD = {event: 'flood at the port', from: '2026-01-05T09:30:00Z', until: '2026-01-08T00:00:00Z'};

describe('force majeure that is declared', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    const data = contracted();
    const term = {
      contract_id: 'K-1',
      version: 1,
      term_no: 7,
      type: 'forceMajeure',
      clause_ref: '',
      scope: '',
    };
    const declared = params({events: ['flood'], noticeHours: 24, declared: [FLOOD]});
    const terms = [...data['contract_term']!, {...term, params: declared}];
    world = await openConsoleWorld({mode: 'shadow', data: {...data, contract_term: terms}});
  });
  afterAll(() => world.stop());

  it('M1 I1 I2 stops the clock for the service level, the decision and the sharing out', async () => {
    await world.clock.advanceTo(epochMs(Date.parse('2026-01-05T12:00:00Z')));
    const reportedAt = '2026-01-05T09:00:00.000Z';
    await world.post('/api/v1/repairs', {equipmentId: 'M-1', positionId: 'compressor', reportedAt, finding: 'failed', partMissing: true}); // prettier-ignore
    const pool = world.db.poolFor('forestock_replenish');
    const [situation] = await loadSituations(pool, 'G-1', world.clock.now(), DEFAULT_POLICY);
    // Half an hour ran. Of the coming week's 45 hours 23 are left: Thursday, Friday and Monday until 13:00.
    expect(situation!.contracts![0]!.charges[0]!.clockShare).toBeCloseTo(23 / 168, 12);
    expect(situation!.depots.find(({depotId}) => depotId === 'D-1')!.needs).toMatchObject([
      {clockedH: [0.5]},
    ]);
    const [clause] = (await world.get('/api/v1/sla?contractId=K-1')).body.clauses;
    // Seven and a half hours from Thursday 08:00 in Warsaw.
    expect(clause).toMatchObject({running: 1, atRisk: [{dueAt: '2026-01-08T14:30:00.000Z'}]});
    const books = openNetworkPorts(world.db.poolFor('forestock_network'), {
      worldClock: world.clock,
      partitions: 4,
      autoIssue: false,
    });
    const [line] = await books.transaction((network) => network.waitingLines(['D-1'], ['P-1']));
    const [charge] = line!.charges!;
    expect(charge!.clock.hoursBetween(line!.neededAt, world.clock.now())).toBe(0.5);
  });
});
