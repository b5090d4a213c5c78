import {Worker, type ResourceLimits} from 'node:worker_threads';

/**
 * A thread that runs the module at `file`. Built code runs as it is; from sources (tsx, vitest) a new thread must first be
 * taught TypeScript.
 *
 * @param file of the module as written, ending in .ts: `new URL('./wasm-worker.ts', import.meta.url)`.
 * @param resourceLimits of its heap; what it needs less of it gives back sooner.
 */
export function spawnWorker(file: URL, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL(file.href.replace(/\.ts$/, '.js')), {workerData, resourceLimits});
  const start = `import('tsx/esm/api').then(({register}) => { register(); return import(${JSON.stringify(file.href)}); })`;
  return new Worker(start, {eval: true, workerData, resourceLimits});
}
