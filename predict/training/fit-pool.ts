import {availableParallelism} from 'node:os';
import type {Worker} from 'node:worker_threads';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {BackendName} from '../adapters/backend.ts';
import {spawnWorker} from '../adapters/spawn-worker.ts';
import type {Family, FamilyLesson, FamilyRow, Fitted} from './families/family.ts';
import type {FoldRows} from './fold-rows.ts';
import {packRows, type PackedRows} from './packed-rows.ts';

export interface FitPoolOptions extends Pick<FamilyLesson, 'start'> {
  readonly families: readonly Family[];
  readonly backend: BackendName;
}

/** What a thread knows from its start; the rows lie in memory that all threads share. */
export interface FitWorkerData extends FitPoolOptions {
  readonly rows: PackedRows;
}

/** Fit a family on some of the rows, and ask it about others. */
export interface FitJob extends FoldRows {
  /** Index among the pool's families. */
  readonly family: number;
  readonly seed: number;
}

export interface FitPool {
  fit(job: FitJob): Promise<Fitted>;
  close(): Promise<void>;
}

/** Each thread holds a backend and the bins of a fit of its own: more would cost memory before they save time. */
const THREADS_MAX = 2;

/** Rows lie outside the heap: what a fit leaves behind is better cleared than kept. */
const HEAP = {maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32};

/** Fits in worker threads, the next job to whichever is free. What a job answers does not depend on the thread. */
export function openFitPool(rows: readonly FamilyRow[], options: FitPoolOptions): FitPool {
  const data: FitWorkerData = {...options, rows: packRows(rows)};
  const file = new URL('./fit-worker.ts', import.meta.url);
  const threads = Array.from({length: Math.min(THREADS_MAX, availableParallelism())}, () =>
    spawnWorker(file, data, HEAP),
  );
  const idle = [...threads];
  const waiting: ((thread: Worker) => void)[] = [];
  return {
    fit: async (job) => {
      const thread = idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
      const fitted = await ask(thread, job);
      const next = waiting.shift();
      if (next) next(thread);
      else idle.push(thread);
      return fitted;
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** A thread that ends takes the training with it: a fit that failed once fails again. */
async function ask(thread: Worker, job: FitJob): Promise<Fitted> {
  return new Promise((resolve, reject) => {
    const lost = (cause: unknown): void =>
      reject(
        new OperationalFault(
          'training-worker-lost',
          `a training thread ended: ${messageOf(cause)}; train again`,
          {
            retryable: false,
            cause,
          },
        ),
      );
    const exited = (code: number): void => lost(`exit code ${code}`);
    thread.once('error', lost);
    thread.once('exit', exited);
    thread.once('message', (fitted: Fitted) => {
      thread.off('error', lost);
      thread.off('exit', exited);
      resolve(fitted);
    });
    thread.postMessage(job);
  });
}
