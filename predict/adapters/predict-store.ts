import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp, together} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {PredictCommit, PredictStore} from '../ports.ts';
import {heardUntil, readBuckets, rebuildBuckets, saveBuckets} from './bucket-rows.ts';
import {holdCheckpoints, passAlong} from './checkpoints.ts';
import {
  loadEquipment,
  loadInstallations,
  loadLadderEvidence,
  loadProgress,
  saveProgress,
} from './equipment-rows.ts';
import {loadCurrent, loadEventPoints, loadRevisions, saveCurrent, saveForecasts} from './forecast-rows.ts';
import {loadGroupForecasts, takeAsTold} from './group-rows.ts';
import {loadEvents, readLog} from './log-rows.ts';
import {staleComponents} from './stale-components.ts';
import type {Partitions} from './stale-components.ts';

/** Predict's tables in PostgreSQL, through a pool under the role forestock_predict. */
export function createPredictStore(pool: Pool, partitions?: Partitions): PredictStore {
  return {
    readLog: (rowsMax, now) => readLog(pool, rowsMax, now, partitions),
    equipment: (numbers) => loadEquipment(pool, numbers),
    progress: (numbers) => loadProgress(pool, numbers),
    installations: (numbers) => loadInstallations(pool, numbers),
    rebuildBuckets: (spans, gridMs) => rebuildBuckets(pool, spans, gridMs),
    heardUntil: (span) => heardUntil(pool, span),
    storedBuckets: (spans) => readBuckets(pool, spans),
    events: (spans) => loadEvents(pool, spans),
    eventPoints: (spans) => loadEventPoints(pool, spans),
    revisions: (keys) => loadRevisions(pool, keys),
    current: (ids) => loadCurrent(pool, ids),
    groupForecasts: (parts) => loadGroupForecasts(pool, parts),
    ladderEvidence: (now) => loadLadderEvidence(pool, now),
    stale: (before, page) => staleComponents(pool, before, page, partitions),
    async commit(work) {
      if (leadsToNothing(work) && (await passAlong(pool, work.spans))) return;
      await inTransaction(pool, (client) => commit(client, work));
    },
  };
}

/** Most slices do: readings that close no interval. */
function leadsToNothing({
  progress,
  buckets,
  forecasts,
  current,
  signals,
  told,
  rounds,
}: PredictCommit): boolean {
  const written = [progress, buckets, forecasts, current, signals, told];
  return written.every(({length}) => length === 0) && rounds.every(({from, through}) => from === through);
}

/** The fence first; what is written after it does not wait for each other's answers. */
async function commit(client: Client, work: PredictCommit): Promise<void> {
  const moves = await holdCheckpoints(client, work.spans, work.rounds);
  await together([
    moves.write(),
    saveBuckets(client, work.buckets),
    saveForecasts(client, work.forecasts),
    saveCurrent(client, work.current),
    takeAsTold(client, work.told),
    saveProgress(client, work.progress),
    raiseSignals(client, work),
  ]);
}

async function raiseSignals(client: Client, {signals, at}: PredictCommit): Promise<void> {
  if (signals.length === 0) return;
  await client.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, s.kind, s.ref, $5)
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS s(id, group_id, kind, ref)`,
    [
      signals.map((signal) => causeId('signal', signal.groupId, signal.causeKind, signal.causeRef)),
      signals.map((signal) => signal.groupId),
      signals.map((signal) => signal.causeKind),
      signals.map((signal) => signal.causeRef),
      timestamp(at),
    ],
  );
}
