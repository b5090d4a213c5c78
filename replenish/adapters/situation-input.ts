import {gunzipSync} from 'node:zlib';
import type {Queryable} from '../../platform/pg.ts';
import {Situation} from '../core/decision/situation.ts';

/** The very situation that a decision was taken from; null: no such decision. */
export async function readSituation(db: Queryable, decisionId: string): Promise<Situation | null> {
  const found = await db.query<{body: Buffer}>(
    `SELECT i.body FROM replenish.decision d JOIN replenish.decision_input i ON i.sha256 = d.input_sha256 WHERE d.decision_id = $1`,
    [decisionId],
  );
  const row = found.rows[0];
  return row === undefined ? null : Situation.parse(JSON.parse(gunzipSync(row.body).toString('utf8')));
}
