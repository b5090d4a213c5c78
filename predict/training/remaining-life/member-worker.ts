import {parentPort, workerData} from 'node:worker_threads';
import {openBackend} from '../../adapters/backend.ts';
import {fitMember} from './fit-member.ts';
import type {MemberAnswer, MemberTask, WorkerStart} from './member-threads.ts';

/** TensorFlow.js keeps one backend a thread, and wasm's own threads are off in Node: each core gets a thread of ours. */
const port = parentPort!;
const {choice, table} = workerData as WorkerStart;
const backend = await openBackend({choice});

port.on('message', ({nth, job}: MemberTask) => {
  void fitMember(backend, table, job).then((member) => {
    const answer: MemberAnswer = {nth, member};
    port.postMessage(answer);
  });
});
port.postMessage({ready: true});
