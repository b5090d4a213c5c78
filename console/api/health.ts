import type {FastifyInstance} from 'fastify';
import {messageOf} from '../../domain/fault.ts';
import {createMetrics} from './metrics.ts';
import type {ConsolePorts, HealthCheck} from './ports.ts';

/** A database that does not answer in this time is not ready. */
const DATABASE_WAIT_MS = 3000;

/** For orchestrators: /healthz (alive), /readyz (may get traffic), /metrics (Prometheus). */
export function serveHealth(app: FastifyInstance, ports: ConsolePorts): void {
  app.get('/healthz', () => ({status: 'alive'}));
  app.get('/readyz', async (_request, reply) => {
    const checks = [await databaseCheck(ports), ...((await ports.vitals?.checks()) ?? [])];
    const ready = checks.every((check) => check.ok);
    return reply.code(ready ? 200 : 503).send({status: ready ? 'ready' : 'not ready', checks});
  });
  const metrics = createMetrics(ports);
  app.get('/metrics', {config: {permission: 'service.measure'}}, async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.metrics()),
  );
}

/** Whether the database answers in time. */
export async function databaseCheck({db}: Pick<ConsolePorts, 'db'>): Promise<HealthCheck> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer in ${DATABASE_WAIT_MS} ms`)), DATABASE_WAIT_MS).unref();
  });
  return Promise.race([db.query('SELECT 1'), late]).then(
    () => ({name: 'database', ok: true, detail: 'answers'}),
    (error: unknown) => ({name: 'database', ok: false, detail: messageOf(error)}),
  );
}
