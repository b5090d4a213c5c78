import {ALWAYS, BusinessClock, calendarMistake} from '../../domain/business-time.ts';
import type {Calendar} from '../../domain/business-time.ts';
import {readTerm, TermScope} from '../../domain/contract-term.ts';
import type {TypedTerm} from '../../domain/contract-term.ts';
import {ok} from '../../domain/result.ts';
import {addsUpWaiting} from '../../domain/service-level/waiting.ts';
import {YEAR_DAYS} from '../../domain/time.ts';
import {unknownReference} from './check-keys.ts';
import {cellText} from './cell.ts';
import type {MasterRow} from './master-data.ts';
import type {Mistake} from './mistake.ts';
import type {Look} from './rule.ts';

const textOf = ({cells}: MasterRow, column: string): string => cellText(cells[column]);

function termMistake({line}: MasterRow, column: string, what: string, nextStep: string): Mistake {
  return {file: 'contract_term.csv', line, column, what, nextStep};
}

function calendarOf(row: MasterRow): Calendar {
  return {
    calendarId: textOf(row, 'calendar_id'),
    timeZone: textOf(row, 'time_zone'),
    hours: textOf(row, 'hours'),
    holidays: (row.cells['holidays'] ?? []) as readonly string[],
  };
}

/** A clock must have hours, a zone and dates that can be read, and enough hours for the terms that the database holds on it. */
export function calendarsReadable({folder, after}: Look): Mistake[] {
  if (folder.calendar.length === 0) return [];
  const inFolder = new Set(folder.contract_term);
  const held = after('contract_term').filter((row) => !inFolder.has(row));
  return folder.calendar.flatMap((row) => {
    const calendar = calendarOf(row);
    const {calendarId} = calendar;
    const wrong = calendarMistake(calendar);
    const told = {file: 'calendar.csv', line: row.line};
    if (wrong !== null) return [{...told, column: 'hours', ...wrong}];
    if (calendarId === ALWAYS.calendarId) {
      const what = `calendar "${calendarId}" is every hour of every day, and stays so`;
      return [{...told, column: 'calendar_id', what, nextStep: 'give it another name'}];
    }
    return held.flatMap((term): Mistake[] => {
      const what = tooLong(readTerm(textOf(term, 'type'), term.cells['params']), calendar);
      if (what === null) return [];
      const of = `${textOf(term, 'contract_id')} version ${textOf(term, 'version')} term ${textOf(term, 'term_no')}`;
      return [
        {...told, column: 'hours', what: `${of}: ${what}`, nextStep: 'open longer, or change the term'},
      ];
    });
  });
}

/** Deadlines further off are a typing mistake, and take long to count out. */
const DEADLINE_YEARS_MAX = 10;

/** What is wrong with the hours of a service level on its calendar. Example: 4000 h of one minute a week → they take 4,600 years. */
function tooLong(term: ReturnType<typeof readTerm>, calendar: Calendar): string | null {
  if (!term.ok || term.value.type !== 'sla' || term.value.params.calendar !== calendar.calendarId)
    return null;
  const {metric, target, withinH, remediationH = 0} = term.value.params;
  const limitH = metric === 'fillRate' ? withinH : addsUpWaiting(metric) ? 0 : target;
  const longest = Math.max(limitH, remediationH);
  const years = longest / new BusinessClock(calendar).weekShare / (24 * YEAR_DAYS);
  if (years <= DEADLINE_YEARS_MAX) return null;
  return `${longest} h of calendar ${calendar.calendarId} take ${Math.ceil(years)} years`;
}

const versionOf = (row: MasterRow): string => `${textOf(row, 'contract_id')} ${textOf(row, 'version')}`;

/** Every term says by its type what it needs, and points to a version, a calendar and a service level that are there. */
export function termsReadable({folder, after}: Look): Mistake[] {
  if (folder.contract_term.length === 0) return [];
  const versions = new Set(after('contract').map(versionOf));
  const calendars = new Map(
    after('calendar').map((row): [string, Calendar] => [textOf(row, 'calendar_id'), calendarOf(row)]),
  ).set(ALWAYS.calendarId, ALWAYS);
  const terms = after('contract_term');
  const serviceLevels = new Set(terms.filter(({cells}) => cells['type'] === 'sla').map(keyOf));
  const followers = followersAmong(terms, new Set(folder.contract_term));
  const unknownIds = nameCheck(after);
  return folder.contract_term.flatMap((row) => {
    const mistakes: Mistake[] = [];
    if (!versions.has(versionOf(row)))
      mistakes.push(
        unknownReference('contract_term', row.line, 'version', row.cells['version']!, 'contract'),
      );
    const scope = TermScope.safeParse(row.cells['scope']);
    if (!scope.success)
      mistakes.push(
        termMistake(
          row,
          'scope',
          `scope ${scope.error.issues[0]!.message}`,
          'list ids under equipmentIds, partIds or depotIds',
        ),
      );
    else mistakes.push(...unknownIds.inScope(row, scope.data));
    const follower = row.cells['type'] === 'sla' ? undefined : followers.get(keyOf(row));
    if (follower !== undefined)
      mistakes.push(
        termMistake(row, 'type', `${follower} is about it as a service level`, 'keep it one, or change both'),
      );
    const term = readTerm(textOf(row, 'type'), row.cells['params']);
    if (!term.ok)
      return [
        ...mistakes,
        termMistake(row, 'params', `params of ${textOf(row, 'type')}: ${term.detail}`, 'correct the cell'),
      ];
    const unknown = unknownIds.inParams(row, term.value.params);
    return [...mistakes, ...unknown, ...brokenLinks(row, term.value, calendars, serviceLevels)];
  });
}

