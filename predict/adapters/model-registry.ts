import {join} from 'node:path';
import {OperationalFault} from '../../domain/fault.ts';
import {ok, refused, type Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import {coveredClasses} from '../core/class-spec.ts';
import {entry, moved} from '../core/model-change.ts';
import type {ModelAt, ModelChange} from '../core/model-change.ts';
import type {ModelEvent, ModelStep} from '../core/model-lifecycle.ts';
import type {Because, RegisteredModel} from '../model-ports.ts';
import {alertFallback} from './model-alerts.ts';
import {loadModel} from './model-store.ts';
import type {StoredModel} from './model-store.ts';

export async function registeredModels(db: Queryable): Promise<readonly RegisteredModel[]> {
  const found = await db.query<RegisteredModel>(
    `SELECT model_version_id AS "modelVersionId", equipment_class_ids AS "equipmentClassIds", pooled,
            encode(manifest_sha256, 'hex') AS "manifestSha256", encode(feature_sha256, 'hex') AS "featureSha256", card,
            first_seen_at AS "firstSeenAt"
       FROM predict.model_version ORDER BY first_seen_at, model_version_id COLLATE "C"`,
  );
  return found.rows;
}

/** A step with who took it, when and why. */
export interface RecordedStep extends ModelStep, Required<Omit<Because, 'at'>> {
  readonly fromAt: EpochMs;
}

/** Every state that versions were ever in, the oldest first. */
export async function modelHistory(db: Queryable): Promise<readonly RecordedStep[]> {
  const found = await db.query<RecordedStep>(
    `SELECT s.state_no AS "stateNo", s.model_version_id AS "modelVersionId", s.equipment_class_id AS "equipmentClassId", v.pooled,
            s.event, s.state, s.from_at AS "fromAt", s.actor, s.reason, s.evidence
       FROM predict.model_state s JOIN predict.model_version v USING (model_version_id) ORDER BY s.state_no`,
  );
  return found.rows;
}

/**
 * Decides on the history as it stands and writes what follows, with an audit row for each step, in one transaction. Changes come one
 * after another, whichever process makes them.
 *
 * @param targets Outbox targets that the alert of a fallback goes to.
 */
export async function changeStates(
  pool: Pool,
  because: (change: ModelChange) => Because,
  decide: (
    history: readonly RecordedStep[],
    client: Client,
  ) => Promise<Result<readonly ModelChange[]>> | Result<readonly ModelChange[]>,
  targets: readonly string[] = [],
): Promise<Result<readonly ModelChange[]>> {
  return inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('predict.model_state'))`);
    const changes = await decide(await modelHistory(client), client);
    if (changes.ok) await append(client, changes.value, because, targets);
    return changes;
  });
}

async function append(
  client: Client,
  changes: readonly ModelChange[],
  because: (change: ModelChange) => Because,
  targets: readonly string[],
): Promise<void> {
  for (const change of changes) {
    const {modelVersionId, equipmentClassId, event, state} = change;
    const {actor, reason, evidence = {}, at} = because(change);
    await client.query(
      `INSERT INTO predict.model_state (model_version_id, equipment_class_id, event, state, from_at, actor, reason, evidence)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        modelVersionId,
        equipmentClassId,
        event,
        state,
        timestamp(at),
        actor,
        reason,
        JSON.stringify(evidence),
      ],
    );
    await client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
      timestamp(at),
      actor,
      `model.${event}`,
      modelVersionId,
      JSON.stringify({equipmentClassId, state, reason, evidence}),
    ]);
    await alertFallback(client, change, because(change), targets);
  }
}

/** A champion is not to be trusted: the ladder passes over it from the next run on, in every process. */
export function fallBack(
  pool: Pool,
  which: ModelAt,
  because: Because,
  targets: readonly string[] = [],
): Promise<Result<readonly ModelChange[]>> {
  return one(pool, which, 'fall-back', because, targets);
}

/** One that had fallen back is champion again. */
export function recover(
  pool: Pool,
  which: ModelAt,
  because: Because,
): Promise<Result<readonly ModelChange[]>> {
  return one(pool, which, 'recover', because);
}

function one(
  pool: Pool,
  which: ModelAt,
  event: ModelEvent,
  because: Because,
  targets: readonly string[] = [],
): Promise<Result<readonly ModelChange[]>> {
  // prettier-ignore
  return changeStates(pool, () => because, (history) => moved(history, which, event), targets);
}

/**
 * Writes a verified version into the registry when it is new; one that is known must hold what it held then.
 * The first version of a class that passes its gate becomes champion, any other enters as shadow.
 */
export async function enrol(
  pool: Pool,
  model: StoredModel,
  at: EpochMs,
): Promise<Result<readonly ModelChange[], 'model-changed'>> {
  const {modelVersionId, manifestSha256, featureSha256, features, card} = model;
  const equipmentClassIds = coveredClasses(features.spec);
  const pooled = features.spec.pools !== undefined;
  const passed = card['passed'] === true;
  const because = ({state}: ModelChange): Because => ({
    actor: state === 'champion' ? 'first start' : 'models folder',
    reason:
      state === 'champion'
        ? 'the first of its class, and its card passes the gate'
        : passed
          ? 'its class has a champion: compared with it before it is promoted'
          : 'its card does not pass the gate',
    evidence: {manifestSha256, gate: card['gate'] ?? null},
    at,
  });
  const entered = await changeStates(pool, because, async (history, client) => {
    const made = await client.query(
      `INSERT INTO predict.model_version (model_version_id, equipment_class_ids, pooled, manifest_sha256, feature_sha256, card, first_seen_at)
       VALUES ($1, $2, $3, decode($4, 'hex'), decode($5, 'hex'), $6, $7) ON CONFLICT (model_version_id) DO NOTHING`,
      [
        modelVersionId,
        equipmentClassIds,
        pooled,
        manifestSha256,
        featureSha256,
        JSON.stringify(card),
        timestamp(at),
      ],
    );
    if (made.rowCount === 1) return ok(entry(history, {modelVersionId, pooled, passed, equipmentClassIds}));
    const known = (await registeredModels(client)).find((one) => one.modelVersionId === modelVersionId);
    return known?.manifestSha256 === manifestSha256 ? ok([]) : changed(modelVersionId, known);
  });
  return entered as Result<readonly ModelChange[], 'model-changed'>;
}

/** @throws OperationalFault 'model-unreadable' when the folder is gone, damaged, or not what was registered under its name */
export async function loadRegistered(
  modelsDir: string,
  {modelVersionId, manifestSha256}: Pick<RegisteredModel, 'modelVersionId' | 'manifestSha256'>,
): Promise<StoredModel> {
  const folder = join(modelsDir, modelVersionId);
  const model = await loadModel(folder);
  if (model.manifestSha256 === manifestSha256) return model;
  throw new OperationalFault(
    'model-unreadable',
    `${folder} is not what was registered under its name (manifest ${model.manifestSha256.slice(0, 12)}…, registered ${manifestSha256.slice(0, 12)}…); ` +
      'restore the folder, or give the new content a version of its own',
    {retryable: false},
  );
}

function changed(modelVersionId: string, known: RegisteredModel | undefined): Result<never, 'model-changed'> {
  return refused(
    'model-changed',
    `model ${modelVersionId} is not what was registered (manifest ${known?.manifestSha256.slice(0, 12) ?? 'unknown'}…); ` +
      'restore its folder, or give the new content a new version',
  );
}
