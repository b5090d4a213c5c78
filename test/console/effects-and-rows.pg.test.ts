import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

interface Effect {
  readonly outboxId: number;
}
interface Row {
  readonly quarantineId: string;
}

describe('what could not leave, and what did not fit, over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(() => world.stop());

  const dead = async (): Promise<Effect[]> =>
    ((await world.get('/api/v1/outbox/dead')).body as {effects: Effect[]}).effects;
  const open = async (): Promise<Row[]> =>
    ((await world.get('/api/v1/quarantine?state=open')).body as {quarantine: Row[]}).quarantine;

  it('a dead effect is listed with its last error and goes back into the queue once', async () => {
    const outbox = world.db.poolFor('forestock_platform');
    await outbox.query(
      `SELECT platform.enqueue_effect('webhook:order:1', 'decision', 'd-1', 'webhook', '{"type":"order.released"}', now())`,
    );
    expect(await dead()).toEqual([]);
    await outbox.query(
      `UPDATE platform.outbox SET state = 'dead', attempts = 12, last_error = 'the webhook answered 503'`,
    );
    const effects = await dead();
    expect(effects).toMatchObject([
      {
        idempotencyKey: 'webhook:order:1',
        target: 'webhook',
        causeKind: 'decision',
        causeId: 'd-1',
        attempts: 12,
        lastError: 'the webhook answered 503',
        payload: {type: 'order.released'},
      },
    ]);
    const path = `/api/v1/outbox/${effects[0]!.outboxId}/replay`;
    expect(await world.post(path)).toMatchObject({status: 200, body: {state: 'pending'}});
    expect(await dead()).toEqual([]);
    const {rows} = await outbox.query('SELECT state, attempts FROM platform.outbox');
    expect(rows).toEqual([{state: 'pending', attempts: 0}]);
    expect(await world.post(path)).toMatchObject({status: 404, body: {error: 'not-found'}});
    expect(await world.post('/api/v1/outbox/first/replay')).toMatchObject({
      status: 400,
      body: {error: 'invalid-request'},
    });
  });

  it('A5 a row that nobody will correct is dropped for good, by a name that the audit keeps', async () => {
    await world.post('/api/v1/stock/receipts', {
      part: {number: 'P-1'},
      depotId: 'D-1',
      qty: 1,
      uom: 'PALLET',
      fromLoc: 'supplier:SUP',
    });
    const {quarantineId} = (await open())[0]!;
    const path = `/api/v1/quarantine/${quarantineId}/drop`;
    expect(await world.post(path, {actor: 'ada'})).toMatchObject({
      status: 200,
      body: {quarantineId, state: 'dropped'},
    });
    expect(await open()).toEqual([]);
    const audit = await world.db
      .poolFor('forestock_api')
      .query<{actor: string}>(`SELECT actor FROM platform.audit_entry WHERE subject = $1`, [quarantineId]);
    expect(audit.rows).toEqual([{actor: 'ada'}]);
    const nobody = '/api/v1/quarantine/00000000-0000-4000-8000-000000000000/drop';
    expect(await world.post(nobody)).toMatchObject({status: 404, body: {error: 'unknown-quarantine'}});
  });

  it('dead letters are asked for where the door is', async () => {
    expect(await world.get('/api/v1/dead-letters')).toMatchObject({body: {error: 'stage-not-here'}});
  });
});
