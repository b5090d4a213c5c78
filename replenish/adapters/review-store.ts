import type {Option, Reason} from '../../domain/decision.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import {canonicalJson, sha256} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {carryOut} from '../carry-out.ts';
import {acknowledge, resolve, snooze, unsnooze} from './alert-answers.ts';
import {mayAnswerFor} from '../core/decision/approval.ts';
import {AFTER, reviewable, withQuantity} from '../core/decision/review.ts';
import type {DecisionState} from '../core/decision/review.ts';
import type {Situation} from '../core/decision/situation.ts';
import type {Review, Reviewed, Reviews} from '../ports.ts';
import {orderRows} from './order-rows.ts';
import {readSituation} from './situation-input.ts';

/** Source of the reviews' idempotency keys in platform.inbox. */
const INBOX = 'review';

interface Proposal {
  readonly decision_id: string;
  readonly group_id: string;
  readonly depot_id: string;
  readonly party_id: string;
  readonly part_id: string;
  readonly state: DecisionState;
  readonly expires_at: EpochMs | null;
  readonly option: Option;
  readonly reasons: readonly Reason[];
  readonly order_id: string | null;
}

/** Planners' verdicts in PostgreSQL, through a pool under the role forestock_replenish. */
export function createReviews(
  pool: Pool,
  options: {readonly targets: readonly string[]; readonly now: () => EpochMs},
): Reviews {
  return {
    review: (review) =>
      inTransaction(pool, async (client) => {
        const body = sha256(canonicalJson({...review, key: undefined, role: undefined}));
        const first = review.key === null ? null : await firstOutcome(client, review.key, body);
        if (first !== null) return first;
        const outcome = await judge(client, options.targets, review, options.now());
        if (outcome.ok && review.key !== null) {
          await client.query(
            'INSERT INTO platform.inbox (source, source_key, body_sha256, outcome) VALUES ($1, $2, $3, $4)',
            [INBOX, review.key, body, JSON.stringify(outcome.value)],
          );
        }
        return outcome;
      }),
    acknowledgeAlert: (alertId, said) =>
      inTransaction(pool, (client) => acknowledge(client, alertId, said, options.now())),
    resolveAlert: (alertId, said) =>
      inTransaction(pool, (client) => resolve(client, alertId, said, options.now())),
    snoozeAlert: (alertId, said) =>
      inTransaction(pool, (client) => snooze(client, alertId, said, options.now())),
    unsnoozeAlert: (alertId, actor) =>
      inTransaction(pool, (client) => unsnooze(client, alertId, actor, options.now())),
    expireProposals: () => expireProposals(pool, options.now()),
  };
}

