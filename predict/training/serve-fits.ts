import {parentPort, workerData} from 'node:worker_threads';

/**
 * One thread of the fit pool; a fit that throws ends it, and the pool says so.
 *
 * @param open makes a fit out of what the pool was opened with.
 */
export function serveFits(open: (data: never) => Promise<(job: never) => Promise<unknown>>): void {
  const port = parentPort!;
  const opened = open(workerData as never);
  port.on('message', (job: unknown) => {
    void opened.then((fit) => fit(job as never)).then((fitted) => port.postMessage(fitted));
  });
}
