import type {Calendar} from '../../domain/business-time.ts';
import {groupBy} from '../../domain/group-by.ts';
import type {TermType} from '../../domain/contract-term.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {
  clausesOf,
  spansInForce,
  termOf,
  withClocks,
  withMachines,
} from '../../domain/service-level/clause.ts';
import type {
  Clause,
  CoveredMachine,
  KeptTerm,
  Term,
  TimedClause,
  Version,
} from '../../domain/service-level/clause.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';

export interface ClauseFilter {
  readonly contractId?: string | undefined;
  readonly partyId?: string | undefined;
}

/** Every service level of the contracts, whenever it counted: from its version's and its own dates, a higher version first. */
export async function loadClauses(db: Queryable, filter: ClauseFilter): Promise<TimedClause[]> {
  const clauses = (await termsInForce(db, filter, 'sla')).flatMap(clausesOf);
  const counted = withMachines(clauses, await loadMachines(db, clauses));
  return withClocks(counted, await loadCalendars(db, clauses));
}

/** All terms of the contracts that have one of a type, by the spans in which a version is in force, each term cut to its span. */
export async function termsInForce(
  db: Queryable,
  {contractId, partyId}: ClauseFilter,
  type: TermType,
): Promise<Term[][]> {
  const found = await db.query<Version>(
    `SELECT contract_id AS "contractId", version, lower(valid) AS "from", upper(valid) AS "to" FROM network.contract c
      WHERE status = 'active' AND ($1::text IS NULL OR contract_id = $1) AND ($2::text IS NULL OR $2 IN (party_a, party_b))
        AND EXISTS (SELECT FROM partners.contract_term t WHERE t.contract_id = c.contract_id AND t.type = $3)
      ORDER BY contract_id COLLATE "C", version`,
    [contractId ?? null, partyId ?? null, type],
  );
  const versions = groupBy(found.rows, (row) => row.contractId);
  const terms = groupBy(
    await loadTerms(db, [...versions.keys()]),
    (term) => `${term.contractId} ${term.version}`,
  );
  return [...versions.values()]
    .flatMap(spansInForce)
    .map((span) =>
      (terms.get(`${span.contractId} ${span.version}`) ?? [])
        .map((term) => ({...term, from: Math.max(term.from, span.from), to: Math.min(term.to, span.to)}))
        .filter(({from, to}) => from < to),
    );
}

/** Machines under those contracts today that promise them to be up. */
async function loadMachines(db: Queryable, clauses: readonly Clause[]): Promise<readonly CoveredMachine[]> {
  const contractIds = clauses.flatMap(({metric, contractId}) =>
    metric === 'availability' ? [contractId] : [],
  );
  if (contractIds.length === 0) return [];
  const {rows} = await db.query<CoveredMachine>(
    `SELECT contract_id AS "contractId", equipment_id AS "equipmentId", commissioned_at AS since FROM network.equipment
      WHERE contract_id = ANY($1::text[]) AND state = 'active'`,
    [contractIds],
  );
  return rows;
}

/** All terms of these contracts, whatever their version and date. */
export async function loadTerms(db: Queryable, contractIds: readonly string[]): Promise<Term[]> {
  if (contractIds.length === 0) return [];
  const {rows} = await db.query<KeptTerm>(
    `SELECT contract_id AS "contractId", version, term_no AS "termNo", type, scope, params, clause_ref AS "clauseRef",
            lower(effective) AS "from", upper(effective) AS "to"
       FROM partners.contract_term WHERE contract_id = ANY($1::text[]) ORDER BY contract_id COLLATE "C", version, term_no`,
    [contractIds],
  );
  return rows.map(termOf);
}

async function loadCalendars(db: Queryable, clauses: readonly Clause[]): Promise<Calendar[]> {
  const {rows} = await db.query<Calendar>(
    `SELECT calendar_id AS "calendarId", time_zone AS "timeZone", hours, holidays FROM partners.calendar WHERE calendar_id = ANY($1::text[])`,
    [clauses.map(({calendarId}) => calendarId)],
  );
  return rows;
}

interface CaseRow extends Omit<ServiceCase, 'promise'> {
  readonly promisedAt: EpochMs | null;
  readonly promiseSdH: number | null;
}
/**
 * Needs of the contracts' machines that began or waited within a span. The promise of an open one is what the customer was told, else when
 * the next open order of the part is expected at its depot. A line that was withdrawn (its need is another line's) is no case.
 */
const CASES = `
  SELECT e.contract_id AS "contractId", l.demand_id AS "demandId", e.equipment_id AS "equipmentId", l.part_id AS "partId",
         l.depot_id AS "depotId", l.requested_at AS "requestedAt", l.needed_at AS "neededAt", l.filled_at AS "filledAt",
         l.cancelled_at AS "cancelledAt",
         (SELECT min(v.world_at) FROM network.demand_event v WHERE v.demand_id = l.demand_id AND v.type = 'filled') AS "firstFilledAt",
         coalesce(l.promised_at, o.expected_at) AS "promisedAt", CASE WHEN l.promised_at IS NULL THEN o.sd_h ELSE 0 END AS "promiseSdH"
    FROM network.equipment e JOIN network.demand_line l USING (equipment_no)
    LEFT JOIN LATERAL (
      SELECT coalesce(o.promised_at, o.expected_at) AS expected_at, o.lead_time_sd_h AS sd_h FROM network.supply_order o
       WHERE l.state = 'open' AND o.part_id = l.part_id AND o.to_loc = 'depot:' || l.depot_id
         AND o.state IN ('released', 'confirmed', 'shipped') AND o.qty > o.received_qty
       ORDER BY 1, o.order_id LIMIT 1) o ON true
   WHERE e.contract_id = ANY($1::text[]) AND least(l.needed_at, l.requested_at) < $3 AND greatest(l.needed_at, l.requested_at, coalesce(l.filled_at, l.cancelled_at, 'infinity')) >= $2
     AND (l.state <> 'cancelled' OR l.cancelled_at IS NOT NULL)
   ORDER BY l.needed_at, l.demand_id`;

/** @param span Instants between which a case may have begun or waited. */
export async function loadCases(
  db: Queryable,
  contractIds: readonly string[],
  span: {readonly from: number; readonly to: number},
): Promise<ServiceCase[]> {
  if (contractIds.length === 0) return [];
  const {rows} = await db.query<CaseRow>(CASES, [contractIds, timestamp(span.from), timestamp(span.to)]);
  return rows.map(({promisedAt, promiseSdH, ...row}) => ({
    ...row,
    promise: promisedAt === null ? null : {at: promisedAt, sdH: promiseSdH ?? 0},
  }));
}

/**
 * When the first case began that ended, or was given a piece of, at `from` or later; `from` itself where none did. Earlier cases
 * settled earlier, and one that nobody has answered has nothing to settle yet.
 */
export async function firstUnsettled(
  db: Queryable,
  contractIds: readonly string[],
  from: EpochMs,
): Promise<EpochMs> {
  const {rows} = await db.query<{at: EpochMs | null}>(
    `SELECT min(least(l.needed_at, l.requested_at)) AS at FROM network.equipment e JOIN network.demand_line l USING (equipment_no)
      WHERE e.contract_id = ANY($1::text[]) AND coalesce(l.filled_at, l.cancelled_at, CASE WHEN l.filled_qty > 0 THEN 'infinity'::timestamptz END) >= $2
        AND least(l.needed_at, l.requested_at) < $2`,
    [contractIds, timestamp(from)],
  );
  return rows[0]?.at ?? from;
}
