import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {appendFile, mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {writeHeads} from '../../../predict/adapters/head-files.ts';
import type {CrossFit} from '../../../predict/training/cross-fit.ts';
import {openFitStore, type FitStore} from '../../../predict/training/fit-store.ts';
import {FITS, smallTraining} from './small-training.ts';

describe('a training that is killed half way', () => {
  let folder: string;
  let finished: string[];
  const fitsIn = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.endsWith('.fit')).sort();

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'resume-'));
    const program = path.join(import.meta.dirname, 'small-training.ts');
    const training = spawn(process.execPath, ['--import', 'tsx', program, folder], {stdio: 'inherit'});
    const ended = once(training, 'exit');
    while ((await fitsIn()).length < 3 && training.exitCode === null) await sleep(5);
    training.kill('SIGKILL');
    await ended;
    finished = await fitsIn();
  });
  afterAll(async () => rm(folder, {recursive: true}));

  it('B1 goes on with what it had finished, fits the rest alone, and gives the bytes of one that was not', async () => {
    expect(finished.length).toBeGreaterThanOrEqual(3);
    expect(finished.length).toBeLessThan(FITS);
    const [damaged, ...whole] = finished;
    await appendFile(path.join(folder, damaged!), '!');
    const store = await openFitStore(folder, Date.now());
    const {counted, fits} = counting(store);
    const resumed = await smallTraining(counted);
    expect(fits.found).toEqual(whole.length);
    expect(fits.kept).toEqual(FITS - whole.length);
    expect(bytesOf(resumed)).toEqual(bytesOf(await smallTraining()));
    expect(await fitsIn()).toHaveLength(FITS);
    await store.clear();
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/\.fit$/));
  });
});

function counting(store: FitStore): {
  readonly counted: FitStore;
  readonly fits: {found: number; kept: number};
} {
  const fits = {found: 0, kept: 0};
  return {
    fits,
    counted: {
      ...store,
      find: async (digest) => {
        const found = await store.find(digest);
        if (found !== undefined) fits.found += 1;
        return found;
      },
      keep: async (digest, fitted) => {
        fits.kept += 1;
        await store.keep(digest, fitted);
      },
    },
  };
}

function bytesOf({members, calibration, contenders}: CrossFit): unknown {
  const head = {
    inputs: [0, 1, 2, 3, 4, 5],
    scaling: {mean: [0], sd: [1]},
    members: members.flat(),
    parts: 5,
    calibration,
  };
  return {...writeHeads({hazards: head}), contenders};
}
