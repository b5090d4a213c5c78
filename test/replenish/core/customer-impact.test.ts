import {describe, expect, it} from 'vitest';
import {impactByCustomer, type LateLine} from '../../../replenish/core/backorder/customer-impact.ts';

function line(more: Partial<LateLine> = {}): LateLine {
  return {
    customerPartyId: 'CUS',
    equipmentId: 'M-1',
    openQty: 1,
    impactH: 5,
    waitingMinorPerH: 10_000,
    currency: 'EUR',
    ...more,
  };
}

describe('what late lines cost each customer', () => {
  it('E2 a machine that waits for two parts stands once, as long as for the later one', () => {
    expect(impactByCustomer([line(), line({impactH: 8, openQty: 2})])).toEqual([
      {
        customerPartyId: 'CUS',
        lines: 2,
        pieces: 3,
        machines: 1,
        waitedH: 8,
        downtimeMinor: 80_000,
        currency: 'EUR',
      },
    ]);
  });

  it('E2 customers stand apart, the dearest first; a line without a machine has its hours and no machine', () => {
    const [first, second] = impactByCustomer([
      line({customerPartyId: null, equipmentId: null, waitingMinorPerH: 0}),
      line({equipmentId: 'M-2'}),
      line(),
    ]);
    expect(first).toMatchObject({customerPartyId: 'CUS', machines: 2, waitedH: 10, downtimeMinor: 100_000});
    expect(second).toMatchObject({
      customerPartyId: null,
      lines: 1,
      machines: 0,
      waitedH: 5,
      downtimeMinor: 0,
    });
  });

  it('E2 money of two currencies is never added', () => {
    const both = impactByCustomer([line(), line({equipmentId: 'M-2', currency: 'USD'})]);
    expect(both.map(({currency, downtimeMinor}) => [currency, downtimeMinor])).toEqual([
      ['EUR', 50_000],
      ['USD', 50_000],
    ]);
  });
});
