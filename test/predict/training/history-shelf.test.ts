import {mkdtempSync, readdirSync, rmdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {openHistoryShelf} from '../../../predict/training/history-shelf.ts';
import {trainingHistory} from '../../../simulator/training-history.ts';

describe('histories on a shelf', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'shelf-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmdirSync(folder); // which it only does where nothing was left
  });

  it('come back as they were, and are read anew whenever they are asked for', () => {
    const shelf = openHistoryShelf();
    const machines = [...trainingHistory({seed: 1, machines: 3, days: 3})];
    const put = machines.map((machine) => shelf.put(machine));
    expect(put).toEqual(machines);
    const [name] = Object.keys(put[0]!.signals);
    expect(put[0]!.signals[name!]!.mean).toHaveLength(machines[0]!.hours.length);
    expect(put[0]!.signals[name!]!.mean).not.toBe(put[0]!.signals[name!]!.mean);
    shelf.close();
  });

  it('leave no file behind, not even while they are used', () => {
    const shelf = openHistoryShelf();
    expect(readdirSync(folder)).toEqual([]);
    shelf.close();
  });

  it('are refused where there is no room for them, with the way out', () => {
    vi.stubEnv('TMPDIR', '/nowhere');
    expect(() => openHistoryShelf()).toThrow(
      expect.objectContaining({
        code: 'histories-unwritable',
        message: expect.stringContaining('TMPDIR') as string,
      }),
    );
  });
});
