import {cp, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import type {Pool} from '../../platform/pg.ts';
import {LineupKeeper} from '../../predict/adapters/lineup-keeper.ts';
import {changeStates, enrol, fallBack, modelHistory, recover} from '../../predict/adapters/model-registry.ts';
import type {StoredModel} from '../../predict/adapters/model-store.ts';
import {promotion} from '../../predict/core/model-change.ts';
import {openTestDatabase} from '../support/database.ts';
import {modelFolder, rivalChiller, shippedChiller} from './model-folder.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));
const because = {actor: 'ann', reason: 'a test', at: NOW};

describe('the models of a process that runs', () => {
  let pool: Pool;
  let folder: string;
  let champion: StoredModel;
  const keepers: LineupKeeper[] = [];

  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_predict');
    folder = await modelFolder();
    champion = await shippedChiller(folder);
  });
  afterEach(async () => {
    for (const keeper of keepers.splice(0)) await keeper.close();
    await rm(folder, {recursive: true});
  });

  async function keeper(): Promise<LineupKeeper> {
    const options = {pool, modelsDir: folder, choice: 'cpu' as const, log: silentLogger(), now: () => NOW};
    const opened = await LineupKeeper.open(options);
    keepers.push(opened);
    return opened;
  }
  const chillers = (one: LineupKeeper): readonly string[][] => {
    const {roles} = one.take();
    return [roles.champions('chiller'), roles.shadows('chiller')].map((models) =>
      models.map(({modelVersionId}) => modelVersionId),
    );
  };
  const promote = async (model: StoredModel): Promise<void> => {
    const done = await changeStates(
      pool,
      () => because,
      (history) => promotion(history, model.modelVersionId, ['chiller']),
    );
    expect(done).toMatchObject({ok: true});
  };
  const alerts = async (): Promise<unknown[]> =>
    (
      await pool.query<{subject: string; state: string}>(
        `SELECT subject, state FROM replenish.alert WHERE kind = 'model-refused' ORDER BY opened_at`,
      )
    ).rows;

  it('B4 a folder that comes while a process runs is a shadow at the next look; one that is half there is refused by name', async () => {
    const one = await keeper();
    const rival = await rivalChiller(folder);
    await rename(join(folder, rival.modelVersionId, 'manifest.json'), join(folder, 'aside'));
    await one.look();
    expect([...one.refusals.keys()]).toEqual([rival.modelVersionId]);
    expect(chillers(one)).toEqual([[champion.modelVersionId], []]);
    await rename(join(folder, 'aside'), join(folder, rival.modelVersionId, 'manifest.json'));
    await one.look();
    expect(one.refusals.size).toBe(0);
    expect(chillers(one)).toEqual([[champion.modelVersionId], [rival.modelVersionId]]);
  });

  it('B4 two processes follow one promotion, and a class that falls back has no champion in either until it recovers', async () => {
    const rival = await rivalChiller(folder);
    const both = [await keeper(), await keeper()];
    await promote(rival);
    for (const one of both) expect(await one.look()).toBe(1);
    expect(both.map(chillers)).toEqual(both.map(() => [[rival.modelVersionId], []]));
    const at = {modelVersionId: rival.modelVersionId, equipmentClassId: 'chiller'};
    await fallBack(pool, at, because);
    for (const one of both) await one.look();
    expect(both.map(chillers)).toEqual(both.map(() => [[], [rival.modelVersionId]]));
    await recover(pool, at, because);
    for (const one of both) await one.look();
    expect(both.map(chillers)).toEqual(both.map(() => [[rival.modelVersionId], []]));
    for (const one of both) expect(await one.look()).toBe(0);
  });

  it('B4 a promoted version that this process cannot load is refused, one alert, and the champion stays until it can', async () => {
    const one = await keeper();
    const elsewhere = await modelFolder();
    const rival = await rivalChiller(elsewhere); // promoted by a process that has its folder
    expect(await enrol(pool, rival, NOW)).toMatchObject({ok: true});
    await promote(rival);
    for (let i = 0; i < 2; i += 1) expect(await one.look()).toBe(0);
    expect([...one.refusals.keys()]).toEqual([rival.modelVersionId]);
    expect(chillers(one)).toEqual([[champion.modelVersionId], []]);
    expect(await alerts()).toEqual([{subject: rival.modelVersionId, state: 'open'}]);
    await cp(join(elsewhere, rival.modelVersionId), join(folder, rival.modelVersionId), {recursive: true});
    expect(await one.look()).toBe(1);
    expect(chillers(one)).toEqual([[rival.modelVersionId], []]);
    expect(await alerts()).toEqual([{subject: rival.modelVersionId, state: 'cleared'}]);
    await rm(elsewhere, {recursive: true});
  });

  it('B4 a start without its champion is refused with the way out; without a shadow it goes on', async () => {
    const rival = await rivalChiller(folder);
    await (await keeper()).look();
    await rm(join(folder, rival.modelVersionId), {recursive: true});
    expect([...(await keeper()).refusals.keys()]).toEqual([rival.modelVersionId]);
    await rm(join(folder, champion.modelVersionId), {recursive: true});
    await expect(keeper()).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringContaining(champion.modelVersionId) as string,
    });
    expect((await modelHistory(pool)).filter(({event}) => event !== 'enter')).toEqual([]);
  });

  it('B4 before anything is registered a damaged folder refuses the start', async () => {
    await rm(join(folder, champion.modelVersionId, 'weights.bin'));
    await expect(keeper()).rejects.toMatchObject({code: 'model-unreadable'});
  });
});
