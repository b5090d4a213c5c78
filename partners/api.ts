import {groupBy} from '../domain/group-by.ts';
import {ON_TIME_D} from '../domain/kpi.ts';
import {ALWAYS, BusinessClock} from '../domain/business-time.ts';
import {DAY_MS} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Queryable} from '../platform/pg.ts';
import {firstUnsettled, loadCases, loadClauses} from './adapters/clause-rows.ts';
import type {ClauseFilter} from './adapters/clause-rows.ts';
import {firstUndelivered, loadDeliveries, loadDeliveryTerms, versionKey} from './adapters/delivery-rows.ts';
import {settleDeliveries} from './core/settle-deliveries.ts';
import type {Clause, TimedClause} from '../domain/service-level/clause.ts';
import {settleWindow} from '../domain/service-level/settlement.ts';
import type {SettlementLine} from '../domain/service-level/settlement.ts';
import {breachedInARow, standingOf} from '../domain/service-level/sla.ts';
import type {ServiceCase, Standing} from '../domain/service-level/sla.ts';
import {windowAt, windowsUntil} from '../domain/service-level/window.ts';
import type {Window} from '../domain/service-level/window.ts';

export {workingCapital} from './adapters/capital-rows.ts';
export {contractVersions, contractsInForce, expiringContracts} from './adapters/contract-rows.ts';
export {applyShare, sharedFields} from './core/apply-share.ts';
export type {SharedRow} from './core/apply-share.ts';
export {NOTICE_DAYS} from './core/contract.ts';
export type {Contract, ContractWithTerms} from './core/contract.ts';
export {BreachRules, DEFAULT_BREACH_RULES, NOTICE_STATES} from './core/breach.ts';
export {DataShareTerms, isWhole} from './core/data-share.ts';
export {SHARED_DATA_NAMES, sharedKind} from './core/shared-data.ts';
export type {SharedData} from './core/shared-data.ts';
export {shareFacts} from './share-facts.ts';
export type {Breach, Breaches, DataShares, ShareInForce, SharedWay} from './desk.ts';
export {SLA_METRICS, SLA_WINDOWS, TERM_TYPES} from '../domain/contract-term.ts';
export type {Verdict} from '../domain/service-level/sla.ts';

/** A consequence that a row of breached windows has, and how far the row is. */
export interface TriggerCount {
  readonly termNo: number;
  readonly clauseRef: string;
  readonly action: 'review' | 'terminate';
  readonly breachedInARow: number;
  readonly consecutiveWindows: number;
  readonly cureDays: number;
  readonly reached: boolean;
}

/** A clause in its current window, and what earlier windows add up to. */
export interface ClauseStanding extends Standing {
  readonly clause: Clause;
  /** Of each late case: when it must be remedied; null where nothing was agreed. */
  readonly remedyBy: ReadonlyMap<string, EpochMs | null>;
  readonly triggers: readonly TriggerCount[];
}

/** How every clause in force at `now` stands in the window that holds `now` (I1). */
export async function slaStandings(
  db: Queryable,
  filter: ClauseFilter & {readonly limit: number},
  now: EpochMs,
): Promise<ClauseStanding[]> {
  const inForce = (await loadClauses(db, filter))
    .filter(({clause}) => clause.from <= now && now < clause.to)
    .slice(0, filter.limit)
    .map((timed) => ({...timed, windows: windowsLookedAt(timed, now)}));
  const from = Math.min(now, ...inForce.map(({windows}) => windows[0]!.from));
  const cases = await casesByContract(db, inForce, {from, to: now + 1});
  return inForce.map(({clause, clock, windows}) => {
    const own = cases.get(clause.contractId) ?? [];
    const standings = windows.map((window) => standingOf(clause, clock, own, {window, now}));
    const current = standings.at(-1)!;
    const row = breachedInARow(standings, now);
    const late = current.verdicts.filter(({state}) => state === 'late');
    return {
      ...current,
      clause,
      remedyBy: new Map(
        late.map(({case: {demandId}, dueAt}) => [
          demandId,
          clause.remediationH === null ? null : clock.after(dueAt, clause.remediationH),
        ]),
      ),
      triggers: clause.triggers.map(({termNo, clauseRef, action, consecutiveWindows, cureDays}) => ({
        ...{termNo, clauseRef, action, consecutiveWindows, cureDays},
        breachedInARow: row,
        reached: row >= consecutiveWindows,
      })),
    };
  });
}

/** The current window, and as many before it as the longest row that a trigger counts needs. */
function windowsLookedAt({clause, clock}: TimedClause, now: EpochMs): Window[] {
  const longest = Math.max(0, ...clause.triggers.map(({consecutiveWindows}) => consecutiveWindows));
  return windowsUntil(clause.window, clock, now, longest + 1);
}

