import {describe, expect, it} from 'vitest';
import {chooseTemplate, fillTemplate, judgeLine} from '../../../notices/core/customer-notice.ts';
import type {Template, ToldLine, WaitingLine} from '../../../notices/core/customer-notice.ts';
import {instantOf} from '../../../domain/time.ts';

const day = (number: number) => instantOf(`2026-01-${String(number).padStart(2, '0')}T00:00:00Z`);
const RULES = {moveMinH: 12, prolongedDays: 14};
const LINE: WaitingLine = {state: 'open', neededAt: day(5), promisedAt: day(10), isLate: true};
const TOLD: ToldLine = {reason: 'promised', promisedAt: day(10), prolonged: false};
const TEXT: Template = {
  ...{templateId: 'a', version: 1, reason: 'moved', tier: null, channel: null, language: 'en'},
  ...{title: 'T', body: 'B {qty}'},
};

describe('what a customer is to hear of a line', () => {
  it('I3 the first date, one that moved by 12 hours or more, and nothing twice', () => {
    expect(judgeLine(RULES, LINE, null, day(6))).toBe('promised');
    expect(judgeLine(RULES, LINE, TOLD, day(6))).toBeNull();
    expect(judgeLine(RULES, {...LINE, promisedAt: day(12)}, TOLD, day(6))).toBe('moved');
    expect(
      judgeLine(RULES, {...LINE, promisedAt: instantOf('2026-01-10T08:00:00Z')}, TOLD, day(6)),
    ).toBeNull();
  });

  it('I3 a line in time is no backorder, and how one ended hears who heard of it', () => {
    expect(judgeLine(RULES, {...LINE, isLate: false, promisedAt: day(5)}, null, day(4))).toBeNull();
    expect(judgeLine(RULES, {...LINE, state: 'filled'}, null, day(6))).toBeNull();
    expect(judgeLine(RULES, {...LINE, state: 'filled'}, TOLD, day(6))).toBe('filled');
    expect(judgeLine(RULES, {...LINE, state: 'filled'}, {...TOLD, reason: 'filled'}, day(6))).toBeNull();
  });

  it('I3 fourteen days beyond its need a line has the text for prolonged shortages, once', () => {
    expect(judgeLine(RULES, LINE, TOLD, day(18))).toBeNull();
    expect(judgeLine(RULES, LINE, TOLD, day(19))).toBe('prolonged');
    expect(judgeLine(RULES, LINE, {...TOLD, prolonged: true}, day(25))).toBeNull();
  });

  it('I3 the text of the tier goes before that of any, and English before none', () => {
    const gold = {...TEXT, templateId: 'g', tier: 'gold'};
    const polish = {...TEXT, templateId: 'pl', language: 'pl'};
    const want = {reason: 'moved', tier: 'gold', channel: 'email', language: 'pl-PL'} as const;
    expect(chooseTemplate([TEXT, gold], want)?.templateId).toBe('g');
    expect(chooseTemplate([TEXT, gold, polish], want)?.templateId).toBe('pl');
    expect(chooseTemplate([gold], {...want, tier: 'standard'})).toBeNull();
    expect(chooseTemplate([{...TEXT, language: 'de'}], want)).toBeNull();
  });

  it('I3 a text whose fact is missing is no text', () => {
    expect(fillTemplate(TEXT, {qty: 2}, 'UTC')).toEqual({ok: true, title: 'T', text: 'B 2'});
    expect(fillTemplate(TEXT, {}, 'UTC')).toEqual({ok: false, missing: ['qty']});
    const dated = {...TEXT, body: '{promisedAt}', language: 'de'};
    expect(fillTemplate(dated, {promisedAt: '2026-01-05T12:00:00.000Z'}, 'Europe/Berlin')).toMatchObject({
      text: '05.01.2026, 13:00',
    });
  });
});