async function firstOutcome(client: Client, key: string, body: Buffer): Promise<Result<Reviewed> | null> {
  // Two requests under one key take turns, so the second meets the first one's row.
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('review:' || $1, 0))`, [key]);
  const found = await client.query<{body_sha256: Buffer; outcome: Reviewed}>(
    'SELECT body_sha256, outcome FROM platform.inbox WHERE source = $1 AND source_key = $2',
    [INBOX, key],
  );
  const row = found.rows[0];
  if (row === undefined) return null;
  if (row.body_sha256.equals(body)) return ok({...row.outcome, repeated: true});
  return refused('key-reused', `key ${key} was used for another request; send a new key`);
}

async function judge(
  client: Client,
  targets: readonly string[],
  review: Review,
  now: EpochMs,
): Promise<Result<Reviewed>> {
  const proposal = await lockProposal(client, review.decisionId);
  if (proposal === null)
    return refused('unknown-proposal', `there is no decision ${review.decisionId}; look it up in the list`);
  const {
    decision_id: decisionId,
    state,
    expires_at: expiresAt,
    depot_id: depotId,
    group_id: groupId,
  } = proposal;
  const open = reviewable({decisionId, state, expiresAt}, now);
  if (!open.ok) return open;
  const situation = (await readSituation(client, decisionId))!; // the decision row references it
  const option = await chosenOption(client, {...proposal, situation}, review, now);
  if (!option.ok) return option;
  const landedMinor = Math.max(proposal.option.landedMinor, option.value.landedMinor);
  const allowed = mayAnswerFor(
    review.role,
    {decisionId, landedMinor, segment: situation.part.criticality, currency: situation.part.currency},
    situation.policy,
  );
  if (!allowed.ok) return allowed;
  const after = AFTER[review.verdict];
  await record(client, review, after, now);
  if (review.verdict !== 'reject') {
    const depot = situation.depots.find((one) => one.depotId === depotId)!;
    const {part} = situation;
    await carryOut(orderRows(client), groupId, {
      decisionId,
      orderId: proposal.order_id,
      depot,
      part,
      option: option.value,
      reasons: proposal.reasons,
      now,
      targets,
    });
  }
  const orderId = review.verdict === 'reject' ? null : proposal.order_id;
  return ok({decisionId, state: after, orderId, quantity: option.value.quantity, repeated: false});
}

/** Under the group's lock, so that no new decision of the group is taken meanwhile. */
async function lockProposal(client: Client, decisionId: string): Promise<Proposal | null> {
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('group:' || group_id, 0)) FROM replenish.decision WHERE decision_id = $1`,
    [decisionId],
  );
  const found = await client.query<Proposal>(
    'SELECT decision_id, group_id, depot_id, party_id, part_id, state, expires_at, option, reasons, order_id FROM replenish.decision WHERE decision_id = $1 FOR UPDATE',
    [decisionId],
  );
  return found.rows[0] ?? null;
}

async function chosenOption(
  client: Client,
  proposal: Proposal & {readonly situation: Situation},
  review: Review,
  now: EpochMs,
): Promise<Result<Option>> {
  const {option, decision_id: decisionId, depot_id: depotId, situation} = proposal;
  if (review.verdict === 'reject') return ok(option);
  const gone = await whyGone(client, proposal, review.quantity ?? option.quantity, now);
  if (gone !== null)
    return refused('proposal-outdated', `decision ${decisionId}: ${gone}; wait for the next proposal`);
  if (review.verdict === 'approve') return ok(option);
  return withQuantity(situation, depotId, option, review.quantity!);
}

/**
 * Usable pieces of part $2 at depot $1, of owner $3 or (null) of anybody, that no order is to fetch, no line of customers was allotted and
 * no statement disputes.
 */
const FREE_PIECES = `
  SELECT greatest(0,
    (SELECT coalesce(sum(b.qty), 0) FROM network.stock_balance b LEFT JOIN network.lot t ON t.part_id = b.part_id AND t.lot = b.lot
      WHERE b.loc = 'depot:' || $1 AND b.part_id = $2 AND b.condition IN ('new', 'serviceable') AND ($3::text IS NULL OR b.owner_party_id = $3)
        AND coalesce(t.usable_until > $4, true))
    - (SELECT coalesce(sum(o.qty - o.shipped_qty), 0) FROM network.supply_order o
        WHERE o.from_loc = 'depot:' || $1 AND o.part_id = $2 AND o.state IN ('released', 'confirmed', 'shipped')
          AND ($3::text IS NULL OR o.owner_party_id = $3))
    - (SELECT coalesce(sum(v.covers_left * v.ratio), 0) FROM network.allotment v
        WHERE v.depot_id = $1 AND v.part_id = $2
          AND NOT EXISTS (SELECT FROM network.supply_order o WHERE o.decision_id = v.decision_id AND o.state <> 'received'))
    - coalesce((SELECT greatest(0, h.pieces) FROM network.held_back($2, $1, $4) h), 0))::int AS pieces`;

