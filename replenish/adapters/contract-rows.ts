import type {Calendar} from '../../domain/business-time.ts';
import {groupBy} from '../../domain/group-by.ts';
import {clausesOf, termOf, withClocks, withMachines} from '../../domain/service-level/clause.ts';
import type {CoveredMachine, KeptTerm, TimedClause} from '../../domain/service-level/clause.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';
import {addsUpWaiting} from '../../domain/service-level/waiting.ts';
import {windowAt} from '../../domain/service-level/window.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {allNeeds, withEachNeed} from '../core/demand/dated-need.ts';
import type {DepotSituation, Situation} from '../core/decision/situation.ts';
import {chargesOf} from './contract-charges.ts';
import type {ClauseCharge} from './contract-charges.ts';

/** Clocks enter a decision in hundredths of an hour. */
const CLOCK_PARTS = 100;

/**
 * The situation with the charges of its machines' contracts in force now, and where the clocks of open needs stand. Machines whose
 * contract charges nothing in the part's currency name no contract, so that without typed terms nothing is different.
 */
export async function withContracts(db: Queryable, situation: Situation): Promise<Situation> {
  const now = situation.now as EpochMs;
  const named = new Set(
    situation.depots.flatMap(({components, needs, planned = []}) =>
      [...components, ...needs, ...planned].flatMap(({contractId}) => contractId ?? []),
    ),
  );
  const clauses =
    named.size === 0 ? [] : await loadClauses(db, [...named].sort(), now, situation.part.currency);
  if (clauses.length === 0)
    return {...situation, depots: situation.depots.map((depot) => withoutContract(depot, new Map()))};
  const charges = chargesOf(clauses, await casesOfWindows(db, clauses, now), now);
  const byContract = groupBy(charges, ({clause}) => clause.contractId);
  const starts = await loadStarts(db, situation, byContract);
  const depots = situation.depots.map((depot) => {
    const kept = withoutContract(depot, byContract);
    return withEachNeed(kept, (need) => {
      const start = starts.get(need.demandId);
      const own = byContract.get(need.contractId ?? '') ?? [];
      if (start === undefined) return need;
      return {
        ...need,
        clockedH: own.map((charge) => clockedH(charge, {...start, neededAt: need.neededAt}, now)),
      };
    });
  });
  const contracts = [...byContract].map(([contractId, own]) => ({
    contractId,
    version: own[0]!.clause.version,
    charges: own.map(({charge}) => charge),
  }));
  return {...situation, depots, contracts};
}

function clockedH(
  {clause, clock}: ClauseCharge,
  {requestedAt, neededAt, answered}: Omit<StartRow, 'demandId'> & {readonly neededAt: number},
  now: EpochMs,
): number | null {
  const responds = clause.metric === 'responseH';
  if (responds && answered) return null;
  // What it has waited is in the window's sum already.
  if (addsUpWaiting(clause.metric)) return 0;
  const hours = clock.hoursBetween(responds ? requestedAt : neededAt, now);
  return Math.round(hours * CLOCK_PARTS) / CLOCK_PARTS;
}

function withoutContract(depot: DepotSituation, except: ReadonlyMap<string, unknown>): DepotSituation {
  const strip = <T extends {contractId?: string | undefined}>(one: T): T => {
    if (one.contractId === undefined || except.has(one.contractId)) return one;
    const rest: T = {...one};
    delete rest.contractId;
    return rest;
  };
  return {...withEachNeed(depot, strip), components: depot.components.map(strip)};
}

/** A version has taken over when it began, or when the last higher one had ended. */
const TERMS = `
  SELECT c.contract_id AS "contractId", c.version, t.term_no AS "termNo", t.type, t.scope, t.params, t.clause_ref AS "clauseRef",
         greatest(lower(t.effective), lower(c.valid), (
           SELECT max(upper(h.valid)) FROM network.contract h
            WHERE h.contract_id = c.contract_id AND h.status = 'active' AND h.version > c.version AND upper(h.valid) <= $2)) AS "from",
         least(upper(t.effective), upper(c.valid)) AS "to"
    FROM network.contract_in_force($2) c JOIN partners.contract_term t USING (contract_id, version)
   WHERE c.contract_id = ANY($1::text[]) AND t.effective @> $2::timestamptz AND t.type IN ('sla', 'penalty', 'bonus', 'forceMajeure')
   ORDER BY c.contract_id COLLATE "C", t.term_no`;

