import type {Option, Reason} from '../../domain/decision.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';

/** Something that waits for a planner: a risk, a proposal, or a risk with the proposal that answers it. */
export interface WorkRow {
  /** Of the proposal; of a risk without one, of its alert. */
  readonly id: string;
  readonly alertId: string | null;
  readonly alertKind: string | null;
  readonly alertState: string | null;
  readonly subject: string | null;
  readonly level: number | null;
  readonly body: Record<string, unknown> | null;
  /** Decision that waits for an answer. */
  readonly proposalId: string | null;
  readonly option: Option | null;
  readonly reasons: readonly Reason[] | null;
  readonly expiresAt: EpochMs | null;
  /** Where to read why: the proposal, else the decision that raised the alert. */
  readonly decisionId: string | null;
  readonly partId: string | null;
  readonly partName: string | null;
  readonly depotId: string | null;
  /** Expected cost of leaving it as it is. */
  readonly moneyMinor: number;
  readonly currency: string | null;
  readonly since: EpochMs;
  /** When it comes back; null: it is not snoozed. */
  readonly snoozedUntil: EpochMs | null;
  /** Usable pieces on the shelf, those promised away included; null: it is about no shelf. */
  readonly onHand: number | null;
  /** Pieces that orders bring to that shelf; of the orders the soonest, `COMING_MAX` at most. */
  readonly comingPieces: number;
  readonly coming: readonly ComingOrder[];
}

/** An order on its way to a shelf. */
export interface ComingOrder {
  readonly orderId: string;
  readonly kind: 'purchase' | 'transfer' | 'expedite' | 'emergency' | 'repair';
  /** 'supplier:SUP-07', 'depot:LYS-1'. */
  readonly from: string;
  /** Pieces that have not come yet. */
  readonly quantity: number;
  /** As promised, else as expected. */
  readonly expectedAt: EpochMs;
}

export interface WorkFilter {
  readonly partId?: string | undefined;
  readonly depotId?: string | undefined;
  /** proposal: only what can be approved. risk: only what nobody has a proposal for. snoozed: only what comes back later. */
  readonly kind?: 'proposal' | 'risk' | 'snoozed' | undefined;
  /** A snooze that reaches beyond it keeps its row out, but for kind snoozed. */
  readonly now: EpochMs;
  readonly limit: number;
  /** Goes on behind this row. */
  readonly after?: {readonly moneyMinor: number; readonly id: string} | undefined;
}

export interface WorkCounts {
  readonly total: number;
  readonly proposals: number;
  /** Whatever the kind that is asked for. */
  readonly snoozed: number;
  readonly byCurrency: readonly {readonly currency: string; readonly moneyMinor: number}[];
}

/**
 * Each open alert that is not snoozed with the newest proposal of its part and depot, and the proposals that no alert is about. A proposal alone is worth what
 * waiting costs by its own reckoning: the total of its alternative 'nothing', or what it costs and saves together.
 */
const WORK = `
  WITH proposal AS (
    SELECT *, CASE row_number() OVER (PARTITION BY part_id, depot_id ORDER BY decided_at DESC, decision_id) WHEN 1 THEN part_id || '@' || depot_id END AS place
      FROM replenish.decision WHERE state = 'proposed'),
  work AS (
    SELECT coalesce(p.decision_id, a.alert_id) AS id, a.alert_id, a.kind, a.state AS alert_state, a.subject, a.level, a.body,
           p.decision_id AS proposal_id, p.option, p.reasons, p.expires_at, coalesce(p.decision_id, a.decision_id) AS decision_id,
           coalesce(p.part_id, a.body->>'partId') AS part_id, coalesce(p.depot_id, a.body->>'depotId') AS depot_id,
           coalesce(a.money_minor,
             (SELECT (o->>'totalMinor')::bigint FROM jsonb_array_elements(p.alternatives) o WHERE o->>'action' = 'nothing' LIMIT 1),
             p.expected_cost_minor + coalesce(
               (SELECT (r->>'savingMinor')::bigint FROM jsonb_array_elements(p.reasons) r WHERE r->>'code' = 'saves-against-waiting' LIMIT 1), 0))
             AS money_minor,
           coalesce(a.currency, p.currency) AS currency, coalesce(a.opened_at, p.decided_at) AS since,
           CASE WHEN a.snoozed_until > $4 THEN a.snoozed_until END AS snoozed_until
      FROM (SELECT *, CASE WHEN kind = 'backorder-impact' THEN subject END AS place FROM replenish.alert WHERE state <> 'cleared') a
      FULL JOIN proposal p ON a.place = p.place)
  SELECT work.* FROM work WHERE ($1::text IS NULL OR part_id = $1) AND ($2::text IS NULL OR depot_id = $2)`;

