import {beforeEach, describe, expect, it} from 'vitest';
import type {ModelVersionId} from '../../domain/ids.ts';
import {epochMs} from '../../domain/time.ts';
import type {Pool} from '../../platform/pg.ts';
import {
  enrol,
  fallBack,
  modelHistory,
  recover,
  registeredModels,
} from '../../predict/adapters/model-registry.ts';
import {loadModels} from '../../predict/adapters/model-store.ts';
import type {StoredModel} from '../../predict/adapters/model-store.ts';
import {repositoryRoot} from '../../platform/migrate.ts';
import {openTestDatabase} from '../support/database.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));
const [chiller] = (await loadModels(`${repositoryRoot()}/models`)) as [StoredModel];
const at = {modelVersionId: chiller.modelVersionId, equipmentClassId: 'chiller'};
const because = {actor: 'ann', reason: 'drift', evidence: {psi: 0.4}, at: NOW};

describe('the registry of models', () => {
  let pool: Pool;
  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_predict');
  });

  const states = async (): Promise<string[]> =>
    (await modelHistory(pool)).map(
      (step) => `${step.modelVersionId} ${step.event} ${step.state} by ${step.actor}`,
    );
  const audit = async (): Promise<unknown[]> =>
    (
      await pool.query<{actor: string; action: string; subject: string}>(
        `SELECT actor, action, subject FROM platform.audit_entry WHERE action LIKE 'model.%' ORDER BY audit_id`,
      )
    ).rows;

  it('B4 a version is registered once, the first of its class as champion, with an audit row', async () => {
    for (let i = 0; i < 2; i += 1) expect(await enrol(pool, chiller, NOW)).toMatchObject({ok: true});
    expect(await states()).toEqual([`${chiller.modelVersionId} enter champion by first start`]);
    expect(await audit()).toEqual([
      {actor: 'first start', action: 'model.enter', subject: chiller.modelVersionId},
    ]);
    expect(await registeredModels(pool)).toMatchObject([
      {
        equipmentClassIds: ['chiller'],
        pooled: false,
        manifestSha256: chiller.manifestSha256,
        firstSeenAt: NOW,
      },
    ]);
  });

  it('B4 two processes that start at once make one champion', async () => {
    const twin = {...chiller, modelVersionId: 'chiller-2' as ModelVersionId, manifestSha256: 'ab'.repeat(32)};
    await Promise.all([
      enrol(pool, chiller, NOW),
      enrol(pool, chiller, NOW),
      enrol(pool, twin, NOW),
      enrol(pool, twin, NOW),
    ]);
    expect((await modelHistory(pool)).map(({state}) => state).sort()).toEqual(['champion', 'shadow']);
  });

  it('B4 one name holds one content for ever', async () => {
    await enrol(pool, chiller, NOW);
    const other = {...chiller, manifestSha256: 'ab'.repeat(32)};
    expect(await enrol(pool, other, NOW)).toMatchObject({ok: false, reason: 'model-changed'});
    await expect(pool.query(`UPDATE predict.model_version SET card = '{}'`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(pool.query('DELETE FROM predict.model_state')).rejects.toThrow(/permission denied/);
  });

  it('B4 a fallback and its end leave history and audit, with who, why and the figures', async () => {
    await enrol(pool, chiller, NOW);
    expect(await fallBack(pool, at, because)).toMatchObject({ok: true});
    expect(await fallBack(pool, at, because)).toMatchObject({ok: false, reason: 'model-state'});
    expect(await recover(pool, at, {...because, reason: 'inputs are as they were'})).toMatchObject({
      ok: true,
    });
    expect(await modelHistory(pool)).toMatchObject([
      {event: 'enter', state: 'champion'},
      {
        event: 'fall-back',
        state: 'fallen-back',
        actor: 'ann',
        reason: 'drift',
        evidence: {psi: 0.4},
        fromAt: NOW,
      },
      {event: 'recover', state: 'champion', reason: 'inputs are as they were'},
    ]);
    expect(await audit()).toMatchObject([
      {},
      {actor: 'ann', action: 'model.fall-back'},
      {action: 'model.recover'},
    ]);
  });
});
