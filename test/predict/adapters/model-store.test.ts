import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {loadModels} from '../../../predict/adapters/model-store.ts';

it('B4 an installation without models starts, on the age laws alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forestock-models-'));
  try {
    expect(await loadModels(folder)).toEqual([]);
    expect(await loadModels(join(folder, 'never-made'))).toEqual([]);
  } finally {
    await rm(folder, {recursive: true});
  }
});

it('a models folder that is a file is named, with the way out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forestock-models-'));
  const file = join(folder, 'models');
  await writeFile(file, '');
  try {
    await expect(loadModels(file)).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringMatching(/models cannot be read.*FORESTOCK_MODELS/) as string,
    });
  } finally {
    await rm(folder, {recursive: true});
  }
});