/** Clauses with money in this currency. Money in another one is settled, but cannot be weighed against the part's costs. */
async function loadClauses(
  db: Queryable,
  contractIds: readonly string[],
  now: EpochMs,
  currency: string,
): Promise<TimedClause[]> {
  const {rows} = await db.query<KeptTerm>(TERMS, [contractIds, timestamp(now)]);
  if (rows.length === 0) return [];
  const clauses = clausesOf(rows.map(termOf))
    .map((clause) => ({
      ...clause,
      penalties: clause.penalties.filter((one) => one.currency === currency),
      bonuses: clause.bonuses.filter((one) => one.currency === currency),
    }))
    .filter(({penalties, bonuses}) => penalties.length + bonuses.length > 0);
  const calendars = await db.query<Calendar>(
    `SELECT calendar_id AS "calendarId", time_zone AS "timeZone", hours, holidays FROM partners.calendar WHERE calendar_id = ANY($1::text[])`,
    [clauses.map(({calendarId}) => calendarId)],
  );
  const counting = clauses.filter(({metric}) => metric === 'availability');
  if (counting.length === 0) return withClocks(clauses, calendars.rows);
  const machines = await db.query<CoveredMachine>(
    `SELECT contract_id AS "contractId", equipment_id AS "equipmentId", commissioned_at AS since FROM network.equipment
      WHERE contract_id = ANY($1::text[]) AND state = 'active'`,
    [counting.map(({contractId}) => contractId)],
  );
  return withClocks(withMachines(clauses, machines.rows), calendars.rows);
}

/** Cases of the current windows of those clauses whose charges depend on what their window has come to: a cap, a bonus, a sum of waiting. */
async function casesOfWindows(
  db: Queryable,
  clauses: readonly TimedClause[],
  now: EpochMs,
): Promise<ServiceCase[]> {
  const asking = clauses.filter(
    ({clause: {metric, penalties, bonuses}}) =>
      addsUpWaiting(metric) ||
      bonuses.length > 0 ||
      penalties.some(({capPerWindowMinor}) => capPerWindowMinor !== null),
  );
  if (asking.length === 0) return [];
  const since = Math.min(...asking.map(({clause, clock}) => windowAt(clause.window, clock, now).from));
  const {rows} = await db.query<Omit<ServiceCase, 'promise'>>(
    `SELECT e.contract_id AS "contractId", l.demand_id AS "demandId", e.equipment_id AS "equipmentId", l.part_id AS "partId",
            l.depot_id AS "depotId", l.requested_at AS "requestedAt", l.needed_at AS "neededAt", l.filled_at AS "filledAt",
            l.cancelled_at AS "cancelledAt",
            (SELECT min(v.world_at) FROM network.demand_event v WHERE v.demand_id = l.demand_id AND v.type = 'filled') AS "firstFilledAt"
       FROM network.equipment e JOIN network.demand_line l USING (equipment_no)
      WHERE e.contract_id = ANY($1::text[]) AND greatest(l.needed_at, l.requested_at, coalesce(l.filled_at, l.cancelled_at, 'infinity')) >= $2
        AND (l.state <> 'cancelled' OR l.cancelled_at IS NOT NULL)
      ORDER BY l.demand_id`,
    [asking.map(({clause}) => clause.contractId), timestamp(since)],
  );
  return rows.map((row) => ({...row, promise: null}));
}

interface StartRow {
  readonly demandId: string;
  readonly requestedAt: EpochMs;
  /** Whether it was given a piece. */
  readonly answered: boolean;
}

/** When the open needs of these contracts were asked for. */
async function loadStarts(
  db: Queryable,
  {depots}: Situation,
  contracts: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, StartRow>> {
  const ids = depots.flatMap((depot) =>
    allNeeds(depot)
      .filter((need) => contracts.has(need.contractId ?? ''))
      .map(({demandId}) => demandId),
  );
  if (ids.length === 0) return new Map();
  const {rows} = await db.query<StartRow>(
    `SELECT demand_id AS "demandId", requested_at AS "requestedAt", filled_qty > 0 AS answered
       FROM network.demand_line WHERE demand_id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.demandId, row]));
}
