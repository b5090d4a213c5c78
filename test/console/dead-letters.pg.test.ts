/* eslint-disable @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {NEW_MACHINE, openServiceWorld, reading} from './service-world.ts';
import type {ServiceWorld} from './service-world.ts';

interface Letter {
  readonly deadLetterId: string;
  readonly payload: string;
  readonly reason: string;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('messages that were not taken, over HTTP', () => {
  let world: ServiceWorld;
  beforeAll(async () => {
    world = await openServiceWorld();
  });
  afterAll(() => world.stop());

  const stored = async (): Promise<number> => {
    const db = world.engine.database.pool('forestock_api');
    return (await db.query<{n: number}>('SELECT count(*) AS n FROM ingest.reading')).rows[0]!.n;
  };
  const letters = async (filter: string): Promise<Letter[]> =>
    (await world.get(`/api/v1/dead-letters?${filter}`)).body.deadLetters as Letter[];

  it('A1 a message that is no reading is listed with its reason, and passes once when it is corrected', async () => {
    await world.tell('telemetry/v1/SITE-2/M-1', reading(1, 'high'));
    const letter = (await letters('state=rejected'))[0]!;
    expect(letter).toMatchObject({topic: 'telemetry/v1/SITE-2/M-1', state: 'rejected', seenCount: 1});
    expect(JSON.parse(letter.payload)).toEqual(reading(1, 'high'));
    expect(await stored()).toBe(0);

    const path = `/api/v1/dead-letters/${letter.deadLetterId}/resubmit`;
    const payload = JSON.stringify(reading(1, 4));
    expect(await world.post(path, {payload})).toMatchObject({status: 200, body: {messages: 1}});
    await world.engine.settle();
    expect(await stored()).toBe(1);
    expect(await world.post(path, {payload})).toMatchObject({status: 409, body: {error: 'letter-closed'}});
    expect(await letters('state=resubmitted')).toHaveLength(1);
  });

  it('a message still wrong is refused with why, and one that is not there too', async () => {
    await world.tell('telemetry/v1/SITE-2/M-2', 'not JSON');
    const letter = (await letters('state=rejected'))[0]!;
    const path = `/api/v1/dead-letters/${letter.deadLetterId}`;
    const again = await world.post(`${path}/resubmit`, {payload: 'still not JSON'});
    expect(again.status).toBe(422);
    expect(again.body.error).toBe(letter.reason);
    expect(await world.post(`/api/v1/dead-letters/${NOBODY}/resubmit`)).toMatchObject({
      status: 404,
      body: {error: 'no-such-letter'},
    });

    expect(await world.post(`${path}/drop`)).toMatchObject({status: 200, body: {state: 'dropped'}});
    expect(await world.post(`${path}/drop`)).toMatchObject({status: 404, body: {error: 'no-such-letter'}});
    expect(await letters('state=rejected')).toEqual([]);
  });

  it('A1 what an unknown equipment has sent waits for it, and is stored once it is added', async () => {
    for (const seq of [1, 2, 3]) await world.tell('telemetry/v1/SITE-2/M-9', reading(seq));
    expect(await letters('equipmentId=M-9')).toHaveLength(3);
    expect((await world.get('/api/v1/dead-letters/equipment')).body.equipment).toMatchObject([
      {equipmentId: 'M-9', letters: 3, lastTopic: 'telemetry/v1/SITE-2/M-9'},
    ]);
    const path = '/api/v1/dead-letters/equipment/M-9/resubmit';
    expect(await world.post(path)).toMatchObject({status: 422, body: {error: 'unknown-equipment'}});

    const before = await stored();
    expect(await world.post('/api/v1/equipment', {...NEW_MACHINE, equipmentId: 'M-9'})).toMatchObject({
      status: 200,
    });
    expect(await world.post(path)).toMatchObject({status: 200, body: {letters: 3, messages: 3, refused: 0}});
    await world.engine.settle();
    expect(await stored()).toBe(before + 3);
    expect(await world.post(path)).toMatchObject({status: 200, body: {letters: 0, messages: 0}});
    expect((await world.get('/api/v1/dead-letters/equipment')).body.equipment).toEqual([]);
  });
});
