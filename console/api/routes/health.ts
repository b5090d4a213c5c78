import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {readGauges} from '../gauges.ts';
import {databaseCheck} from '../health.ts';
import type {ConsolePorts, HealthCheck} from '../ports.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const Check = z.object({name: z.string(), ok: z.boolean(), detail: z.string()});

const Counts = z.object({
  packets: z.int(),
  accepted: z.int(),
  stored: z.int(),
  repeated: z.int().describe('Known already, and not stored twice'),
  conflicts: z.int().describe('Another message under an identity that was there'),
  poisoned: z.int().describe('Rows that the database refused by themselves'),
  storeFailures: z.int(),
  refusedForNow: z.int().describe('Not acknowledged: the sender keeps them'),
});

/** What waits to be mended. */
const OPEN_LETTERS = `
  SELECT reason, count(*) AS letters, coalesce(sum(seen_count), 0) AS messages, max(received_at) AS "lastReceivedAt"
    FROM ingest.dead_letter WHERE state IN ('rejected', 'quarantined') GROUP BY reason ORDER BY 2 DESC, 1`;

/** Whether every request that has to leave a row does. */
function accessLogCheck({accessLog}: Pick<ConsolePorts, 'accessLog'>): HealthCheck {
  const lost = accessLog.lost();
  const detail =
    lost === 0 ? 'works' : `${lost} requests left no row since this process began; the log says why`;
  return {name: 'access-log', ok: lost === 0, detail};
}

export const healthRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/health',
    tag: 'service',
    permission: 'service.read',
    summary:
      'How the stream does: each loop, what each stage has still to read, what came in and what was refused',
    reply: z.object({
      checks: z.array(Check),
      counts: Counts.nullable().describe('Since this process began; null: it runs no stages'),
      lag: z.object({network: z.int(), predict: z.int(), signals: z.int()}).describe('Rows to read'),
      outbox: z.object({pending: z.int(), dead: z.int()}),
      rejected: z
        .array(
          z.object({
            reason: z.string(),
            letters: z.int(),
            messages: z.int().describe('The same mistake sent again is the same letter, counted'),
            lastReceivedAt: Instant,
          }),
        )
        .describe('Letters that wait to be mended, by reason'),
      quarantine: z.int().describe('Rows of the books that wait to be mended'),
    }),
    async handle(_request, ports) {
      const {db, vitals} = ports;
      const [gauges, rejected, quarantine, database, checks] = await Promise.all([
        readGauges(db),
        db.query<{reason: string; letters: number; messages: number; lastReceivedAt: number}>(OPEN_LETTERS),
        db.query<{n: number}>(`SELECT count(*) AS n FROM network.quarantine WHERE state = 'open'`),
        databaseCheck(ports),
        vitals?.checks() ?? [],
      ]);
      return ok({
        checks: [database, accessLogCheck(ports), ...checks],
        counts: vitals?.counts() ?? null,
        lag: gauges.lag,
        outbox: gauges.outbox,
        rejected: rejected.rows,
        quarantine: quarantine.rows[0]!.n,
      });
    },
  }),
];
