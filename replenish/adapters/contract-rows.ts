import {readTerm} from '../../domain/contract-term.ts';
import type {TermScope} from '../../domain/contract-term.ts';
import {ALWAYS, BusinessClock} from '../../domain/business-time.ts';
import type {Calendar} from '../../domain/business-time.ts';
import {groupBy} from '../../domain/group-by.ts';
import {invariant} from '../../domain/invariant.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {clausesOf} from '../../partners/core/clause.ts';
import type {Clause, Term} from '../../partners/core/clause.ts';
import type {ContractCharges, DepotSituation, Situation} from '../core/situation.ts';

/** Clocks enter a decision in hundredths of an hour. */
const CLOCK_PARTS = 100;

/**
 * The situation with the charges of its machines' contracts in force now, and where the clocks of open needs stand. Machines whose
 * contract charges nothing in the part's currency name no contract, so that without typed terms nothing is different.
 */
export async function withContracts(db: Queryable, situation: Situation): Promise<Situation> {
  const now = situation.now as EpochMs;
  const named = new Set(
    situation.depots.flatMap(({components, needs}) =>
      [...components, ...needs].flatMap(({contractId}) => contractId ?? []),
    ),
  );
  const clauses =
    named.size === 0 ? [] : await loadClauses(db, [...named].sort(), now, situation.part.currency);
  if (clauses.length === 0)
    return {...situation, depots: situation.depots.map((depot) => withoutContract(depot))};
  const clocks = await loadClocks(db, clauses);
  const byContract = groupBy(clauses, ({contractId}) => contractId);
  const starts = await loadStarts(db, situation, byContract);
  const depots = situation.depots.map((depot) => {
    const kept = withoutContract(depot, byContract);
    const needs = kept.needs.map((need) => {
      const start = starts.get(need.demandId);
      if (start === undefined) return need;
      const clockedH = charging(byContract.get(need.contractId ?? '') ?? []).map(({clause}) =>
        clause.metric === 'responseH' && start.answered
          ? null
          : inParts(
              clocks
                .get(clause.calendarId)!
                .hoursBetween(clause.metric === 'responseH' ? start.requested_at : need.neededAt, now),
            ),
      );
      return {...need, clockedH};
    });
    return {...kept, needs};
  });
  return {...situation, depots, contracts: [...byContract].map((entry) => chargesOf(entry, clocks))};
}

const inParts = (hours: number): number => Math.round(hours * CLOCK_PARTS) / CLOCK_PARTS;

function withoutContract(
  depot: DepotSituation,
  except: ReadonlyMap<string, unknown> = new Map(),
): DepotSituation {
  const strip = <T extends {contractId?: string | undefined}>(one: T): T => {
    if (one.contractId === undefined || except.has(one.contractId)) return one;
    const rest: T = {...one};
    delete rest.contractId;
    return rest;
  };
  return {...depot, components: depot.components.map(strip), needs: depot.needs.map(strip)};
}

/** Penalties of a contract's clauses, in the order in which clocks are listed. */
function charging(
  clauses: readonly Clause[],
): {readonly clause: Clause; readonly penalty: Clause['penalties'][number]}[] {
  return clauses.flatMap((clause) => clause.penalties.map((penalty) => ({clause, penalty})));
}

function chargesOf(
  [contractId, clauses]: readonly [string, readonly Clause[]],
  clocks: ReadonlyMap<string, BusinessClock>,
): ContractCharges {
  return {
    contractId,
    version: clauses[0]!.version,
    charges: charging(clauses).map(({clause, penalty}) => ({
      termNo: penalty.termNo,
      scope: clause.scope,
      limitH: clause.limitH,
      clockShare: clocks.get(clause.calendarId)!.weekShare,
      formula: {
        perEventMinor: penalty.perEventMinor,
        perHourMinor: penalty.perHourMinor,
        graceH: penalty.graceH,
        tiers: penalty.tiers,
        capMinor: least(penalty.capMinor, penalty.capPerWindowMinor),
      },
    })),
  };
}

/** No case can cost more than its window may. */
function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

interface TermRow {
  readonly contract_id: string;
  readonly version: number;
  readonly term_no: number;
  readonly type: string;
  readonly scope: TermScope;
  readonly params: unknown;
  readonly clause_ref: string;
}
const TERMS = {
  name: 'situation-contract-terms',
  text: `
  SELECT c.contract_id, c.version, t.term_no, t.type, t.scope, t.params, t.clause_ref
    FROM network.contract_in_force($2) c JOIN partners.contract_term t USING (contract_id, version)
   WHERE c.contract_id = ANY($1::text[]) AND t.effective @> $2::timestamptz AND t.type IN ('sla', 'penalty')
   ORDER BY c.contract_id COLLATE "C", t.term_no`,
};

/** Clauses with a penalty in this currency. A penalty in another one is settled, but cannot be weighed against the part's costs. */
async function loadClauses(
  db: Queryable,
  contractIds: readonly string[],
  now: EpochMs,
  currency: string,
): Promise<Clause[]> {
  const {rows} = await db.query<TermRow>({...TERMS, values: [contractIds, timestamp(now)]});
  const terms = rows.map((row): Term => {
    const typed = readTerm(row.type, row.params);
    invariant(typed.ok, 'a term was checked when it was imported');
    return {
      ...typed.value,
      contractId: row.contract_id,
      version: row.version,
      termNo: row.term_no,
      scope: row.scope,
      clauseRef: row.clause_ref,
      from: -Infinity,
      to: Infinity,
    };
  });
  return clausesOf(terms)
    .map((clause) => ({...clause, penalties: clause.penalties.filter((one) => one.currency === currency)}))
    .filter(({penalties}) => penalties.length > 0);
}

async function loadClocks(
  db: Queryable,
  clauses: readonly Clause[],
): Promise<ReadonlyMap<string, BusinessClock>> {
  const {rows} = await db.query<Calendar>(
    `SELECT calendar_id AS "calendarId", time_zone AS "timeZone", hours, holidays FROM partners.calendar WHERE calendar_id = ANY($1::text[])`,
    [clauses.map(({calendarId}) => calendarId)],
  );
  return new Map([ALWAYS, ...rows].map((calendar) => [calendar.calendarId, new BusinessClock(calendar)]));
}

interface StartRow {
  readonly demand_id: string;
  readonly requested_at: EpochMs;
  /** Whether it was given a piece. */
  readonly answered: boolean;
}

/** When the open needs of these contracts were asked for. */
async function loadStarts(
  db: Queryable,
  {depots}: Situation,
  contracts: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, StartRow>> {
  const ids = depots.flatMap(({needs}) =>
    needs.filter((need) => contracts.has(need.contractId ?? '')).map(({demandId}) => demandId),
  );
  if (ids.length === 0) return new Map();
  const {rows} = await db.query<StartRow>(
    `SELECT demand_id, requested_at, filled_qty > 0 AS answered FROM network.demand_line WHERE demand_id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.demand_id, row]));
}
