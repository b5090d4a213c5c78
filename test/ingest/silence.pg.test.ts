import pg from 'pg';
import {beforeAll, describe, expect, it} from 'vitest';
import {epochMs, MINUTE_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {PgSilenceStore} from '../../ingest/adapters/silence-store.ts';
import {SilenceService} from '../../ingest/silence-service.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {installBase} from './installed-base.ts';
import {NOW} from './door-world.ts';

const IDS = ['CH-1', 'CH-2', 'CH-3', 'CH-4', 'CH-5', 'CH-6'];
const at = (minutes: number): EpochMs => epochMs(NOW + minutes * MINUTE_MS);

describe('silence in the database', () => {
  let ingest: Pool;
  let door: 'up' | 'down' = 'up';
  let service: SilenceService;
  let own: Pool;

  beforeAll(async () => {
    const database = await openTestDatabase();
    const owner = new pg.Pool({connectionString: database.ownerUrl, max: 1});
    await installBase(owner, IDS);
    await owner.end();
    ingest = database.poolFor('forestock_ingest');
    own = database.poolFor('forestock_network');
    service = new SilenceService(new PgSilenceStore(ingest), {state: () => door}, NOW);
  });

  async function speak(ids: readonly string[], when: EpochMs): Promise<void> {
    await ingest.query(
      `INSERT INTO ingest.equipment_contact (equipment_no, last_received_at, last_observed_at, readings)
       SELECT equipment_no, $2::timestamptz, $2::timestamptz, 1 FROM network.equipment WHERE equipment_id = ANY ($1)
       ON CONFLICT (equipment_no) DO UPDATE SET last_received_at = excluded.last_received_at`,
      [ids, timestamp(when)],
    );
  }

  async function openAlerts(): Promise<readonly string[]> {
    const {rows} = await ingest.query<{alert: string}>(
      `SELECT kind || ' ' || subject AS alert FROM replenish.alert WHERE state = 'open' ORDER BY 1`,
    );
    return rows.map(({alert}) => alert);
  }

  it('A2 silence yields one staleness alert, cleared when the equipment speaks again', async () => {
    await speak(IDS, at(0));
    await service.runOnce(at(0));
    await speak(IDS.slice(1), at(5));
    await service.runOnce(at(6));
    expect(await openAlerts()).toEqual(['equipment-silent CH-1']);
    await service.runOnce(at(7));
    await service.runOnce(at(8));
    const {rows} = await ingest.query('SELECT count(*)::int AS n FROM replenish.alert');
    expect(rows).toEqual([{n: 1}]);
    await speak(IDS, at(9));
    await service.runOnce(at(10));
    expect(await openAlerts()).toEqual([]);
  });

  it('A2 a silent line is one alert for all, not one each', async () => {
    await service.runOnce(at(30));
    expect(await openAlerts()).toEqual(['telemetry-outage all']);
    await speak(IDS.slice(1), at(31));
    await service.runOnce(at(32));
    expect(await openAlerts()).toEqual(['equipment-silent CH-1']);
    await speak(IDS, at(33));
    await service.runOnce(at(33));
    expect(await openAlerts()).toEqual([]);
  });

  it('a door that is down is one alert, until it is up again', async () => {
    door = 'down';
    await service.runOnce(at(34));
    expect(await openAlerts()).toEqual(['telemetry-outage all']);
    door = 'up';
    await service.runOnce(at(35));
    expect(await openAlerts()).toEqual([]);
  });

  it('A2 a machine with an interval of its own is waited for by that, the others by their class’s', async () => {
    await own.query(`UPDATE network.equipment SET expected_interval_s = 3600 WHERE equipment_id = 'CH-1'`);
    await speak(IDS, at(40));
    await service.runOnce(at(40));
    await speak(IDS.slice(2), at(45));
    await service.runOnce(at(46)); // six minutes: six intervals of the class
    expect(await openAlerts()).toEqual(['equipment-silent CH-2']);
    await speak(IDS.slice(1), at(40 + 359));
    await service.runOnce(at(40 + 360)); // six hours: six intervals of CH-1
    expect(await openAlerts()).toEqual(['equipment-silent CH-1']);
    await speak(IDS, at(401));
    await service.runOnce(at(401));
  });

  it('no timer is left due after a round: a stepped clock can move on', async () => {
    await service.runOnce(at(460));
    const {rows} = await ingest.query(
      `SELECT count(*)::int AS due FROM platform.world_timer WHERE due_at <= $1`,
      [timestamp(at(460))],
    );
    expect(rows).toEqual([{due: 0}]);
  });
});