/** Unserviceable pieces of part $2 at depot $1 that are the own of party $3 and that no workshop was asked to repair. */
const BROKEN_PIECES = `
  SELECT greatest(0,
    (SELECT coalesce(sum(qty), 0) FROM network.stock_balance
      WHERE loc = 'depot:' || $1 AND part_id = $2 AND condition = 'unserviceable' AND owner_party_id = $3)
    - (SELECT coalesce(sum(qty - shipped_qty), 0) FROM network.supply_order
        WHERE to_loc = 'depot:' || $1 AND part_id = $2 AND kind = 'repair' AND state IN ('released', 'confirmed', 'shipped')))::int AS pieces`;

/** Pieces that line $1 waits for and that no other part was allotted to bring. */
const UNSERVED_PIECES = `
  SELECT coalesce(sum(l.qty - l.filled_qty - (SELECT coalesce(sum(v.covers_left), 0) FROM network.allotment v WHERE v.demand_id = l.demand_id)), 0)::int AS pieces
    FROM network.demand_line l WHERE l.demand_id = $1 AND l.state = 'open'`;

/** What the proposal was made from may have gone since. */
async function whyGone(
  client: Client,
  {option, depot_id: depotId, party_id: partyId, part_id: ownPartId}: Proposal,
  quantity: number,
  now: EpochMs,
): Promise<string | null> {
  if (option.sourceKind === 'order') {
    const order = await client.query<{state: string}>(
      'SELECT state FROM network.supply_order WHERE order_id = $1',
      [option.sourceId],
    );
    const state = order.rows[0]?.state ?? 'gone';
    const open = state === 'released' || state === 'confirmed' || state === 'shipped';
    return open ? null : `the order to be hurried is ${state}`;
  }
  if (option.action === 'repair') {
    const broken = await client.query<{pieces: number}>(BROKEN_PIECES, [depotId, ownPartId, partyId]);
    const {pieces} = broken.rows[0]!;
    return pieces >= quantity ? null : `${pieces} pieces wait for repair at ${depotId}, not ${quantity}`;
  }
  if (option.substitute !== undefined) {
    const {demandId, serves} = option.substitute;
    const line = await client.query<{pieces: number}>(UNSERVED_PIECES, [demandId]);
    const {pieces} = line.rows[0]!;
    if (pieces < serves) return `line ${demandId} waits for ${pieces} pieces more, not ${serves}`;
  }
  if (option.sourceKind === 'depot') {
    const shelf = await client.query<{pieces: number}>(FREE_PIECES, [
      option.sourceId,
      option.substitute?.partId ?? ownPartId,
      option.sourceId === depotId ? null : (option.ownerPartyId ?? partyId),
      timestamp(now),
    ]);
    const {pieces} = shelf.rows[0]!;
    return pieces >= quantity ? null : `${option.sourceId!} has ${pieces} left, ${quantity} are needed`;
  }
  return null;
}

async function record(client: Client, review: Review, after: DecisionState, now: EpochMs): Promise<void> {
  const {decisionId, actor, verdict, reasonCode, note, quantity} = review;
  await client.query(
    `INSERT INTO replenish.decision_review (decision_id, review_no, actor, verdict, reason_code, note, qty, world_at)
     SELECT $1, count(*) + 1, $2::text, $3::text, $4::text, $5::text, $6::int, $7::timestamptz FROM replenish.decision_review WHERE decision_id = $1`,
    [decisionId, actor, verdict, reasonCode, note, quantity, timestamp(now)],
  );
  await client.query('UPDATE replenish.decision SET state = $2 WHERE decision_id = $1', [decisionId, after]);
  await client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    timestamp(now),
    actor,
    `decision.${after}`,
    decisionId,
    JSON.stringify({reasonCode, note, quantity}),
  ]);
}

async function expireProposals(pool: Pool, now: EpochMs): Promise<number> {
  const expired = await pool.query(
    `WITH expired AS (
       UPDATE replenish.decision SET state = 'expired' WHERE state = 'proposed' AND expires_at <= $1 RETURNING decision_id)
     SELECT platform.record_audit($1, 'forestock', 'decision.expired', decision_id::text, '{}') FROM expired`,
    [timestamp(now)],
  );
  return expired.rowCount ?? 0;
}
