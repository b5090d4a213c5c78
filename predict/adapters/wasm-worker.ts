import {parentPort, workerData} from 'node:worker_threads';
import {openBackend} from './backend.ts';
import type {Network} from './head.ts';
import {inThisThread} from './network-runner.ts';
import type {WorkerAnswer, WorkerJob} from './wasm-pool.ts';

/** One thread, one wasm instance: wasm threads are off in Node, so the pool brings its own. */
const port = parentPort!;
const backend = await openBackend({choice: 'wasm', strict: true});
const runner = await inThisThread(backend, workerData as ReadonlyMap<string, Network>);

port.on('message', ({id, key, rows}: WorkerJob) => {
  void runner.run(key, rows).then((logits) => {
    const answer: WorkerAnswer = {id, logits};
    port.postMessage(answer, [logits.buffer as ArrayBuffer]);
  });
});
port.postMessage({ready: true});
