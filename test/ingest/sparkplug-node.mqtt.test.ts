import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {epochMs, MINUTE_MS} from '../../domain/time.ts';
import {openReadingsBus, startIngest, startStoring} from '../../ingest/main.ts';
import type {Ingest} from '../../ingest/main.ts';
import {readConfiguration} from '../../platform/configuration.ts';
import {silentLogger} from '../../platform/log.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {mosquittoMissing, startMosquitto} from '../support/mosquitto.ts';
import type {Mosquitto} from '../support/mosquitto.ts';
import {SparkplugNode, TEMPERATURE, VIBRATION} from '../support/sparkplug-node.ts';
import {freePort} from '../support/tcp-proxy.ts';
import {NOW} from './door-world.ts';
import {installBase} from './installed-base.ts';

const PATIENT = {timeout: 20_000, interval: 20};
const [CHILLER, OTHER] = ['CH-0001', 'CH-0002'] as const;

for (const broker of ['embedded listener', 'mosquitto'] as const) {
  describe.skipIf(broker === 'mosquitto' && mosquittoMissing)(
    `a Sparkplug edge node at the ${broker}`,
    () => {
      let mosquitto: Mosquitto | undefined;
      let database: TestDatabase;
      let pool: Pool;
      let port: number;
      let now = NOW;
      let ingest: Ingest;
      let stopIngest: () => Promise<void>;
      let node: SparkplugNode;

      beforeAll(async () => {
        if (broker === 'mosquitto') mosquitto = await startMosquitto();
        port = mosquitto?.port ?? (await freePort());
      });
      afterAll(() => mosquitto?.stop());

      beforeEach(async () => {
        now = NOW;
        database = await openTestDatabase();
        const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
        await installBase(owner, [CHILLER, OTHER]);
        await owner.end();
        pool = database.poolFor('forestock_ingest');
        await start();
        node = new SparkplugNode({port, now: () => now});
        await node.connect();
      });
      afterEach(async () => {
        await node.leave();
        await stopIngest();
        await database.close();
      });

      async function start(): Promise<void> {
        const configuration = readConfiguration({
          DATABASE_URL: database.ownerUrl,
          FORESTOCK_PARTITIONS: '4',
          ...(mosquitto ? {MQTT_URL: `mqtt://127.0.0.1:${port}`} : {MQTT_PORT: String(port)}),
        });
        const log = silentLogger();
        const clock = {mode: 'stepped', now: () => now} as const;
        const bus = await openReadingsBus(configuration, undefined, log);
        const base = {configuration, pool, clock, log, bus};
        const storing = await startStoring({...base, stored: () => undefined});
        ingest = await startIngest(base);
        stopIngest = async () => {
          await ingest.stop();
          await bus.close();
          await storing.stop();
        };
      }

      async function born(): Promise<void> {
        await node.bear();
        await node.bearDevice(CHILLER, [
          {...TEMPERATURE, double_value: 20.5},
          {...VIBRATION, double_value: 1.25},
        ]);
      }

      /** Values by signal, as stored, in the order of their times. */
      async function stored(): Promise<Record<string, number>[]> {
        const {rows} = await pool.query<{names: string[]; values: number[]}>(
          `SELECT s.names, r."values" AS "values" FROM ingest.reading r JOIN ingest.signal_set s USING (signal_set_id) ORDER BY r.observed_at, r.equipment_no`,
        );
        return rows.map(({names, values}) => Object.fromEntries(names.map((name, i) => [name, values[i]!])));
      }

      async function storedAre(expected: readonly Record<string, number>[]): Promise<void> {
        await vi.waitFor(async () => expect(await stored()).toEqual(expected), PATIENT);
      }

      async function letters(): Promise<readonly {reason: string; topic: string}[]> {
        return (await ingest.deadLetters.list({limit: 100})).map(({reason, topic}) => ({reason, topic}));
      }

      async function staleAre(devices: readonly string[]): Promise<void> {
        await vi.waitFor(async () => {
          const {rows} = await pool.query<{device: string}>(
            'SELECT device FROM ingest.sparkplug_birth WHERE stale ORDER BY 1',
          );
          expect(rows.map(({device}) => device)).toEqual(devices);
        }, PATIENT);
      }

      async function openAlerts(): Promise<readonly string[]> {
        await ingest.watch();
        const {rows} = await pool.query<{alert: string}>(
          `SELECT concat_ws(' ', kind, subject, body->>'because') AS alert FROM replenish.alert WHERE state = 'open' ORDER BY 1`,
        );
        return rows.map(({alert}) => alert);
      }

      const later = (): void => void (now = epochMs(now + MINUTE_MS));

      it('A1 data that name their metrics by alias alone are stored under the names of the BIRTH', async () => {
        await born();
        later();
        await node.data(CHILLER, [
          {alias: VIBRATION.alias, double_value: 1.5},
          {alias: TEMPERATURE.alias, double_value: 21.5},
        ]);
        await storedAre([
          {temperature_c: 20.5, vibration_mm_s: 1.25},
          {temperature_c: 21.5, vibration_mm_s: 1.5},
        ]);
        expect(await letters()).toEqual([]);
        expect(node.commands).toEqual([]);
      });

      it('a hole in the sequence: the request for a rebirth reaches the node, and is no dead letter of ours', async () => {
        await born();
        node.lose(3);
        later();
        await node.data(CHILLER, [{alias: TEMPERATURE.alias, double_value: 22}]);
        await vi.waitFor(() => expect(node.commands).toHaveLength(1), PATIENT);
        const request = {
          name: 'Node Control/Rebirth',
          timestamp: String(now),
          datatype: 11,
          boolean_value: true,
        };
        expect(node.commands).toEqual([{timestamp: String(now), metrics: [request]}]);
        later();
        await born();
        later();
        await node.data(CHILLER, [{alias: TEMPERATURE.alias, double_value: 23}]);
        await storedAre([
          {temperature_c: 20.5, vibration_mm_s: 1.25},
          {temperature_c: 22},
          {temperature_c: 20.5, vibration_mm_s: 1.25},
          {temperature_c: 23},
        ]);
        expect(await letters()).toEqual([]);
        expect(node.commands).toHaveLength(1);
      });

      it('after a restart the births come from the database: alias-only data are still read', async () => {
        await born();
        await storedAre([{temperature_c: 20.5, vibration_mm_s: 1.25}]);
        await stopIngest();
        await start();
        // A node that does not begin anew with its connection, as one whose broker stayed: it goes on in its sequence without a BIRTH.
        await node.leave();
        await node.connect();
        later();
        await node.data(CHILLER, [{alias: TEMPERATURE.alias, double_value: 24}]);
        await storedAre([{temperature_c: 20.5, vibration_mm_s: 1.25}, {temperature_c: 24}]);
        expect(await letters()).toEqual([]);
      });

      it('A2 a node that the broker reports dead is silent at once, and its BIRTH ends the alert', async () => {
        await born();
        await storedAre([{temperature_c: 20.5, vibration_mm_s: 1.25}]);
        expect(await openAlerts()).toEqual([]);
        await node.cut();
        await staleAre(['', CHILLER]);
        expect(await openAlerts()).toEqual([`equipment-silent ${CHILLER} reported-dead`]);
        later();
        expect(await openAlerts()).toHaveLength(1);
        await node.connect();
        await node.bear();
        await node.bearDevice(CHILLER, [TEMPERATURE, VIBRATION]); // declared, and no value yet
        await staleAre([]);
        expect(await openAlerts()).toEqual([]);
        expect(await letters()).toEqual([]);
      });

      it('A2 a device that dies is silent, its neighbour is not; a word by name ends it, one by alias waits for the BIRTH', async () => {
        await born();
        await node.bearDevice(OTHER, [{...TEMPERATURE, double_value: 4}]);
        await storedAre([{temperature_c: 20.5, vibration_mm_s: 1.25}, {temperature_c: 4}]);
        expect(await openAlerts()).toEqual([]);
        await node.buryDevice(CHILLER);
        await staleAre([CHILLER]);
        expect(await openAlerts()).toEqual([`equipment-silent ${CHILLER} reported-dead`]);
        later();
        await node.data(CHILLER, [
          {name: TEMPERATURE.name, double_value: 25},
          {alias: VIBRATION.alias, double_value: 9},
        ]);
        await staleAre([]);
        expect(await openAlerts()).toEqual([]);
        await vi.waitFor(async () => {
          expect(await stored()).toContainEqual({temperature_c: 25});
          expect(await letters()).toEqual([
            {reason: 'unknown-alias', topic: `spBv1.0/plant/DDATA/edge1/${CHILLER}`},
          ]);
        }, PATIENT);
        await vi.waitFor(() => expect(node.commands).toHaveLength(1), PATIENT);
      });
    },
  );
}
