import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import {OperationalFault, messageOf} from '../../../domain/fault.ts';
import {openBackend, type BackendChoice} from '../../adapters/backend.ts';
import {fitMember, type LifeMember, type LifeTable, type MemberJob} from './fit-member.ts';

export interface WorkerStart {
  readonly choice: BackendChoice;
  readonly table: LifeTable;
}
export interface MemberTask {
  readonly nth: number;
  readonly job: MemberJob;
}
export interface MemberAnswer {
  readonly nth: number;
  readonly member: LifeMember;
}

export interface ThreadOptions {
  readonly choice: BackendChoice;
  /** 1 stays in the thread that asks. */
  readonly threads: number;
  readonly onMember?: (done: number) => void;
}

/** Fits all members, each thread one at a time; the order of the answers is that of the jobs, whoever did them. */
export async function fitMembers(
  table: LifeTable,
  jobs: readonly MemberJob[],
  {choice, threads, onMember}: ThreadOptions,
): Promise<LifeMember[]> {
  const members: LifeMember[] = [];
  const queue = jobs.map((job, nth): MemberTask => ({nth, job}));
  let done = 0;
  const take = ({nth, member}: MemberAnswer): void => {
    members[nth] = member;
    done += 1;
    onMember?.(done);
  };
  if (threads === 1) {
    const backend = await openBackend({choice});
    for (const {nth, job} of queue) take({nth, member: await fitMember(backend, table, job)});
    return members;
  }
  const workers = Array.from({length: Math.min(threads, jobs.length)}, () => spawn({choice, table}));
  try {
    await Promise.all(workers.map((worker) => work(worker, queue, take)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return members;
}

async function work(
  worker: Worker,
  queue: MemberTask[],
  take: (answer: MemberAnswer) => void,
): Promise<void> {
  try {
    await once(worker, 'message'); // it is ready
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      worker.postMessage(task);
      const [answer] = (await once(worker, 'message')) as [MemberAnswer];
      take(answer);
    }
  } catch (cause) {
    throw new OperationalFault('model-worker-lost', `a training thread ended: ${messageOf(cause)}`, {
      retryable: true,
      cause,
    });
  }
}

/** Built code runs as it is; from sources (tsx, vitest) a new thread must first be taught TypeScript. */
function spawn(workerData: WorkerStart): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./member-worker.js', import.meta.url), {workerData});
  const file = JSON.stringify(new URL('./member-worker.ts', import.meta.url).href);
  const start = `import('tsx/esm/api').then(({register}) => { register(); return import(${file}); })`;
  return new Worker(start, {eval: true, workerData});
}
