/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON of every shape, and the expectations are what checks them */
import {randomUUID} from 'node:crypto';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {START} from '../network/tiny-network.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly moneyMinor: number;
}

/** Shelves of the tiny network that nobody refills: risks from the start, of no money. */
const UNPLANNED = 2;

describe('the work list', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose'});
    await world.decide();
  });
  afterAll(() => world.stop());

  const openAlert = (subject: string, moneyMinor: number, body: object = {}): Promise<unknown> =>
    world.db
      .poolFor('forestock_replenish')
      .query(`SELECT replenish.open_alert($1, 'backorder-impact', $2, 'OWN', $3, 1, $4, 'EUR', NULL, $5)`, [
        randomUUID(),
        subject,
        toIso(START),
        moneyMinor,
        JSON.stringify(body),
      ]);

  it('D5 a proposal that no alert is about is worth what waiting costs by its own reckoning', async () => {
    const {body} = await world.get('/api/v1/work?kind=proposal');
    const {decisions} = (await world.get('/api/v1/decisions?state=proposed')).body;
    const {alternatives} = (await world.get(`/api/v1/decisions/${decisions[0].decisionId}`)).body;
    const waiting = alternatives.find(({action}: {action: string}) => action === 'nothing');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      id: decisions[0].decisionId,
      kind: 'proposal',
      alertId: null,
      partId: 'P-1',
      partName: 'Compressor',
      depotId: 'D-1',
      moneyMinor: waiting.totalMinor,
      currency: 'EUR',
      remedy: {action: 'order', quantity: decisions[0].quantity, landedMinor: decisions[0].landedMinor},
    });
    expect(body.digest).toEqual({
      now: 1,
      later: 0,
      proposals: 1,
      snoozed: 0,
      atStake: [{currency: 'EUR', moneyMinor: waiting.totalMinor}],
    });
  });

  it('B3 an alert and the proposal that answers it are one row, ranked by the alert’s money', async () => {
    const facts = {equipmentId: 'M-1', positionId: 'compressor', emptyAt: toIso(START), backordered: 2};
    await openAlert('P-1@D-1', 5_000_000, {partId: 'P-1', depotId: 'D-1', ...facts});
    const {items, digest} = (await world.get('/api/v1/work')).body;
    expect(items).toHaveLength(1 + UNPLANNED);
    expect(items[0]).toMatchObject({
      kind: 'proposal',
      moneyMinor: 5_000_000,
      equipmentId: 'M-1',
      positionId: 'compressor',
      emptyAt: toIso(START),
      owed: 2,
    });
    expect(items[0].alertId).not.toBeNull();
    expect(digest).toMatchObject({now: 1 + UNPLANNED, later: 0, proposals: 1});
  });

  it('the digest has six rows for now and the rest for later; pages follow each other by money, and repeat and skip none', async () => {
    for (let place = 1; place <= 9; place += 1) await openAlert(`P-1@X-${place}`, 1_000 * (place % 4), {});
    const whole = (await world.get('/api/v1/work?limit=500')).body;
    expect(whole.items).toHaveLength(10 + UNPLANNED);
    expect(whole.digest).toMatchObject({now: 6, later: 4 + UNPLANNED, proposals: 1});
    const money = (whole.items as Item[]).map(({moneyMinor}) => moneyMinor);
    expect(money).toEqual([...money].sort((a, b) => b - a));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const {body}: {body: {items: Item[]; nextCursor: string | null}} = await world.get(
        `/api/v1/work?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map(({id}) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual((whole.items as Item[]).map(({id}) => id));
  });

  it('D5 a row says what is on the shelf and which orders come to it, the soonest first, three at most', async () => {
    const place = (n: number): Promise<unknown> =>
      world.db
        .poolFor('forestock_replenish')
        .query(
          `SELECT network.place_supply_order($1, $2, 'transfer', 'P-1', 'depot:D-C', 'depot:D-1', NULL, 'OWN', $3, 'released', $4, $5, 12, 100, 'EUR', 'road')`,
          [
            ...[randomUUID(), randomUUID(), n],
            ...[toIso(START), toIso(epochMs(START + (10 - n) * 24 * HOUR_MS))],
          ],
        );
    for (const n of [1, 2, 3, 4]) await place(n);
    const {items} = (await world.get('/api/v1/work?depotId=D-1')).body;
    expect(items[0]).toMatchObject({onHand: 0, comingPieces: 10});
    expect(items[0].coming).toEqual(
      [4, 3, 2].map((n) => ({
        orderId: expect.any(String),
        ...{kind: 'transfer', from: 'depot:D-C', quantity: n},
        expectedAt: toIso(epochMs(START + (10 - n) * 24 * HOUR_MS)),
      })),
    );
    const unplanned = (await world.get('/api/v1/work?kind=risk')).body.items as Item[];
    expect(unplanned.length).toBeGreaterThan(0);
    for (const row of unplanned) expect(row).toMatchObject({comingPieces: 0, coming: []});
  });

  it('is narrowed to a part, a depot, to proposals or to risks; what was answered is gone', async () => {
    const ids = async (query: string): Promise<number> =>
      (await world.get(`/api/v1/work?${query}`)).body.items.length as number;
    expect(await ids('kind=proposal')).toBe(1);
    expect(await ids('kind=risk')).toBe(9 + UNPLANNED);
    expect(await ids('depotId=D-1')).toBe(1);
    expect(await ids('partId=P-2')).toBe(0);
    const [{decisionId}] = (await world.get('/api/v1/work?kind=proposal')).body.items;
    await world.post(`/api/v1/proposals/${decisionId}/reject`, {reasonCode: 'budget'});
    const {items} = (await world.get('/api/v1/work?depotId=D-1')).body;
    expect(items).toMatchObject([{kind: 'risk', acknowledged: false}]);
  });

  it('E7 what is snoozed, with a word why, leaves the list until its time; its history says who and why', async () => {
    const [{alertId}] = (await world.get('/api/v1/work?depotId=D-1')).body.items;
    const until = toIso(epochMs(START + HOUR_MS));
    const note = 'the supplier has confirmed for noon';
    await world.post(`/api/v1/alerts/${alertId}/snooze`, {actor: 'planner-1', note, until});
    expect((await world.get('/api/v1/work?depotId=D-1')).body).toMatchObject({
      items: [],
      digest: {now: 0, snoozed: 1},
    });
    expect((await world.get('/api/v1/work?depotId=D-1&kind=snoozed')).body.items).toMatchObject([
      {alertId, snoozedUntil: until},
    ]);
    const {alerts} = (await world.get('/api/v1/alerts?state=snoozed')).body;
    expect(alerts).toMatchObject([{alertId, snoozedUntil: until, tier: null}]);
    const {events} = (await world.get(`/api/v1/alerts/${alertId}/history`)).body;
    expect(events[0]).toMatchObject({type: 'snoozed', note, until});
    expect(events.at(-1)).toMatchObject({type: 'opened'});
    await world.clock.advanceTo(epochMs(START + HOUR_MS));
    expect((await world.get('/api/v1/work?depotId=D-1')).body.items).toMatchObject([
      {alertId, snoozedUntil: null},
    ]);
  });

  it('pages of alerts follow each other by money, and repeat and skip none', async () => {
    const whole = (await world.get('/api/v1/alerts?limit=500')).body.alerts as {alertId: string}[];
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const {body}: {body: {alerts: {alertId: string}[]; nextCursor: string | null}} = await world.get(
        `/api/v1/alerts?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...body.alerts.map(({alertId}) => alertId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(whole.map(({alertId}) => alertId));
    expect(seen.length).toBeGreaterThan(8);
  });
});
