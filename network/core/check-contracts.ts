import {calendarMistake} from '../../domain/business-time.ts';
import {readTerm, TermScope} from '../../domain/contract-term.ts';
import type {TypedTerm} from '../../domain/contract-term.ts';
import {unknownReference} from './check-keys.ts';
import {cellText} from './cell.ts';
import type {MasterRow} from './master-data.ts';
import type {Look} from './check-network.ts';
import type {Mistake} from './mistake.ts';

const textOf = ({cells}: MasterRow, column: string): string => cellText(cells[column]);

function termMistake({line}: MasterRow, column: string, what: string, nextStep: string): Mistake {
  return {file: 'contract_term.csv', line, column, what, nextStep};
}

/** A clock must have hours, a zone and dates that can be read. */
export function calendarsReadable({folder}: Look): Mistake[] {
  return folder.calendar.flatMap((row) => {
    const wrong = calendarMistake({
      calendarId: textOf(row, 'calendar_id'),
      timeZone: textOf(row, 'time_zone'),
      hours: textOf(row, 'hours'),
      holidays: row.cells['holidays'] as readonly string[],
    });
    return wrong === null ? [] : [{file: 'calendar.csv', line: row.line, column: 'hours', ...wrong}];
  });
}

const versionOf = (row: MasterRow): string => `${textOf(row, 'contract_id')} ${textOf(row, 'version')}`;

/** Every term says by its type what it needs, and points to a version, a calendar and a service level that are there. */
export function termsReadable({folder, after}: Look): Mistake[] {
  if (folder.contract_term.length === 0) return [];
  const versions = new Set(after('contract').map(versionOf));
  const calendars = new Set(['always', ...after('calendar').map((row) => textOf(row, 'calendar_id'))]);
  const serviceLevels = new Set(
    after('contract_term')
      .filter(({cells}) => cells['type'] === 'sla')
      .map((row) => `${versionOf(row)} ${textOf(row, 'term_no')}`),
  );
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
    const term = readTerm(textOf(row, 'type'), row.cells['params']);
    if (!term.ok)
      return [
        ...mistakes,
        termMistake(row, 'params', `params of ${textOf(row, 'type')}: ${term.detail}`, 'correct the cell'),
      ];
    return [...mistakes, ...brokenLinks(row, term.value, calendars, serviceLevels)];
  });
}

function brokenLinks(
  row: MasterRow,
  {type, params}: TypedTerm,
  calendars: ReadonlySet<string>,
  serviceLevels: ReadonlySet<string>,
): Mistake[] {
  if (type === 'sla') {
    if (params.metric === 'fillRate' && params.target > 100)
      return [
        termMistake(row, 'params', `target ${params.target} of fillRate is more than 100 %`, 'correct it'),
      ];
    if (calendars.has(params.calendar)) return [];
    return [unknownReference('contract_term', row.line, 'params', params.calendar, 'calendar')];
  }
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
