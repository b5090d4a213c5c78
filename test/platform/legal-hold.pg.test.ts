import {generateKeyPairSync} from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {readAnchorPage, readTrail, readTrailState} from '../../platform/audit/read-trail.ts';
import {auditUpkeep} from '../../platform/audit/retention.ts';
import {Sealer} from '../../platform/audit/sealer.ts';
import {verifyTrail} from '../../platform/audit/verify.ts';
import type {Verdict} from '../../platform/audit/verify.ts';
import {openHolds} from '../../platform/holds.ts';
import type {Hold, Holds} from '../../platform/holds.ts';
import {silentLogger} from '../../platform/log.ts';
import {setParameter} from '../../platform/parameters.ts';
import type {Pool} from '../../platform/pg.ts';
import {predictUpkeep} from '../../predict/adapters/upkeep.ts';
import {installBase} from '../ingest/installed-base.ts';
import {readingOf} from '../ingest/envelopes.ts';
import {NOW, openStore, storeMaintenance} from '../ingest/store/store-world.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const ago = (days: number): EpochMs => epochMs(NOW - days * DAY_MS);
const KEYS = generateKeyPairSync('ed25519');

describe('legal hold', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let pool: Pool;
  let holds: Holds;
  beforeEach(async () => {
    database = await openTestDatabase();
    owner = new pg.Client({connectionString: database.ownerUrl});
    await owner.connect();
    await installBase(owner, ['CH-0001', 'CH-0002']);
    pool = database.poolFor('forestock_platform');
    holds = openHolds(pool, {now: () => NOW});
  });
  afterEach(() => owner.end());

  const place = async (over: Partial<Hold> = {}): Promise<Awaited<ReturnType<Holds['place']>>> =>
    holds.place(
      {
        ...{holdId: 'CASE-7', kind: 'equipment', subjectId: 'CH-0001', reason: 'claim 7'},
        ...{from: ago(520), to: ago(490), ...over},
      },
      'ada',
    );
  const seqs = async (): Promise<number[]> =>
    (await owner.query<{seq: string}>('SELECT seq FROM ingest.reading ORDER BY seq')).rows.map(({seq}) =>
      Number(seq),
    );
  const night = async (now = NOW): Promise<unknown> =>
    storeMaintenance(database.poolFor('forestock_ingest')).runOnce(now);

  it('K5 held readings outlast their days, the rest goes, and lifting the hold lets them go too', async () => {
    const put = openStore(database.poolFor('forestock_ingest'));
    const at = (no: number, seq: number, days: number): ReturnType<typeof readingOf> =>
      readingOf(no, seq, {observedAt: ago(days)});
    await put(at(1, 1, 540), at(1, 2, 500), at(2, 3, 470), at(1, 4, 430), at(1, 5, 0));
    expect((await place()).ok).toBe(true);
    await night();
    expect(await seqs()).toEqual([2, 5]); // the weeks before and after the held one went
    expect(await holds.lift('CASE-7', 'bob', 'settled')).toMatchObject({ok: true, value: {liftedBy: 'bob'}});
    await night(epochMs(NOW + DAY_MS));
    expect(await seqs()).toEqual([5]);
    const {rows} = await owner.query<object>(
      `SELECT actor, action, subject FROM platform.audit_entry WHERE action LIKE 'hold.%' ORDER BY audit_id`,
    );
    expect(rows).toEqual([
      {actor: 'ada', action: 'hold.placed', subject: 'CASE-7'},
      {actor: 'bob', action: 'hold.lifted', subject: 'CASE-7'},
    ]);
  });

  it('K5 a hold on a part or a partner holds its machines, one on another machine does not', async () => {
    await owner.query(`INSERT INTO network.component (component_id, class_id, part_id) VALUES ('S-1', 'compressor', 'P-1');
      INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
        SELECT equipment_no, 'comp1', '2024-01-01Z', 'S-1', 'k' FROM network.equipment WHERE equipment_id = 'CH-0001'`);
    const put = openStore(database.poolFor('forestock_ingest'));
    await put(readingOf(1, 1, {observedAt: ago(500)}), readingOf(1, 2, {observedAt: ago(0)}));
    let tonight = NOW;
    for (const [kind, subjectId] of [
      ['part', 'P-1'],
      ['party', 'customer-1'],
    ] as const) {
      await place({holdId: kind, kind, subjectId});
      await night(tonight);
      expect(await seqs(), kind).toEqual([1, 2]);
      await holds.lift(kind, 'ada', 'settled');
      tonight = epochMs(tonight + DAY_MS);
    }
    await place({holdId: 'other', subjectId: 'CH-0002'});
    await place({holdId: 'earlier', from: ago(600), to: ago(510)});
    await night(tonight);
    expect(await seqs()).toEqual([2]);
  });

  it('K5 held forecasts and refused messages stay, whoever deletes', async () => {
    const predict = database.poolFor('forestock_predict');
    for (const days of [500, 600]) {
      await predict.query('SELECT predict.ensure_partitions($1, $1)', [toIso(ago(days))]);
      await predict.query(
        `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
           cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend)
         VALUES ('c', $1, 'm', 0, 1, 'comp1', $1, 'grid', 'base-rate', '{24}', '{10}', 1, 100, $1, 0, 0, 'cpu')`,
        [toIso(ago(days))],
      );
      for (const [id, party] of [
        ['CH-0001', null],
        ['CH-0002', null],
        [null, 'customer-1'],
      ])
        await owner.query(
          `INSERT INTO ingest.dead_letter (dead_letter_id, received_at, topic, raw, reason, detail, equipment_id, party_id)
           VALUES (gen_random_uuid(), $1, 't', '', 'r', 'd', $2, $3)`,
          [toIso(ago(days)), id, party],
        );
    }
    await place();
    await place({holdId: 'CASE-8', kind: 'party', subjectId: 'customer-1', from: ago(501), to: ago(500 - 1)});
    expect(await predictUpkeep(predict, {keepForecastsDays: 400})[0]!.run(NOW)).toMatchObject({dropped: 1});
    expect((await predict.query('SELECT 1 FROM predict.forecast')).rowCount).toBe(1);
    await night();
    const letters = await owner.query<{e: string | null}>(
      'SELECT equipment_id AS e FROM ingest.dead_letter ORDER BY 1',
    );
    expect(letters.rows.map(({e}) => e)).toEqual(['CH-0001', 'CH-0002', null]); // the partner's machines too
    await owner.query('DELETE FROM ingest.dead_letter');
    expect((await owner.query('SELECT 1 FROM ingest.dead_letter')).rowCount).toBe(3);
  });

  it('a hold that would hold nothing is refused, and a name is used once', async () => {
    expect(await place({subjectId: 'CH-9999'})).toMatchObject({ok: false, reason: 'unknown-hold-subject'});
    expect(await place({to: ago(520)})).toMatchObject({ok: false, reason: 'hold-span'});
    expect(await place()).toMatchObject({ok: true});
    expect(await place()).toMatchObject({ok: false, reason: 'hold-exists'});
    expect(await holds.lift('CASE-9', 'ada', 'x')).toMatchObject({ok: false, reason: 'unknown-hold'});
    expect(await holds.list(10)).toMatchObject([{holdId: 'CASE-7', from: ago(520), liftedAt: null}]);
  });

  describe('the audit trail past its days', () => {
    const record = (days: number): Promise<unknown> =>
      pool.query(`SELECT platform.record_audit($1, 'ada', 'order.placed', 'O', '{}')`, [toIso(ago(days))]);
    let sealer: Sealer;
    beforeEach(async () => {
      const file = path.join(temporaryFolder('retention'), 'anchors.ndjson');
      sealer = new Sealer({pool, key: () => KEYS.privateKey, file, log: silentLogger()});
      for (const days of [900, 800, 700, 600]) {
        await record(days);
        await record(days);
        await sealer.finish(); // an anchor after each two
      }
      await setParameter(pool, {
        key: 'platform.retention',
        value: {auditDays: 500},
        from: ago(1),
        actor: 'ada',
      });
      await sealer.finish();
    });
    const verify = async (): Promise<Verdict> => {
      const state = await readTrailState(pool);
      const lines = await readTrail(pool, {after: state.start.sealNo, limit: 1000, scope: {}});
      const anchors = await readAnchorPage(pool, 0, 1000);
      return verifyTrail({...state, lines, anchors, publicKeys: [KEYS.publicKey]});
    };
    const cut = (): Promise<unknown> => auditUpkeep(pool).run(NOW);

    it('K5 the beginning goes up to an anchor, the rest verifies, and an entry says what went', async () => {
      expect(await cut()).toEqual({removed: 8});
      expect((await readTrailState(pool)).start.sealNo).toBe(8);
      expect(await verify()).toMatchObject({rows: 2, firstBad: null}); // the limit's own entry, and the cut's
      expect(await cut()).toEqual({removed: 0});
      const lines = await readTrail(pool, {after: 8, limit: 10, scope: {}});
      expect(lines[1]!.entry).toMatchObject({action: 'audit.cut', subject: '8', actor: 'forestock'});
    });

    it('K5 nothing goes without a stated limit, and entries of a span on hold stay with all that follows', async () => {
      await setParameter(pool, {key: 'platform.retention', value: {}, from: ago(0), actor: 'ada'});
      expect(await cut()).toEqual({removed: 0});
      await setParameter(pool, {
        key: 'platform.retention',
        value: {auditDays: 500},
        from: ago(0),
        actor: 'ada',
      });
      await place({from: ago(710), to: ago(690)});
      await sealer.finish();
      expect(await cut()).toEqual({removed: 4});
      expect((await verify()).firstBad).toBeNull();
      await holds.lift('CASE-7', 'ada', 'settled');
      expect(await cut()).toEqual({removed: 4});
      expect((await verify()).firstBad).toBeNull();
    });

    it('K5 a trail that is not whole is evidence: nothing of it is removed', async () => {
      await owner.query('ALTER TABLE platform.audit_entry DISABLE TRIGGER append_only');
      await owner.query(
        `UPDATE platform.audit_entry SET actor = 'eve' WHERE audit_id = (SELECT audit_id FROM platform.audit_seal WHERE seal_no = 3)`,
      );
      await expect(cut()).rejects.toThrow(
        /not whole, so nothing of it is removed: entry \d+ is not what seal 3/,
      );
      expect((await readTrailState(pool)).start.sealNo).toBe(0);
    });

    it('K5 nobody cuts elsewhere: not at a seal without an anchor, nor younger entries, nor the end', async () => {
      const cutAt = (seal: number, before = ago(500)): Promise<unknown> =>
        pool.query('SELECT platform.cut_audit($1, $2, 5000, $3)', [seal, toIso(before), toIso(NOW)]);
      for (const seal of [0, 3, 9, 99]) await expect(cutAt(seal)).rejects.toThrow('cannot be cut');
      await expect(cutAt(6, ago(750))).rejects.toThrow('cannot be cut');
      await expect(cutAt(9, ago(-1))).rejects.toThrow('cannot be cut');
    });
  });
});
