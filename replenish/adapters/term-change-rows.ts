import type {TermType} from '../../domain/contract-term.ts';
import {DAY_MS, MINUTE_MS, epochMs, plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {BINDING_TERMS} from './rule-rows.ts';

/** Dates of contracts are days; a minute is soon enough, and few enough looks. */
const LOOK_EVERY_MS = MINUTE_MS;
/** A process that was down so long misses nothing. */
const LOOK_BACK_MS = 7 * DAY_MS;
/** Charges for lateness are part of what waiting costs a decision. */
const CHARGING: readonly TermType[] = ['sla', 'penalty', 'bonus'];
/** About one party's deliveries to the other; exclusivity, pools, lanes and use are about everybody's. */
const BOUGHT: readonly TermType[] = ['moq', 'price', 'calendar', 'flex', 'vmiBand', 'obsolescence'];

interface Changed {
  readonly contractId: string;
  readonly at: number;
  readonly groupId: string;
}

/**
 * Terms that began or lapsed between $1 and $2, with the groups of the parts they are about. A term counts while its version is the one
 * in force, so a version that takes over, ends or gives way is a change of its terms; a shutdown and a last day of orders begin and end
 * within their term.
 */
const CHANGED = `
  WITH edge AS (
    SELECT c.contract_id, e.at FROM network.contract c, unnest(ARRAY[lower(c.valid), upper(c.valid)]) AS e(at) WHERE c.status = 'active'
    UNION SELECT t.contract_id, e.at FROM partners.contract_term t, unnest(ARRAY[lower(t.effective), upper(t.effective)]) AS e(at)
    UNION SELECT t.contract_id, (d.day || 'T00:00:00Z')::timestamptz FROM partners.contract_term t
      CROSS JOIN LATERAL (SELECT unnest(ARRAY[s->>'from', s->>'until']) AS day FROM jsonb_array_elements(t.params->'shutdowns') AS s) d
     WHERE t.type = 'calendar' AND jsonb_typeof(t.params->'shutdowns') = 'array'
    UNION SELECT t.contract_id, (t.params->>'lastOrderDate' || 'T00:00:00Z')::timestamptz + interval '1 day'
      FROM partners.contract_term t WHERE t.type = 'obsolescence'),
  passed AS (SELECT DISTINCT contract_id, at FROM edge WHERE at > $1 AND at <= $2),
  standing AS (
    SELECT p.contract_id, p.at, b.version AS before, n.version AS after FROM passed p
      LEFT JOIN LATERAL (SELECT max(c.version) AS version FROM network.contract c
                          WHERE c.contract_id = p.contract_id AND c.status = 'active' AND c.valid @> (p.at - interval '1 microsecond')) b ON true
      LEFT JOIN LATERAL (SELECT max(c.version) AS version FROM network.contract c
                          WHERE c.contract_id = p.contract_id AND c.status = 'active' AND c.valid @> p.at) n ON true),
  changed AS (
    SELECT s.contract_id, s.at, t.type, t.scope FROM standing s JOIN partners.contract_term t USING (contract_id)
     WHERE t.type = ANY($3::text[])
       AND (t.version IS NOT DISTINCT FROM s.before AND t.effective @> (s.at - interval '1 microsecond')
            OR t.version IS NOT DISTINCT FROM s.after AND t.effective @> s.at)
       AND ((t.version IS NOT DISTINCT FROM s.before AND t.effective @> (s.at - interval '1 microsecond'))
              <> (t.version IS NOT DISTINCT FROM s.after AND t.effective @> s.at)
            OR t.params->>'lastOrderDate' = to_char((s.at - interval '1 day') AT TIME ZONE 'UTC', 'YYYY-MM-DD')
            OR t.params->'shutdowns' @> jsonb_build_array(jsonb_build_object('from', to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')))
            OR t.params->'shutdowns' @> jsonb_build_array(jsonb_build_object('until', to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))))),
  about AS (
    SELECT contract_id, at, jsonb_array_elements_text(scope->'partIds') AS part_id FROM changed WHERE jsonb_typeof(scope->'partIds') = 'array'
    UNION
    SELECT h.contract_id, h.at, w.part_id FROM changed h JOIN network.contract c USING (contract_id)
      JOIN network.sourcing w ON w.source_kind = 'supplier' AND w.source_id IN (c.party_a, c.party_b)
     WHERE h.type = ANY($4::text[]) AND h.scope->'partIds' IS NULL
    UNION
    SELECT h.contract_id, h.at, i.part_id FROM changed h JOIN network.equipment e ON e.contract_id = h.contract_id
      JOIN network.bom_position i USING (model_id)
     WHERE (h.type = ANY($5::text[]) OR h.type = 'substitution') AND h.scope->'partIds' IS NULL
    UNION
    SELECT h.contract_id, h.at, d.part_id FROM changed h CROSS JOIN network.part_depot d
     WHERE NOT h.type = ANY($4::text[] || $5::text[]) AND h.type <> 'substitution' AND h.scope->'partIds' IS NULL)
  SELECT DISTINCT a.contract_id AS "contractId", a.at, p.group_id AS "groupId" FROM about a JOIN network.part p USING (part_id)
   ORDER BY a.at, a.contract_id, p.group_id`;

/**
 * Has the groups look whose contracts say something else since `after`, each once for a contract and an instant: the signal is named by
 * these, and dated when it happened, so that a later look, or another process, says the same.
 */
export async function signalTerms(db: Queryable, after: EpochMs, now: EpochMs): Promise<number> {
  const {rows} = await db.query<Changed>(CHANGED, [
    timestamp(after),
    timestamp(now),
    [...BINDING_TERMS, ...CHARGING],
    BOUGHT,
    CHARGING,
  ]);
  if (rows.length === 0) return 0;
  const instants = rows.map(({at}) => toIso(epochMs(at)));
  await db.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, 'contract-term', s.ref, s.at)
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS s(id, group_id, ref, at)`,
    [
      rows.map(({contractId, at, groupId}) => causeId('signal', 'contract-term', contractId, at, groupId)),
      rows.map(({groupId}) => groupId),
      rows.map(({contractId}, i) => `${contractId} ${instants[i]!}`),
      instants,
    ],
  );
  return rows.length;
}

/** Looks once a minute of world time, from where the last look ended. */
export function watchTerms(db: Queryable): (now: EpochMs) => Promise<void> {
  let seenUntil: EpochMs | null = null;
  return async (now) => {
    if (seenUntil !== null && now < seenUntil + LOOK_EVERY_MS) return;
    await signalTerms(db, seenUntil ?? plusMs(now, -LOOK_BACK_MS), now);
    seenUntil = now;
  };
}
