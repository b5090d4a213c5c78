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
