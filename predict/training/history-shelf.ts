import {closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import {invariant} from '../../domain/invariant.ts';
import type {TrainingMachine} from './dataset.ts';

/** Histories whose readings lie on disk until somebody asks for them. */
export interface HistoryShelf {
  /** The same machine; each of its signals is read from disk whenever it is asked for. */
  put(machine: TrainingMachine): TrainingMachine;
  close(): void;
}

type Series = TrainingMachine['signals'][string];
type Column = keyof Series;
const COLUMNS = ['mean', 'sd', 'min', 'max', 'n'] as const satisfies readonly Column[];

/**
 * They lie in one file without a name, so that nothing is left of it however the process ends. 150 machines that sent five signals
 * by the hour for 18 months are 190 MB, and training looks at them one after another.
 *
 * @throws OperationalFault 'histories-unwritable' where the folder for temporary files has no room
 */
export function openHistoryShelf(): HistoryShelf {
  const file = openNameless();
  let end = 0;
  const append = (column: Float32Array): number => {
    const from = end;
    const bytes = bytesOf(column);
    try {
      while (end < from + bytes.length) end += writeSync(file, bytes, end - from, undefined, end);
    } catch (cause) {
      throw fault(cause);
    }
    return from;
  };
  const columnAt = (from: number, length: number): Float32Array => {
    const column = new Float32Array(length);
    const bytes = bytesOf(column);
    for (let read = 0; read < bytes.length;) {
      const now = readSync(file, bytes, read, bytes.length - read, from + read);
      invariant(now > 0, 'a history is read back as far as it was written');
      read += now;
    }
    return column;
  };
  // Made apart from `put`: there it would hold on to the series that was put away.
  const readerOf = (places: readonly number[], length: number) => (): Series => {
    const [mean, sd, min, max, n] = places.map((from) => columnAt(from, length));
    return {mean: mean!, sd: sd!, min: min!, max: max!, n: n!};
  };
  return {
    put: (machine) => {
      const signals = {};
      for (const [name, series] of Object.entries(machine.signals)) {
        const get = readerOf(
          COLUMNS.map((column) => append(series[column])),
          series.n.length,
        );
        Object.defineProperty(signals, name, {enumerable: true, get});
      }
      return {...machine, signals};
    },
    close: () => closeSync(file),
  };
}

function openNameless(): number {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'forestock-histories-'));
    const file = openSync(path.join(folder, 'readings'), 'w+');
    rmSync(folder, {recursive: true});
    return file;
  } catch (cause) {
    throw fault(cause);
  }
}

function bytesOf({buffer, byteOffset, byteLength}: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function fault(cause: unknown): OperationalFault {
  return new OperationalFault(
    'histories-unwritable',
    `readings cannot be kept in ${tmpdir()} while a model is trained: ${messageOf(cause)}; make room there, or name another folder (TMPDIR)`,
    {retryable: false, cause},
  );
}
