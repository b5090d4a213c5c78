import {createHash, type Hash} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {deserialize, serialize} from 'node:v8';
import {OperationalFault, messageOf} from '../../domain/fault.ts';

/** Finished fits in a folder: a training that was ended, by whatever, goes on with what it had finished. */
export interface FitStore {
  /** Undefined: not kept, or not as it was written; then it is fitted again. */
  find(digest: string): Promise<unknown>;
  keep(digest: string, fitted: unknown): Promise<void>;
  /** Forgets what was found or kept since the store was opened: its training is done. */
  clear(): Promise<void>;
}

/** What nobody came back for. */
const AGE_MAX_MS = 7 * 24 * 3_600_000;
/** Of all fits together; a model of three families takes about 50 MB. The oldest go first. */
const BYTES_MAX = 512 * 2 ** 20;
const CHECKSUM_BYTES = 32;
const SUFFIX = '.fit';

/** @param now wall clock, epoch ms. */
export async function openFitStore(folder: string, now: number): Promise<FitStore> {
  try {
    await mkdir(folder, {recursive: true});
    await removeOld(folder, now);
  } catch (cause) {
    throw unusable(folder, cause);
  }
  const used = new Set<string>();
  const fileOf = (digest: string): string => path.join(folder, digest + SUFFIX);
  return {
    find: async (digest) => {
      const bytes = await readFile(fileOf(digest)).catch(() => undefined);
      if (bytes === undefined) return undefined;
      const payload = bytes.subarray(CHECKSUM_BYTES);
      if (!bytes.subarray(0, CHECKSUM_BYTES).equals(checksum(payload))) return undefined;
      used.add(digest);
      return deserialize(payload) as unknown;
    },
    keep: async (digest, fitted) => {
      const payload = serialize(fitted);
      const partial = path.join(folder, `${digest}.${process.pid}.partial`);
      try {
        await writeFile(partial, Buffer.concat([checksum(payload), payload]));
        await rename(partial, fileOf(digest)); // whole or not at all
      } catch (cause) {
        throw unusable(folder, cause);
      }
      used.add(digest);
    },
    clear: async () => {
      for (const digest of used) await rm(fileOf(digest), {force: true});
      used.clear();
    },
  };
}

async function removeOld(folder: string, now: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.(fit|\d+\.partial)$/.test(name));
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const {size, mtimeMs} = await stat(file);
      return {file, size, mtimeMs};
    }),
  );
  files.sort((a, b) => b.mtimeMs - a.mtimeMs);
  let bytes = 0;
  for (const {file, size, mtimeMs} of files) {
    bytes += size;
    if (bytes > BYTES_MAX || now - mtimeMs > AGE_MAX_MS) await rm(file, {force: true});
  }
}

function unusable(folder: string, cause: unknown): OperationalFault {
  return new OperationalFault(
    'fits-unwritable',
    `finished fits cannot be kept in ${folder}: ${messageOf(cause)}; let the process write it, or name another with --fits`,
    {retryable: false, cause},
  );
}

function checksum(payload: Uint8Array): Buffer {
  return createHash('sha256').update(payload).digest();
}

/** SHA-256 of plain data and typed arrays, whatever order an object's keys are in. */
export function digestOf(value: unknown): string {
  const hash = createHash('sha256');
  feed(hash, value);
  return hash.digest('hex');
}

function feed(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name} ${value.byteLength}\n`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    hash.update(`[${value.length}\n`);
    for (const each of value) feed(hash, each);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    hash.update(`{${entries.length}\n`);
    for (const [key, each] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      feed(hash, key);
      feed(hash, each);
    }
  } else hash.update(`${typeof value} ${String(value).length} ${String(value)}\n`);
}
