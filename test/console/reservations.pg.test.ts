/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe('reservations', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(() => world.stop());

  it('F4 a planner sees what is reserved where, for which machine, until when and down to which probability', async () => {
    const replenish = world.db.poolFor('forestock_replenish');
    const reserve = (component: string, depot: string, until: string): Promise<unknown> =>
      replenish.query(
        `SELECT network.reserve_pieces(gen_random_uuid(), gen_random_uuid(), $1, 'P-1', $2, 1, '2026-01-05T00:00:00Z', $3, 168, 31656)`,
        [component, depot, until],
      );
    await reserve('S-1', 'D-1', '2026-01-12T00:00:00Z');
    await reserve('S-2', 'D-C', '2026-01-10T00:00:00Z');
    const {status, body} = await world.get('/api/v1/reservations');
    expect(status).toBe(200);
    expect(body.reservations).toMatchObject([
      {componentId: 'S-2', depotId: 'D-C'},
      {
        componentId: 'S-1',
        depotId: 'D-1',
        partId: 'P-1',
        equipmentId: 'M-1',
        positionId: 'compressor',
        quantity: 1,
        madeAt: '2026-01-05T00:00:00.000Z',
        expiresAt: '2026-01-12T00:00:00.000Z',
        withinH: 168,
        keepPpm: 31656,
      },
    ]);
    const here = await world.get('/api/v1/reservations?depotId=D-1');
    expect(here.body.reservations).toHaveLength(1);
  });
});