/** Orders named for one shelf; whoever wants more opens the shelf. */
const COMING_MAX = 3;

/** What lies on the shelf of a row and what is on its way to it. */
const COVER = `
  LEFT JOIN LATERAL (SELECT coalesce(sum(b.qty), 0)::int AS "onHand" FROM network.stock_balance b
                      WHERE b.loc = 'depot:' || w.depot_id AND b.part_id = w.part_id AND b.condition IN ('new', 'serviceable')) h ON w.depot_id IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT coalesce(sum(o.quantity), 0)::int AS "comingPieces",
           coalesce(jsonb_agg(jsonb_build_object('orderId', o.order_id, 'kind', o.kind, 'from', o.from_loc, 'quantity', o.quantity,
                      'expectedAt', round(extract(epoch FROM o.at) * 1000)::bigint) ORDER BY o.place) FILTER (WHERE o.place <= ${COMING_MAX}), '[]') AS coming
      FROM (SELECT s.order_id, s.kind, s.from_loc, s.qty - s.received_qty AS quantity, coalesce(s.promised_at, s.expected_at) AS at,
                   row_number() OVER (ORDER BY coalesce(s.promised_at, s.expected_at), s.order_id) AS place
              FROM network.supply_order s WHERE s.part_id = w.part_id AND s.to_loc = 'depot:' || w.depot_id
               AND s.state IN ('released', 'confirmed', 'shipped') AND s.qty > s.received_qty) o) c ON true`;

/** Of those rows the ones of a kind. */
const OF_KIND = `
  ($3::text IS NOT DISTINCT FROM 'snoozed') = (snoozed_until IS NOT NULL) AND ($3::text IS NULL OR $3 = 'snoozed' OR ($3 = 'proposal') = (proposal_id IS NOT NULL))`;

/** The dearest first; the order is total, so that pages neither repeat nor skip a row that stays as it is. */
export async function listWork(db: Queryable, {after, limit, ...filter}: WorkFilter): Promise<WorkRow[]> {
  const found = await db.query<WorkRow>(
    `SELECT w.*, h."onHand", c."comingPieces", c.coming FROM (
     SELECT w.id, w.alert_id AS "alertId", w.kind AS "alertKind", w.alert_state AS "alertState", w.subject, w.level, w.body, w.proposal_id AS "proposalId",
            w.option, w.reasons, w.expires_at AS "expiresAt", w.decision_id AS "decisionId", w.part_id AS "partId", q.name AS "partName",
            w.depot_id AS "depotId", w.money_minor AS "moneyMinor", w.currency, w.since, w.snoozed_until AS "snoozedUntil", w.part_id, w.depot_id
       FROM (${WORK}) w LEFT JOIN network.part q USING (part_id)
      WHERE ${OF_KIND} AND ($5::bigint IS NULL OR (-w.money_minor, w.id) > (-$5, $6::uuid))
      ORDER BY w.money_minor DESC, w.id LIMIT $7) w ${COVER}
      ORDER BY w."moneyMinor" DESC, w.id`,
    [...filterValues(filter), after?.moneyMinor ?? null, after?.id ?? null, limit],
  );
  return found.rows;
}

export async function countWork(
  db: Queryable,
  filter: Omit<WorkFilter, 'limit' | 'after'>,
): Promise<WorkCounts> {
  const found = await db.query<{
    currency: string | null;
    rows: number;
    proposals: number;
    snoozed: number;
    moneyMinor: number;
  }>(
    `SELECT w.currency, count(*) FILTER (WHERE ${OF_KIND}) AS rows, count(w.proposal_id) FILTER (WHERE ${OF_KIND}) AS proposals, count(w.snoozed_until) AS snoozed,
            coalesce(sum(w.money_minor) FILTER (WHERE ${OF_KIND}), 0)::bigint AS "moneyMinor"
       FROM (${WORK}) w GROUP BY w.currency ORDER BY w.currency`,
    filterValues(filter),
  );
  return {
    total: found.rows.reduce((sum, {rows}) => sum + rows, 0),
    proposals: found.rows.reduce((sum, {proposals}) => sum + proposals, 0),
    snoozed: found.rows.reduce((sum, {snoozed}) => sum + snoozed, 0),
    byCurrency: found.rows.flatMap(({currency, rows, moneyMinor}) =>
      currency === null || rows === 0 ? [] : [{currency, moneyMinor}],
    ),
  };
}

function filterValues({partId, depotId, kind, now}: Omit<WorkFilter, 'limit' | 'after'>): (string | null)[] {
  return [partId ?? null, depotId ?? null, kind ?? null, timestamp(now)];
}
