import {beforeEach, describe, expect, it} from 'vitest';
import {pendingWork} from '../../cli/barrier.ts';
import {epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {networkReads} from '../../network/adapters/network-reads.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, importMasterData, NETWORK_COMMANDS, toRawFolder} from '../../network/api.ts';
import {createFeedWatch} from '../../network/feed-watch.ts';
import type {NetworkPorts} from '../../network/ports.ts';
import type {NetworkReads} from '../../network/read-ports.ts';
import {createFollower} from '../../network/service.ts';
import {openTestDatabase, type TestDatabase} from '../support/database.ts';
import {createEquipment} from './equipment-log.ts';
import {START, tinyNetwork} from './tiny-network.ts';

const {agreeFeed, confirmOrder, countStock, endFeed, reportRepair} = NETWORK_COMMANDS;
const ORDER = '6f1e8a53-1c55-5a8f-9a53-0d7c1a2b3c4d';
const at = (hours: number): EpochMs => epochMs(START + hours * HOUR_MS);

describe('feeds of parties on a stepped clock', () => {
  let database: TestDatabase;
  let ports: NetworkPorts;
  let reads: NetworkReads;
  let now = START;
  let calls = 0;
  const key = () => ({source: 'test', sourceKey: `k-${(calls += 1)}`});

  beforeEach(async () => {
    database = await openTestDatabase();
    now = START;
    const pool = database.poolFor('forestock_network');
    ports = openNetworkPorts(pool, {worldClock: {now: () => now}, partitions: 4, autoIssue: false});
    reads = networkReads(pool);
    expect(await importMasterData(ports, toRawFolder(tinyNetwork()), {actor: 'test'})).toMatchObject({
      ok: true,
    });
  });

  const agree = (partyId: string, kind: string, more: object = {}) =>
    execute(ports, agreeFeed, {...key(), partyId, kind, expectedIntervalH: 24, graceH: 3, ...more}, 'test');
  const report = (sourceKey: string, reportedAt: EpochMs) =>
    execute(
      ports,
      reportRepair,
      {
        source: 'cus',
        sourceKey,
        equipmentId: 'M-1',
        positionId: 'compressor',
        reportedAt: toIso(reportedAt),
        finding: 'planned',
      },
      'test',
    );
  /** Moves the clock there and does everything that is due, as the barrier asks. */
  async function step(hours: number): Promise<void> {
    now = at(hours);
    const api = database.poolFor('forestock_api');
    const watch = createFeedWatch(ports);
    while ((await pendingWork(api, now)).feeds) expect(await watch.runOnce()).toBeGreaterThan(0);
    expect(await watch.runOnce()).toBe(0);
  }
  async function alerts(): Promise<string[]> {
    const {rows} = await database
      .poolFor('forestock_api')
      .query<{alert: string}>(
        `SELECT kind || ' ' || subject || ' ' || (body->>'lapse') || ' ' || state AS alert FROM replenish.alert ORDER BY opened_at`,
      );
    return rows.map(({alert}) => alert);
  }
  const OPEN = 'feed-overdue CUS/repair-reports nothing-came open';
  const CLEARED = 'feed-overdue CUS/repair-reports nothing-came cleared';

  it('A4 a feed on time raises nothing; an overdue one is one alert, cleared by its next report; overdue again it is a new one', async () => {
    expect(await agree('CUS', 'repair-reports')).toMatchObject({ok: true});
    await step(0);
    await step(20);
    expect(await report('job-1', at(18))).toMatchObject({ok: true});
    await step(46);
    expect(await alerts()).toEqual([]);
    await step(47);
    expect(await alerts()).toEqual([OPEN]);
    for (const hours of [48, 60, 100]) await step(hours);
    expect(await alerts()).toEqual([OPEN]);

    expect(await report('job-2', at(99))).toMatchObject({ok: true});
    await step(100);
    expect(await alerts()).toEqual([CLEARED]);
    await step(126);
    expect(await alerts()).toEqual([CLEARED]);
    await step(127);
    expect(await alerts()).toEqual([CLEARED, OPEN]);
  });

  it('A4 a report that comes twice is no news, and neither is one that is refused', async () => {
    await agree('CUS', 'repair-reports');
    await report('job-1', at(0));
    now = at(20);
    expect(await report('job-1', at(0))).toMatchObject({ok: true, repeated: true});
    const unknown = {
      ...key(),
      equipmentId: 'M-9',
      positionId: 'compressor',
      reportedAt: toIso(now),
      finding: 'planned',
    };
    expect(await execute(ports, reportRepair, unknown, 'test')).toMatchObject({ok: false});
    await step(27);
    expect(await alerts()).toEqual([OPEN]);
  });

  it('A4 a feed that brings only old repairs is overdue where freshness was agreed', async () => {
    await agree('CUS', 'repair-reports', {freshWithinH: 48});
    await report('job-1', at(0));
    for (const hours of [24, 48]) {
      await step(hours);
      await report(`job-${hours}`, at(0));
    }
    await step(51);
    expect(await alerts()).toEqual(['feed-overdue CUS/repair-reports only-old-entries open']);
    await report('job-new', at(50));
    await step(51);
    expect(await alerts()).toEqual(['feed-overdue CUS/repair-reports only-old-entries cleared']);
    const [feed] = await reads.feeds({limit: 9});
    expect(feed).toMatchObject({heardAt: at(51), newestAt: at(50), overdueSince: null});
  });

  it('a date ahead of the clock keeps nothing fresh for longer', async () => {
    await agree('CUS', 'repair-reports', {freshWithinH: 48});
    await report('job-1', at(24 * 365));
    expect(await reads.feeds({limit: 9})).toMatchObject([{heardAt: START, newestAt: START}]);
  });

  it('A4 counts, confirmations and the events of equipment are feeds too, each of the party it comes from', async () => {
    await agree('OWN', 'stock-counts');
    await agree('SUP', 'order-confirmations');
    await agree('CUS', 'equipment-events');
    await database
      .poolFor('forestock_network')
      .query(
        `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', 1, 'released', $2, $2, 0, 1000, 'EUR', null)`,
        [ORDER, toIso(START)],
      );
    now = at(10);
    const count = {...key(), part: {number: 'P-1'}, depotId: 'D-1', counted: 2};
    expect(await execute(ports, countStock, count, 'test')).toMatchObject({ok: true});
    expect(await execute(ports, confirmOrder, {...key(), orderId: ORDER}, 'test')).toMatchObject({ok: true});
    const equipment = await createEquipment(database);
    await equipment.send('M-1', at(9), 'failure', {positionId: 'compressor'});
    await createFollower(ports).runOnce();
    expect(await reads.feeds({limit: 9})).toMatchObject([
      {partyId: 'CUS', kind: 'equipment-events', heardAt: at(10), newestAt: at(9)},
      {partyId: 'OWN', kind: 'stock-counts', heardAt: at(10), newestAt: at(10)},
      {partyId: 'SUP', kind: 'order-confirmations', heardAt: at(10), newestAt: at(10)},
    ]);
  });

  it('H12 an order that its supplier has not confirmed in the agreed time is one alert, until it answers', async () => {
    const place = (orderId: string, supplier: string) =>
      database
        .poolFor('forestock_network')
        .query(
          `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:' || $3, 'depot:D-C', $3, 'OWN', 1, 'released', $2, $2, 0, 1000, 'EUR', null)`,
          [orderId, toIso(now), supplier],
        );
    const [late, prompt, free] = [0, 1, 2].map((n) => ORDER.replace(/^./, String(n))) as [
      string,
      string,
      string,
    ];
    await place(free, 'SUP'); // nothing is agreed yet: nobody waits for an answer
    await agree('SUP', 'order-confirmations');
    await place(late, 'SUP');
    await place(prompt, 'SUP');
    now = at(26);
    expect(await execute(ports, confirmOrder, {...key(), orderId: prompt}, 'test')).toMatchObject({ok: true});
    await step(26);
    const unanswered = async (): Promise<string[]> => {
      const {rows} = await database
        .poolFor('forestock_api')
        .query<{alert: string}>(
          `SELECT subject || ' ' || state AS alert FROM replenish.alert WHERE kind = 'order-unanswered'`,
        );
      return rows.map(({alert}) => alert);
    };
    expect(await unanswered()).toEqual([]);
    for (const hours of [27, 28, 60]) await step(hours);
    expect(await unanswered()).toEqual([`${late} open`]);
    expect(await execute(ports, confirmOrder, {...key(), orderId: late}, 'test')).toMatchObject({ok: true});
    expect(await unanswered()).toEqual([`${late} cleared`]);
    await step(100);
    expect(await unanswered()).toEqual([`${late} cleared`]);
  });

  it('the same schedule said again starts nothing anew; another one does; one that ends takes its alert along', async () => {
    await agree('CUS', 'repair-reports');
    now = at(20);
    await agree('CUS', 'repair-reports');
    await step(27);
    expect(await alerts()).toEqual([OPEN]);
    await agree('CUS', 'repair-reports', {expectedIntervalH: 48});
    await step(27);
    expect(await alerts()).toEqual([CLEARED]);
    await step(27 + 48 + 3);
    expect(await alerts()).toEqual([CLEARED, OPEN]);
    const name = {partyId: 'CUS', kind: 'repair-reports'};
    expect(await execute(ports, endFeed, {...key(), ...name}, 'test')).toMatchObject({ok: true});
    await step(1000);
    expect(await alerts()).toEqual([CLEARED, CLEARED]);
    expect(await execute(ports, endFeed, {...key(), ...name}, 'test')).toMatchObject({
      reason: 'unknown-feed',
    });
  });

  it('a party that is not known agrees on nothing', async () => {
    expect(await agree('NOBODY', 'repair-reports')).toMatchObject({ok: false, reason: 'unknown-party'});
  });
});
