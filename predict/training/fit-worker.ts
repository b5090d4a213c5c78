import {parentPort, workerData} from 'node:worker_threads';
import {openBackend} from '../adapters/backend.ts';
import {fitFamily, type FamilyRow, type Fitted} from './families/family.ts';
import type {FitJob, FitWorkerData} from './fit-pool.ts';
import {unpackRows} from './packed-rows.ts';

/** One thread of the fit pool; a fit that throws ends it, and the pool says so. */
const port = parentPort!;
const {rows: packed, families, start, backend} = workerData as FitWorkerData;
const rows = unpackRows(packed);
const opened = openBackend({choice: backend, strict: true});

async function fit({teach, heldOut, family, seed}: FitJob): Promise<Fitted> {
  const {tf} = await opened;
  const of = (numbers: Uint32Array): FamilyRow[] => Array.from(numbers, (row) => rows[row]!);
  return fitFamily(tf, families[family]!, {training: of(teach), heldOut: of(heldOut), seed, start});
}

port.on('message', (job: FitJob) => {
  void fit(job).then((fitted) => port.postMessage(fitted));
});
