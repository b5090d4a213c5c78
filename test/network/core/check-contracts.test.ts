import {describe, expect, it} from 'vitest';
import {checkFolder} from '../../../network/core/check-folder.ts';
import {toRawFolder} from '../../../network/core/master-data.ts';
import {mistakeText} from '../../../network/core/mistake.ts';
import {tinyNetwork} from '../tiny-network.ts';

type Row = Record<string, string | number>;

const calendar = (calendar_id: string, hours: string): Row => ({
  calendar_id,
  hours,
  time_zone: 'UTC',
  holidays: '',
});
const term = (term_no: number, type: string, params: object, scope?: object): Row => ({
  ...{contract_id: 'K-1', version: 1, term_no, type, params: JSON.stringify(params)},
  ...{scope: scope === undefined ? '' : JSON.stringify(scope)},
});
const folderOf = (contract_term: Row[], ...calendars: Row[]) =>
  toRawFolder({
    ...tinyNetwork(),
    contract_term,
    calendar: [calendar('office', 'Mon-Fri 08:00-17:00'), ...calendars],
  });
const mistakes = (contract_term: Row[], ...calendars: Row[]): string[] =>
  checkFolder(folderOf(contract_term, ...calendars)).mistakes.map(mistakeText);

const sla = {metric: 'restoreH', target: 8};

describe('contracts at the door', () => {
  it('J1 nobody makes the clock of all contracts without a calendar another one', () => {
    expect(mistakes([term(1, 'sla', sla)], calendar('always', 'Mon 08:00-09:00'))).toEqual([
      expect.stringContaining('calendar "always" is every hour'),
    ]);
  });

  it('J1 hours that a calendar does not have within ten years are refused with the term, or with the calendar', () => {
    const long = term(1, 'sla', {...sla, target: 4000, calendar: 'rare'});
    const rare = calendar('rare', 'Sun 00:00-00:01');
    expect(mistakes([long], rare)).toEqual([
      expect.stringMatching(/contract_term.csv.*4000 h of calendar rare/),
    ]);
    expect(mistakes([long], calendar('rare', 'Mon-Fri 08:00-17:00'))).toEqual([]);

    const existing = checkFolder(folderOf([long], calendar('rare', 'Mon-Fri 08:00-17:00'))).folder;
    const later = checkFolder(toRawFolder({calendar: [rare]}), existing).mistakes.map(mistakeText);
    expect(later).toEqual([expect.stringMatching(/calendar.csv.*K-1 version 1.*4000 h/)]);
  });

  it('J1 a service level that a penalty is about stays one', () => {
    const penalty = term(2, 'penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 1});
    const existing = checkFolder(folderOf([term(1, 'sla', sla), penalty])).folder;
    const changed = toRawFolder({contract_term: [term(1, 'moq', {min: 2})]});
    expect(checkFolder(changed, existing).mistakes.map(mistakeText)).toEqual([
      expect.stringMatching(/contract_term.csv.*term 2 \(penalty\) is about it as a service level/),
    ]);
  });

  it('J1 parties and depots that a term names are there, and a share is no more than the whole', () => {
    expect(mistakes([term(1, 'exclusivity', {supplierPartyId: 'SUP'})])).toEqual([]);
    expect(mistakes([term(1, 'exclusivity', {supplierPartyId: 'SUPP'})])).toEqual([
      expect.stringMatching(/contract_term.csv.*params "SUPP" is not in party.csv/),
    ]);
    const pool = {depots: ['D-1', 'D-9'], currency: 'EUR'};
    expect(mistakes([term(1, 'poolShare', pool)])).toEqual([
      expect.stringMatching(/contract_term.csv.*params "D-9" is not in depot.csv/),
    ]);
    expect(mistakes([term(1, 'sla', {metric: 'availability', target: 101})])).toEqual([
      expect.stringMatching(/target 101 of availability is more than 100 %/),
    ]);
    expect(mistakes([term(1, 'sla', {metric: 'backorderDays', target: 101})])).toEqual([]);
  });

  it('J1 a scope names machines, parts and depots that are there', () => {
    const about = (scope: object): string[] => mistakes([term(1, 'sla', sla, scope)]);
    expect(about({equipmentIds: ['M-1'], partIds: ['P-1'], depotIds: ['D-1']})).toEqual([]);
    expect(about({equipmentIds: ['M-1', 'M-9']})).toEqual([
      expect.stringMatching(/contract_term.csv.*scope "M-9" is not in equipment.csv/),
    ]);
  });
});