const keyOf = (row: MasterRow): string => `${versionOf(row)} ${textOf(row, 'term_no')}`;

/** By the key of a service level: a term, held by the database and not in the folder, that is about it. */
function followersAmong(
  terms: readonly MasterRow[],
  folder: ReadonlySet<MasterRow>,
): ReadonlyMap<string, string> {
  return new Map(
    terms.flatMap((row): [string, string][] => {
      const slaTermNo = (row.cells['params'] as {readonly slaTermNo?: unknown} | null)?.slaTermNo;
      if (folder.has(row) || typeof slaTermNo !== 'number') return [];
      return [[`${versionOf(row)} ${slaTermNo}`, `term ${textOf(row, 'term_no')} (${textOf(row, 'type')})`]];
    }),
  );
}

/** Parameters that name a party or a depot, whatever the type. */
const NAMING = {
  party: [
    ...['supplierPartyId', 'ownerPartyId', 'holderPartyId', 'partyIds', 'payerPartyId', 'partnerPartyId'],
    ...['liableParty', 'costBearer'],
  ],
  depot: ['fromDepotId', 'toDepotId', 'depots'],
} as const;

/** Names in scopes and parameters that nothing has: such a term would be about nothing. */
function nameCheck(after: Look['after']): {
  readonly inScope: (row: MasterRow, scope: TermScope) => Mistake[];
  readonly inParams: (row: MasterRow, params: object) => Mistake[];
} {
  const known = new Map<string, ReadonlySet<unknown>>();
  const mistakesIn = (
    row: MasterRow,
    ids: readonly string[] | undefined,
    [table, column]: readonly ['equipment' | 'part' | 'depot' | 'party', string],
    cell = 'scope',
  ): Mistake[] => {
    if (ids === undefined) return [];
    const there = known.get(table) ?? new Set<unknown>(after(table).map(({cells}) => cells[column]));
    known.set(table, there);
    return ids
      .filter((id) => !there.has(id))
      .map((id) => unknownReference('contract_term', row.line, cell, id, table));
  };
  return {
    inScope: (row, {equipmentIds, partIds, depotIds}) => [
      ...mistakesIn(row, equipmentIds, ['equipment', 'equipment_id']),
      ...mistakesIn(row, partIds, ['part', 'part_id']),
      ...mistakesIn(row, depotIds, ['depot', 'depot_id']),
    ],
    inParams: (row, params) =>
      (['party', 'depot'] as const).flatMap((table) =>
        NAMING[table].flatMap((name) => {
          const named = (params as Readonly<Record<string, string | string[] | undefined>>)[name];
          const ids = typeof named === 'string' ? [named] : named;
          return mistakesIn(row, ids, [table, `${table}_id`], 'params');
        }),
      ),
  };
}

function brokenLinks(
  row: MasterRow,
  {type, params}: TypedTerm,
  calendars: ReadonlyMap<string, Calendar>,
  serviceLevels: ReadonlySet<string>,
): Mistake[] {
  if (type === 'sla') {
    const isShare = params.metric === 'fillRate' || params.metric === 'availability';
    if (isShare && params.target > 100)
      return [
        termMistake(
          row,
          'params',
          `target ${params.target} of ${params.metric} is more than 100 %`,
          'correct it',
        ),
      ];
    const calendar = calendars.get(params.calendar);
    if (calendar === undefined)
      return [unknownReference('contract_term', row.line, 'params', params.calendar, 'calendar')];
    if (calendarMistake(calendar) !== null) return []; // the calendar's own row says so
    const what = tooLong(ok({type, params}), calendar);
    return what === null ? [] : [termMistake(row, 'params', what, 'correct it, or open longer')];
  }
  if (type === 'delivery' && Object.hasOwn(row.cells['scope'] as object, 'equipmentIds'))
    return [termMistake(row, 'scope', 'a delivery is for no machine', 'list partIds or depotIds')];
  if (!('slaTermNo' in params)) return [];
  if (Object.keys(row.cells['scope'] as object).length > 0)
    return [termMistake(row, 'scope', `a ${type} has the scope of its sla term`, 'leave the cell empty')];
  if (serviceLevels.has(`${versionOf(row)} ${params.slaTermNo}`)) return [];
  return [
    termMistake(
      row,
      'params',
      `slaTermNo ${params.slaTermNo} is no sla term of ${textOf(row, 'contract_id')} version ${textOf(row, 'version')}`,
      'name the term_no of one',
    ),
  ];
}
