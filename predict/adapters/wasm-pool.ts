import {once} from 'node:events';
import type {Worker} from 'node:worker_threads';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Network} from './head.ts';
import type {NetworkRunner} from './network-runner.ts';
import {spawnWorker} from './spawn-worker.ts';

export interface WorkerJob {
  readonly id: number;
  readonly key: string;
  readonly rows: Float32Array;
}
export interface WorkerAnswer {
  readonly id: number;
  readonly logits: Float32Array;
}

interface Waiting {
  readonly resolve: (logits: Float32Array) => void;
  readonly reject: (fault: OperationalFault) => void;
}
interface Member {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/**
 * Networks on wasm in worker threads, off the event loop. The least busy thread takes the next batch; a thread that
 * dies fails its batches with a retryable fault and is replaced at the next one.
 */
export async function openWasmPool(
  networks: ReadonlyMap<string, Network>,
  threads: number,
): Promise<NetworkRunner> {
  const members = await Promise.all(Array.from({length: threads}, () => hire(networks)));
  let nextId = 0;
  return {
    backend: 'wasm',
    run: async (key, rows) => {
      for (let i = 0; i < members.length; i += 1) {
        if (isLost(members[i]!)) members[i] = await hire(networks);
      }
      const member = members.reduce((best, other) => (other.waiting.size < best.waiting.size ? other : best));
      nextId += 1;
      const job: WorkerJob = {id: nextId, key, rows};
      return new Promise((resolve, reject) => {
        member.waiting.set(job.id, {resolve, reject});
        member.worker.postMessage(job);
      });
    },
    close: async () => {
      await Promise.all(members.map(({worker}) => worker.terminate()));
    },
  };
}

function isLost({worker}: Member): boolean {
  return worker.threadId === -1; // Node's mark of a thread that has ended
}

async function hire(networks: ReadonlyMap<string, Network>): Promise<Member> {
  const worker = spawnWorker(new URL('./wasm-worker.ts', import.meta.url), networks);
  const waiting = new Map<number, Waiting>();
  const fail = (cause: unknown): void => {
    const fault = lost(cause);
    for (const {reject} of waiting.values()) reject(fault);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(`exit code ${code}`));
  try {
    await once(worker, 'message');
  } catch (cause) {
    throw lost(cause);
  }
  worker.on('message', ({id, logits}: WorkerAnswer) => {
    waiting.get(id)?.resolve(logits);
    waiting.delete(id);
  });
  return {worker, waiting};
}

function lost(cause: unknown): OperationalFault {
  return new OperationalFault('model-worker-lost', `a model thread ended: ${messageOf(cause)}`, {
    retryable: true,
    cause,
  });
}
