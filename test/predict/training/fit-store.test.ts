import {mkdtemp, readdir, readFile, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {digestOf, openFitStore} from '../../../predict/training/fit-store.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const NOW = Date.UTC(2026, 0, 10);
const DAY_MS = 86_400_000;

describe('finished fits', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fit-store-'));
  });
  afterEach(async () => rm(folder, {recursive: true}));

  const age = async (name: string, days: number): Promise<void> => {
    const at = new Date(NOW - days * DAY_MS);
    await utimes(path.join(folder, name), at, at);
  };

  it('come back as they were, typed arrays and bytes of networks too, also for another process', async () => {
    const fitted = {
      member: {weights: new Uint8Array([1, 2, 255]).buffer},
      heldOut: [Float32Array.of(0.1), [NaN, -0]],
    };
    await (await openFitStore(folder, NOW)).keep(A, fitted);
    const later = await openFitStore(folder, NOW);
    expect(await later.find(A)).toEqual(fitted);
    expect(await later.find(B)).toBeUndefined();
  });

  it('are fitted again where a byte changed or the end is missing', async () => {
    const store = await openFitStore(folder, NOW);
    const file = path.join(folder, `${A}.fit`);
    await store.keep(A, {heldOut: [1, 2, 3]});
    const bytes = await readFile(file);
    for (const broken of [bytes.subarray(0, -1), Buffer.alloc(0), flipped(bytes)]) {
      await writeFile(file, broken);
      expect(await store.find(A)).toBeUndefined();
    }
  });

  it('are forgotten when their training is done, those of another training are not', async () => {
    await (await openFitStore(folder, NOW)).keep(A, 1);
    const other = await openFitStore(folder, NOW);
    await other.keep(B, 2);
    await other.clear();
    expect(await readdir(folder)).toEqual([`${A}.fit`]);
    expect(await other.find(A)).toBe(1);
    await other.clear(); // it was used
    expect(await readdir(folder)).toEqual([]);
  });

  it('go after a week, half-written ones too; what is not a fit is let be', async () => {
    await (await openFitStore(folder, NOW)).keep(A, 1);
    await writeFile(path.join(folder, `${B}.77.partial`), 'half');
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    for (const name of await readdir(folder)) await age(name, 6.9);
    await openFitStore(folder, NOW);
    expect(await readdir(folder)).toHaveLength(3);
    await openFitStore(folder, NOW + DAY_MS);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('say which folder cannot be written', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(openFitStore(file, NOW)).rejects.toMatchObject({
      code: 'fits-unwritable',
      message: expect.stringContaining(file) as string,
    });
  });
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1]! ^= 1;
  return copy;
}

describe('a digest', () => {
  it('does not see the order of keys, and sees everything else', () => {
    expect(digestOf({a: 1, b: [2]})).toBe(digestOf({b: [2], a: 1}));
    const values = [
      {a: 1},
      {a: '1'},
      {a: [1]},
      {a: [1, 2]},
      {a: [[1], 2]},
      {a: Float32Array.of(1)},
      {a: Float32Array.of(1, 2)},
      {a: Uint32Array.of(1)},
      {b: 1},
      {a: null},
      ['a', 1],
    ];
    expect(new Set(values.map(digestOf)).size).toBe(values.length);
  });

  it('of shared memory is that of its numbers', () => {
    const shared = new Float32Array(new SharedArrayBuffer(4));
    shared[0] = 0.5;
    expect(digestOf(shared)).toBe(digestOf(Float32Array.of(0.5)));
  });
});
