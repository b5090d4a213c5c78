import {availableParallelism} from 'node:os';
import {setFlagsFromString} from 'node:v8';
import type {Worker} from 'node:worker_threads';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import {spawnWorker} from '../adapters/spawn-worker.ts';
import {digestOf, type FitStore} from './fit-store.ts';

export interface FitPoolOptions<Data> {
  /** The module that a thread runs (serve-fits.ts). */
  readonly worker: URL;
  /** What each thread knows from its start; rows lie in memory that all of them share. */
  readonly data: Data;
  /** At most; default 2. */
  readonly threads?: number | undefined;
  /** Where finished fits are kept and looked for; default nowhere. */
  readonly kept?: FitStore | undefined;
}

/** Plain data in, plain data out. */
export interface FitPool<Job, Fitted> {
  fit(job: Job): Promise<Fitted>;
  close(): Promise<void>;
}

/** Raise it with any change after which the same job gives another fit: kept ones are then fitted again. */
const FIT_FORMAT = 1;

/** Each thread holds a backend and the bins of a fit of its own: more would cost memory before they save time. */
const THREADS_MAX = 2;

/** Rows lie outside the heap: what a fit leaves behind is better cleared than kept, in a thread and where its answers are judged. */
const HEAP = {maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32};
/** V8 lets a heap grow to four times of what is alive before it clears it; of 100 MB alive that was half of all that training held. */
const HEAP_GROWS_PERCENT = 50;

/**
 * Fits in worker threads, which start when they are needed, the next job to whichever is free. What a job answers does not
 * depend on the thread, nor on whether it was fitted now or before the training was ended.
 */
export function openFitPool<Data, Job, Fitted>({
  worker,
  data,
  threads: threadsMax = THREADS_MAX,
  kept,
}: FitPoolOptions<Data>): FitPool<Job, Fitted> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWS_PERCENT}`);
  const threads: Worker[] = [];
  const idle: Worker[] = [];
  const waiting: ((thread: Worker) => void)[] = [];
  const take = (): Worker | Promise<Worker> => {
    const free = idle.pop();
    if (free) return free;
    if (threads.length === Math.min(threadsMax, availableParallelism()))
      return new Promise((resolve) => waiting.push(resolve));
    const started = spawnWorker(worker, data, HEAP);
    threads.push(started);
    return started;
  };
  const fit = async (job: Job): Promise<Fitted> => {
    const thread = await take();
    const fitted = await ask<Fitted>(thread, job);
    const next = waiting.shift();
    if (next) next(thread);
    else idle.push(thread);
    return fitted;
  };
  const dataDigest = kept && digestOf(data);
  return {
    fit: async (job) => {
      if (kept === undefined) return fit(job);
      const digest = digestOf([FIT_FORMAT, dataDigest, job]);
      const found = await kept.find(digest);
      if (found !== undefined) return found as Fitted;
      const fitted = await fit(job);
      await kept.keep(digest, fitted);
      return fitted;
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** A thread that ends takes the training with it: a fit that failed once fails again. */
async function ask<Fitted>(thread: Worker, job: unknown): Promise<Fitted> {
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
