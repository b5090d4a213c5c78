import {ALWAYS, BusinessClock} from '../business-time.ts';
import type {Calendar, Suspension} from '../business-time.ts';
import {readTerm} from '../contract-term.ts';
import type {SlaMetric, SlaWindow, TermParams, TermScope, TypedTerm} from '../contract-term.ts';
import {invariant} from '../invariant.ts';
import {instantOf} from '../time.ts';
import type {EpochMs} from '../time.ts';
import {addsUpWaiting} from './waiting.ts';

/** A term of one contract version, and when it counts. */
export type Term = TypedTerm & {
  readonly contractId: string;
  readonly version: number;
  readonly termNo: number;
  readonly scope: TermScope;
  readonly clauseRef: string;
  /** Epoch ms; ±Infinity where open. Both the term and its version are in force from `from` until before `to`. */
  readonly from: number;
  readonly to: number;
};

/** A term as it is kept: parameters in the words of its import. */
export interface KeptTerm extends Omit<Term, 'type' | 'params'> {
  readonly type: string;
  readonly params: unknown;
}

export function termOf(kept: KeptTerm): Term {
  const typed = readTerm(kept.type, kept.params);
  invariant(typed.ok, 'a term was checked when it was imported');
  return {...kept, ...typed.value};
}

type Attached<T extends 'penalty' | 'bonus' | 'review' | 'terminate'> = TermParams<T> &
  Pick<Term, 'termNo' | 'clauseRef' | 'from' | 'to'>;

/**
 * A service level as it is judged: each case has so many hours, and so many of a window's cases must keep them; or all waiting of a
 * window together is held against a target.
 */
export interface Clause {
  readonly contractId: string;
  readonly version: number;
  readonly termNo: number;
  readonly clauseRef: string;
  readonly scope: TermScope;
  readonly from: number;
  readonly to: number;
  readonly metric: SlaMetric;
  /** Hours on the calendar's clock that a case has; 0 where waiting is added up. */
  readonly limitH: number;
  /** Percent of the cases of a window; 100 where waiting is added up. */
  readonly sharePct: number;
  /** Where waiting is added up: percent of hours up, or days of waiting; else null. */
  readonly target: number | null;
  /** When each machine that it is about was commissioned, epoch ms, rising; of availability alone. */
  readonly machines: readonly number[];
  readonly window: SlaWindow;
  readonly calendarId: string;
  /** When its clock stands still, beside its calendar: what was agreed to be left out, and declared force majeure. */
  readonly suspensions: readonly Suspension[];
  readonly remediationH: number | null;
  readonly penalties: readonly Attached<'penalty'>[];
  readonly bonuses: readonly Attached<'bonus'>[];
  readonly triggers: readonly (Attached<'review' | 'terminate'> & {
    readonly action: 'review' | 'terminate';
  })[];
}

/**
 * The service levels among the terms, each with the money and the consequences that point to it.
 *
 * Example: fillRate of 95 % within 4 h → each need has 4 h, and 95 % of a window's needs must keep them.
 */
export function clausesOf(terms: readonly Term[]): Clause[] {
  return terms.flatMap((term): Clause[] => {
    if (term.type !== 'sla') return [];
    const {metric, target, sharePct, withinH, window, calendar, remediationH = null} = term.params;
    const {contractId, version, termNo, clauseRef, scope, from, to} = term;
    const rate = metric === 'fillRate';
    const sum = addsUpWaiting(metric);
    const clause = {
      ...{contractId, version, termNo, clauseRef, scope, from, to, metric, window, remediationH},
      limitH: sum ? 0 : rate ? withinH : target,
      sharePct: sum ? 100 : rate ? target : sharePct,
      target: sum ? target : null,
      machines: [],
      calendarId: calendar,
    };
    const own = terms.filter((other) => other.contractId === contractId && other.version === version);
    const about = own.filter(({params}) => 'slaTermNo' in params && params.slaTermNo === termNo);
    const declared = own.flatMap((other) =>
      other.type === 'forceMajeure' && isWithin(scope, other.scope) ? other.params.declared : [],
    );
    const suspensions = suspensionsOf([...term.params.exclusions, ...declared]);
    return [{...clause, suspensions, ...attachedTo(about)}];
  });
}

