import {expect, it} from 'vitest';
import {alertView} from '../../console/api/alert-view.ts';
import type {AlertRecord} from '../../replenish/api.ts';

const FACTS = {
  partId: 'UNL-50',
  depotId: 'MIL-1',
  equipmentId: 'PK-0012',
  positionId: 'unloader',
  backordered: 0,
  emptyAt: '2026-01-07T11:00:00.000Z',
};

const textOf = (body: object): string =>
  alertView({
    kind: 'backorder-impact',
    subject: 'UNL-50@MIL-1',
    state: 'open',
    moneyMinor: 123_456,
    currency: 'EUR',
    body,
  } as unknown as AlertRecord).text;

it('an alert is one sentence on the shelf and one on the machine, whatever is known of it', () => {
  const shelf = 'MIL-1 may run out of UNL-50 by 2026-01-07 11:00 UTC; expected cost 1,234.56 EUR.';
  expect(textOf(FACTS)).toBe(`${shelf} PK-0012 unloader is hit first.`);
  expect(textOf({...FACTS, positionId: null})).toBe(`${shelf} PK-0012 is hit first.`);
  expect(textOf({...FACTS, equipmentId: null, positionId: null})).toBe(shelf);
  expect(textOf({...FACTS, equipmentId: null, backordered: 2})).toBe(
    'MIL-1 owes 2 of UNL-50; expected cost 1,234.56 EUR.',
  );
  expect(textOf({})).toBe('backorder impact: UNL-50@MIL-1');
});

it('C6 a drifted forecast says which way, and by how much', () => {
  const drift = {partId: 'VAC-30', signal: 6.2, direction: 'too-low', months: 6, expected: 12.53, actual: 25};
  expect(textOf(drift)).toBe(
    'the demand forecast of VAC-30 is too low: 12.5 expected in 6 months, 25 asked for',
  );
});

it('a silent machine says since when, and how often it was to speak; a silent line says of how many', () => {
  const silent = {
    ...{equipmentId: 'CH-0001', siteId: 'SITE', silentForS: 1800, expectedIntervalS: 900},
    ...{lastHeardAt: '2026-01-05T06:00:12.000Z', because: 'nothing-heard'},
  };
  expect(textOf(silent)).toBe(
    'CH-0001 has said nothing since 2026-01-05 06:00 UTC; a word every 15 min is expected',
  );
  expect(textOf({...silent, lastHeardAt: null, expectedIntervalS: 60})).toBe(
    'CH-0001 has said nothing yet; a word every 60 s is expected',
  );
  expect(textOf({...silent, because: 'reported-dead'})).toBe(
    'CH-0001 is reported dead, last heard 2026-01-05 06:00 UTC',
  );
  expect(textOf({silent: 120, expected: 240})).toBe(
    '120 of 240 machines say nothing: look at the line to them first',
  );
});
