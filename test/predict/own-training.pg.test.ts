import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {loadModel} from '../../predict/adapters/model-store.ts';
import {ownHistory} from '../../predict/own-training.ts';
import type {TrainingMachine} from '../../predict/training/dataset.ts';
import {trainModels} from '../../predict/training/train-models.ts';
import {installBase} from '../ingest/installed-base.ts';
import {openTestDatabase} from '../support/database.ts';

const SINCE = epochMs(Date.UTC(2026, 0, 1));
const DAYS = 130;
const MACHINES = 22;
/** Four compressors a machine, one after another; they last 20 to 60 days, so age alone does not tell when they fail. */
function livesBefore(machine: string, nth: number): object[] {
  let from = SINCE - ((nth * 7) % 40) * DAY_MS;
  return [0, 1, 2, 3].map((k) => {
    const to = from + (20 + ((nth * 13 + k * 17) % 41)) * DAY_MS;
    const life = {
      machine,
      component: `${machine}.${k}`,
      from: toIso(epochMs(from)),
      to: k < 3 ? toIso(epochMs(to)) : null,
    };
    from = to;
    return life;
  });
}

describe('training from what the installation has recorded', () => {
  let pool: Pool;
  let owner: Pool;
  let ingest: Pool;

  beforeAll(async () => {
    const database = await openTestDatabase();
    pool = database.poolFor('forestock_predict');
    ingest = database.poolFor('forestock_ingest');
    owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    const machines = Array.from({length: MACHINES}, (_, i) => `CH-${String(i).padStart(4, '0')}`);
    await installBase(owner, machines);
    await owner.query(`DELETE FROM network.class_signal WHERE signal = 'temperature_c';
      INSERT INTO network.equipment_class VALUES ('pump', 'Pump', 180, 60);
      INSERT INTO network.class_signal (equipment_class_id, signal, unit, min_value, max_value) VALUES ('pump', 'flow', 'l/s', 0, 9)`);
    await owner.query(
      `WITH l AS (SELECT * FROM jsonb_to_recordset($1) AS x(machine text, component text, "from" timestamptz, "to" timestamptz)),
            c AS (INSERT INTO network.component (component_id, class_id, part_id) SELECT component, 'compressor', 'P-1' FROM l)
       INSERT INTO network.installation (equipment_no, position_id, installed_at, removed_at, component_id, source_key, removal_cause)
       SELECT equipment_no, 'comp1', l."from", l."to", component, component, CASE WHEN l."to" IS NOT NULL THEN 'failure' END
         FROM l JOIN network.equipment e ON e.equipment_id = l.machine`,
      [JSON.stringify(machines.flatMap(livesBefore))],
    );
    // Vibration climbs over the last ten days of a life.
    await pool.query(
      `INSERT INTO predict.feature_bucket (equipment_no, bucket_at, signal, n, mean, m2, min, max, last)
       SELECT e.equipment_no, t, 'vibration_mm_s', 4, v, 0.04, v - 0.1, v + 0.1, v
         FROM network.equipment e, generate_series($1::timestamptz, $2::timestamptz, interval '1 hour') t,
         LATERAL (SELECT 1 + 0.3 * greatest(0, 10 - coalesce(extract(epoch FROM i.removed_at - t) / 86400, 99)) AS v FROM network.installation i
                   WHERE i.equipment_no = e.equipment_no AND i.installed_at <= t AND (i.removed_at IS NULL OR i.removed_at > t)) life`,
      [toIso(epochMs(SINCE + HOUR_MS)), toIso(epochMs(SINCE + DAYS * DAY_MS))],
    );
  });

  const ask = (classIds: readonly string[], since = SINCE) => ownHistory(pool, {classIds, since});
  const detailOf = async (classIds: readonly string[], since = SINCE): Promise<string> => {
    const asked = await ask(classIds, since);
    return asked.ok ? '' : asked.detail;
  };
  const livesOf = async (equipmentId: string): Promise<string[]> => {
    const asked = await ask(['chiller']);
    if (!asked.ok) throw new Error(asked.detail);
    const machines: TrainingMachine[] = [];
    for await (const machine of asked.value.machines) machines.push(machine);
    return machines.find((one) => one.equipmentId === equipmentId)!.lives.map(({end}) => end);
  };

  it('B4 is refused with everything that is wrong, and how much is needed', async () => {
    expect(await detailOf(['pump'])).toMatch(
      /^pump cannot be taught .* 0 machines were heard, 20 are needed.*0 failures.*40 are needed.*0 days, 120.*sent flow/s,
    );
    expect(await detailOf(['chiller'], epochMs(SINCE + 60 * DAY_MS))).toMatch(
      /the record has 69 days, 120 are needed/,
    );
    expect(await detailOf(['nobody'])).toContain('no equipment class nobody');
  });

  it('B4 A4 a part found without fault did not fail, and one replaced by plan was cut short', async () => {
    expect(await livesOf('CH-0001')).toEqual(['failure', 'failure', 'failure', 'running']);
    const report = (key: string, days: number): Promise<unknown> =>
      owner.query(
        `INSERT INTO network.repair_report (report_id, source, source_key, party_id, equipment_no, position_id, reported_at, finding)
         SELECT gen_random_uuid(), 'workshop', $1, 'customer-1', e.equipment_no, 'comp1', i.removed_at + make_interval(days => $2), 'no-fault-found'
           FROM network.equipment e JOIN network.installation i USING (equipment_no) WHERE i.component_id = 'CH-0001.1'`,
        [key, days],
      );
    await report('much-later', 200); // after 90 days nobody knows which part it speaks of
    expect(await livesOf('CH-0001')).toEqual(['failure', 'failure', 'failure', 'running']);
    await report('of-the-next', 30); // the next one has failed by then
    expect(await livesOf('CH-0001')).toEqual(['failure', 'failure', 'planned', 'running']);
    await report('in-time', 10);
    expect(await livesOf('CH-0001')).toEqual(['failure', 'planned', 'planned', 'running']);
  });

  it('B4 A4 a component that was reported as failed and stayed has failed and run on; other reports speak of something else', async () => {
    const lifeOf = async () => {
      const asked = await ask(['chiller']);
      if (!asked.ok) throw new Error(asked.detail);
      for await (const machine of asked.value.machines)
        if (machine.equipmentId === 'CH-0005') return machine.lives.find(({end}) => end === 'running')!;
      throw new Error('CH-0005 is heard');
    };
    const {installedAt} = await lifeOf();
    const report = (
      key: string,
      day: number,
      more = {finding: 'failed', partMissing: false},
    ): Promise<unknown> =>
      owner.query(
        `INSERT INTO network.repair_report (report_id, source, source_key, party_id, equipment_no, position_id, reported_at, finding, part_missing)
         SELECT gen_random_uuid(), 'workshop', $1, 'customer-1', equipment_no, 'comp1', $2, $3, $4 FROM network.equipment WHERE equipment_id = 'CH-0005'`,
        [key, toIso(epochMs(installedAt + day * DAY_MS)), more.finding, more.partMissing],
      );
    const failedOnDay = async () => (await lifeOf()).failedAt!.map((at) => (at - installedAt) / DAY_MS);
    expect(await failedOnDay()).toEqual([]);
    await report('of-the-one-before', 6);
    await report('waits-for-a-part', 30, {finding: 'failed', partMissing: true});
    await report('of-the-last', -10); // that one was replaced ten days after: its removal is the failure
    expect(await failedOnDay()).toEqual([]);
    await report('in-place', 10);
    await report('the-same-once-more', 12);
    expect(await failedOnDay()).toEqual([10]);
    await report('another', 60);
    expect(await failedOnDay()).toEqual([10, 60]);
    await report('no-fault', 65, {finding: 'no-fault-found', partMissing: false});
    expect(await failedOnDay()).toEqual([10]);
    const stretches = await pool.query<{began: number; ended: number | null; failed: boolean}>(
      `SELECT extract(epoch FROM s.began_at - s.installed_at) / 86400 AS began, extract(epoch FROM s.ended_at - s.installed_at) / 86400 AS ended, failed
         FROM predict.component_stretch s JOIN network.equipment USING (equipment_no)
        WHERE equipment_id = 'CH-0005' AND s.installed_at = $1 ORDER BY 1`,
      [toIso(installedAt)],
    );
    expect(stretches.rows).toEqual([
      {began: 0, ended: 10, failed: true},
      {began: 10, ended: null, failed: false},
    ]);
  });

  it('B4 teaches a model that names its machines, and finds what comes before their failures', async () => {
    const asked = await ask(['chiller']);
    if (!asked.ok) throw new Error(asked.detail);
    const {targets, machines: histories, machineCount, source} = asked.value;
    expect(targets).toMatchObject([
      {equipmentClassId: 'chiller', signals: [{name: 'vibration_mm_s', label: 'vibration'}]},
    ]);
    const out = await mkdtemp(path.join(tmpdir(), 'own-training-'));
    try {
      const [trained] = await trainModels({
        targets,
        histories,
        machineCount,
        source,
        seed: 1,
        out,
        choice: 'wasm',
      });
      expect(trained!.card).toMatchObject({
        source: expect.stringMatching(/this installation.*22 of 22 machines, \d+ failures/) as string,
      });
      const week = trained!.card.quality.find(({horizonH}) => horizonH === 168)!;
      expect(week.model.averagePrecision).toBeGreaterThan(week.age.averagePrecision);
      expect((await loadModel(path.join(out, trained!.modelVersionId))).equipmentClassId).toBe('chiller');
    } finally {
      await rm(out, {recursive: true, force: true});
    }
  });

  it('B4 reads what a class on another grid than the hourly one has recorded, interval by interval', async () => {
    await owner.query(
      `UPDATE network.equipment_class SET grid_minutes = 180, visit_every_days = 15 WHERE equipment_class_id = 'chiller'`,
    );
    const asked = await ask(['chiller']);
    await owner.query(
      `UPDATE network.equipment_class SET grid_minutes = 60, visit_every_days = NULL WHERE equipment_class_id = 'chiller'`,
    );
    if (!asked.ok) throw new Error(asked.detail);
    expect(asked.value.targets).toMatchObject([{equipmentClassId: 'chiller', gridH: 3, visitEveryH: 360}]);
    for await (const {hours, signals} of asked.value.machines) {
      expect(hours.length).toBe(DAYS * 8);
      expect(hours[1]! - hours[0]!).toBe(3 * HOUR_MS);
      expect(signals['vibration_mm_s']!.n.every((n) => n === 4)).toBe(true);
    }
  });

  it('B4 a pool of classes on different grids is refused', async () => {
    expect(await detailOf(['chiller', 'pump'])).toMatch(
      /taught on one grid: chiller has 60, pump has 180 minutes; set the same grid_minutes$/,
    );
  });

  it('B4 an event that came only after the failure that it precedes refuses the record by name', async () => {
    const {rows} = await owner.query<{no: number; failedAt: number}>(
      `SELECT e.equipment_no AS no, i.removed_at AS "failedAt" FROM network.installation i JOIN network.equipment e USING (equipment_no)
        WHERE i.component_id = 'CH-0003.1'`,
    );
    const {no, failedAt} = rows[0]!;
    const told = (at: number, receivedAt: number): Promise<unknown> =>
      ingest.query(
        `WITH made AS (SELECT ingest.ensure_partitions($2, $2))
         INSERT INTO ingest.equipment_event (equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at, content_hash, type, code)
         SELECT $1, $2, gen_random_uuid(), 3, 1, $3, $3, 0, 'error', 'E-1' FROM made`,
        [no, toIso(epochMs(at)), toIso(epochMs(receivedAt))],
      );
    const before = failedAt - 3 * DAY_MS;
    await ingest.query('SELECT ingest.ensure_partitions($1, $2)', [
      toIso(epochMs(before)),
      toIso(epochMs(failedAt)),
    ]);
    await told(before, before + HOUR_MS); // heard in time
    await told(before + HOUR_MS, failedAt + DAY_MS);
    expect(await detailOf(['chiller'])).toBe(''); // before the first forecast: history as its owner tells it
    await pool.query('SELECT predict.ensure_partitions($1, $1)', [toIso(SINCE)]);
    await pool.query(
      `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend)
       VALUES ('CH-0003.0', $2, 'm', 0, $1, 'comp1', $2, 'grid', 'model', '{24}', '{1}', 0, 100, $2, 0, 0, 'cpu')`,
      [no, toIso(SINCE)],
    );
    expect(await detailOf(['chiller'])).toMatch(
      /: 1 events were not there when a forecast would have been made: the first is CH-0003's/,
    );
  });
});
