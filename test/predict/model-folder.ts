import {cp} from 'node:fs/promises';
import {join} from 'node:path';
import {repositoryRoot} from '../../platform/migrate.ts';
import {loadModel, loadModels, saveModel} from '../../predict/adapters/model-store.ts';
import type {StoredModel} from '../../predict/adapters/model-store.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const SHIPPED = join(repositoryRoot(), 'models');

/** The shipped models, copied: a folder that a test may add to and damage. */
export async function modelFolder(): Promise<string> {
  const folder = temporaryFolder('models');
  await cp(SHIPPED, folder, {recursive: true});
  return folder;
}

export async function shippedChiller(folder = SHIPPED): Promise<StoredModel> {
  return (await loadModels(folder)).find(({equipmentClassId}) => equipmentClassId === 'chiller')!;
}

/**
 * The shipped model, but it sees failures everywhere: its calibration is moved. Written as a version of its own, whose name comes after
 * the shipped one's: of two that pass, the first becomes champion.
 */
export async function rivalChiller(folder: string, {passed = true} = {}): Promise<StoredModel> {
  const {modelVersionId: shipped} = await shippedChiller();
  const {features, heads, card, cardMarkdown} = await loadModel(join(SHIPPED, shipped));
  const {hazards} = heads;
  const calibration = hazards.calibration.map(({slope, shift}) => ({slope, shift: shift + 5}));
  const quality = (card['quality'] as {model: object}[]).map((one) =>
    passed ? one : {...one, model: {...one.model, calibrationError: 0.5}},
  );
  const write = async (into: string, source: string): Promise<StoredModel> =>
    saveModel(into, {
      features,
      heads: {...heads, hazards: {...hazards, calibration}},
      card: {...card, quality, passed, source},
      cardMarkdown,
    });
  const elsewhere = temporaryFolder('rivals');
  for (let nth = 1; ; nth += 1) {
    const source = `rival ${nth}`;
    if ((await write(elsewhere, source)).modelVersionId > shipped) return write(folder, source);
  }
}