/** Spans of a term's parameters as a clock takes them. */
export function suspensionsOf(
  spans: readonly {readonly from: string; readonly until: string}[],
): Suspension[] {
  return spans.map(({from, until}) => ({from: instantOf(from), to: instantOf(until)}));
}

/** Whether all that a scope is about is within another. Example: D-1 is within D-1 and D-2, and everything is not. */
function isWithin(scope: TermScope, wider: TermScope): boolean {
  const fields = ['equipmentIds', 'partIds', 'depotIds'] as const;
  return fields.every((field) => {
    const [own, all] = [scope[field], wider[field]] as [string[] | undefined, string[] | undefined];
    return all === undefined || (own?.every((id) => all.includes(id)) ?? false);
  });
}

function attachedTo(terms: readonly Term[]): Pick<Clause, 'penalties' | 'bonuses' | 'triggers'> {
  const when = ({termNo, clauseRef, from, to}: Term): Pick<Term, 'termNo' | 'clauseRef' | 'from' | 'to'> => ({
    termNo,
    clauseRef,
    from,
    to,
  });
  return {
    penalties: terms.flatMap((term) => (term.type === 'penalty' ? [{...term.params, ...when(term)}] : [])),
    bonuses: terms.flatMap((term) => (term.type === 'bonus' ? [{...term.params, ...when(term)}] : [])),
    triggers: terms.flatMap((term) =>
      term.type === 'review' || term.type === 'terminate'
        ? [{...term.params, ...when(term), action: term.type}]
        : [],
    ),
  };
}

/** A machine and its contract. */
export interface CoveredMachine {
  readonly contractId: string;
  readonly equipmentId: string;
  readonly since: EpochMs;
}

/** The clauses with their machines. Example: two machines of K-1, a clause of K-1 about one of them → that one's commissioning. */
export function withMachines(clauses: readonly Clause[], machines: readonly CoveredMachine[]): Clause[] {
  return clauses.map((clause) => {
    const {equipmentIds} = clause.scope;
    const own = machines.filter(
      ({contractId, equipmentId}) =>
        contractId === clause.contractId &&
        ((equipmentIds as string[] | undefined)?.includes(equipmentId) ?? true),
    );
    return {...clause, machines: own.map(({since}) => since).sort((a, b) => a - b)};
  });
}

/** A clause with the clock of its calendar, which stands still where the clause is suspended. */
export interface TimedClause {
  readonly clause: Clause;
  readonly clock: BusinessClock;
}

/** @param calendars All that the clauses name, but for `ALWAYS`. */
export function withClocks(clauses: readonly Clause[], calendars: readonly Calendar[]): TimedClause[] {
  const clocks = new Map(
    [ALWAYS, ...calendars].map((calendar) => [calendar.calendarId, new BusinessClock(calendar)]),
  );
  return clauses.map((clause) => ({
    clause,
    clock: clocks.get(clause.calendarId)!.without(clause.suspensions),
  }));
}

/** A version of a contract, and when it was agreed to hold. */
export interface Version {
  readonly contractId: string;
  readonly version: number;
  readonly from: number;
  readonly to: number;
}

/**
 * When each version of one contract really counts: a higher version takes over from the instant at which it begins until it ends.
 *
 * Example: version 1 from January on and version 2 from March on → 1 in January and February, 2 since.
 */
export function spansInForce(versions: readonly Version[]): Version[] {
  const edges = [...new Set(versions.flatMap(({from, to}) => [from, to]))].sort((a, b) => a - b);
  const spans: Version[] = [];
  for (const [i, from] of edges.entries()) {
    const to = edges[i + 1];
    if (to === undefined) break;
    const [highest] = versions
      .filter((version) => version.from <= from && to <= version.to)
      .sort((a, b) => b.version - a.version);
    if (highest === undefined) continue;
    const last = spans.at(-1);
    if (last?.version === highest.version && last.to === from) spans[spans.length - 1] = {...last, to};
    else spans.push({...highest, from, to});
  }
  return spans;
}
