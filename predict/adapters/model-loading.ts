import {join} from 'node:path';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {ModelVersionId} from '../../domain/ids.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Pool} from '../../platform/pg.ts';
import {enrol, loadRegistered, registeredModels} from './model-registry.ts';
import {loadModel, modelFolders} from './model-store.ts';
import type {StoredModel} from './model-store.ts';

/** Where models lie, and where they are registered. */
export interface ModelsHome {
  readonly pool: Pool;
  readonly modelsDir: string;
  readonly now: () => EpochMs;
}

/** Registers every folder that is not known yet. @returns why some were refused. */
export async function registerNew(
  {pool, modelsDir, now}: ModelsHome,
  known: readonly {readonly modelVersionId: string}[],
): Promise<Map<string, Error>> {
  const names = new Set(known.map(({modelVersionId}) => modelVersionId));
  const refused = new Map<string, Error>();
  for (const name of await modelFolders(modelsDir)) {
    if (names.has(name)) continue;
    try {
      const model = await loadModel(join(modelsDir, name));
      if (model.modelVersionId !== name) throw misnamed(modelsDir, name, model.modelVersionId);
      const entered = await enrol(pool, model, now());
      if (!entered.ok) refused.set(name, new Error(entered.detail));
    } catch (fault) {
      refused.set(name, asError(fault));
    }
  }
  return refused;
}

function misnamed(modelsDir: string, name: string, modelVersionId: string): OperationalFault {
  return new OperationalFault(
    'model-unreadable',
    `${join(modelsDir, name)} holds model ${modelVersionId}; name the folder so`,
    {retryable: false},
  );
}

/** The versions from disk, each proved to be what was registered; those that are loaded already are not read again. */
export async function loadInUse(
  {pool, modelsDir}: ModelsHome,
  ids: readonly ModelVersionId[],
  loaded: ReadonlyMap<string, StoredModel>,
): Promise<{readonly models: Map<string, StoredModel>; readonly faults: Map<string, Error>}> {
  const registered = new Map((await registeredModels(pool)).map((one) => [one.modelVersionId, one]));
  const models = new Map<string, StoredModel>();
  const faults = new Map<string, Error>();
  for (const id of new Set(ids)) {
    try {
      models.set(id, loaded.get(id) ?? (await loadRegistered(modelsDir, registered.get(id)!)));
    } catch (fault) {
      faults.set(id, asError(fault));
    }
  }
  return {models, faults};
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