/** Penalties of cases that ended and of late deliveries, and bonuses of windows that ended, from `from` until before `to`; as known at `now`. */
export async function settlementLines(
  db: Queryable,
  {from, to, ...filter}: ClauseFilter & {readonly from: EpochMs; readonly to: EpochMs},
  now: EpochMs,
): Promise<SettlementLine[]> {
  const clauses = await loadClauses(db, filter);
  const since = Math.min(from - 1, await firstUnsettled(db, contractIdsOf(clauses), from));
  // A window's cap and bonus look at all of its cases, so the load begins with the window in which the first of them began.
  const begins = clauses.map(({clause, clock}) => windowAt(clause.window, clock, since).from);
  const cases = await casesByContract(db, clauses, {
    from: Math.min(since, ...begins),
    to: Math.min(to, now + 1),
  });
  const lines = clauses.flatMap(({clause, clock}) => {
    const own = cases.get(clause.contractId) ?? [];
    return windowsOf({clause, clock}, own, {from, to}).flatMap((window) =>
      settleWindow(clause, clock, own, {window, now}),
    );
  });
  return [...lines, ...(await deliveryLines(db, {from, to, ...filter}, now))]
    .filter(({dueAt}) => dueAt >= from && dueAt < to)
    .sort((a, b) => a.dueAt - b.dueAt || a.termNo - b.termNo);
}

/** By currency, what deliveries of a supplier came to that was due from `from` until before `to`. */
export type DeliverySums = Record<string, {penaltyMinor: number; bonusMinor: number}>;

export async function deliverySums(
  db: Queryable,
  {partyId, from, to}: {readonly partyId: string; readonly from: EpochMs; readonly to: EpochMs},
  now: EpochMs,
): Promise<DeliverySums> {
  const sums: DeliverySums = {};
  for (const line of await deliveryLines(db, {partyId, supplierPartyId: partyId, from, to}, now)) {
    if (line.dueAt < from || line.dueAt >= to) continue;
    const sum = (sums[line.currency] ??= {penaltyMinor: 0, bonusMinor: 0});
    sum[line.kind === 'penalty' ? 'penaltyMinor' : 'bonusMinor'] += line.amountMinor;
  }
  return sums;
}

interface DeliveryPeriod extends ClauseFilter {
  /** Only what this party delivered. */
  readonly supplierPartyId?: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Of every window of which an order was due that came in the period, or that was decided in it; each supplier by its own orders. */
async function deliveryLines(
  db: Queryable,
  {from, to, supplierPartyId, ...filter}: DeliveryPeriod,
  now: EpochMs,
): Promise<SettlementLine[]> {
  const terms = await loadDeliveryTerms(db, filter);
  if (terms.length === 0) return [];
  const contractIds = [...new Set(terms.map(({contractId}) => contractId))];
  // A window is decided once its last order is a day late.
  const since = Math.min(from - ON_TIME_D * DAY_MS, await firstUndelivered(db, contractIds, from)) - 1;
  const clock = new BusinessClock(ALWAYS);
  const begins = terms.map(({params}) => windowAt(params.window, clock, since).from);
  const deliveries = await loadDeliveries(db, contractIds, {from: Math.min(...begins), to});
  return terms.flatMap((term) => {
    const bySupplier = groupBy(deliveries.get(versionKey(term)) ?? [], (one) => one.supplierPartyId);
    const lines: SettlementLine[] = [];
    for (const [partyId, own] of bySupplier) {
      if (supplierPartyId !== undefined && partyId !== supplierPartyId) continue;
      for (let at = since; at < to;) {
        const window = windowAt(term.params.window, clock, at);
        lines.push(...settleDeliveries(term, own, {window, now}));
        at = window.to;
      }
    }
    return lines;
  });
}

/**
 * Windows whose lines can be due in the period: in which a case began that was answered, filled or called off in it, and those that
 * end in it, which may earn a bonus without any case.
 */
function windowsOf(
  {clause, clock}: TimedClause,
  cases: readonly ServiceCase[],
  {from, to}: {readonly from: EpochMs; readonly to: EpochMs},
): Window[] {
  const windows = new Map<number, Window>();
  const keep = (window: Window): Window => {
    windows.set(window.from, window);
    return window;
  };
  const within = (at: EpochMs | null): boolean => at !== null && at >= from && at < to;
  for (const one of cases)
    if (within(one.firstFilledAt) || within(one.filledAt) || within(one.cancelledAt))
      keep(windowAt(clause.window, clock, clause.metric === 'responseH' ? one.requestedAt : one.neededAt));
  for (let at = from - 1; at < to;) at = keep(windowAt(clause.window, clock, at)).to;
  return [...windows.values()].sort((a, b) => a.from - b.from);
}

async function casesByContract(
  db: Queryable,
  clauses: readonly TimedClause[],
  span: {readonly from: number; readonly to: number},
): Promise<ReadonlyMap<string, ServiceCase[]>> {
  return groupBy(await loadCases(db, contractIdsOf(clauses), span), (one) => one.contractId);
}

function contractIdsOf(clauses: readonly TimedClause[]): string[] {
  return [...new Set(clauses.map(({clause}) => clause.contractId))];
}
