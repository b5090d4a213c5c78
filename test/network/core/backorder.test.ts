import {describe, expect, it} from 'vitest';
import {epochMs, HOUR_MS, type EpochMs} from '../../../domain/time.ts';
import {coverLines, standingOf} from '../../../network/core/backorder.ts';
import {calledOff, cancel, fill, outstanding, withdraw} from '../../../network/core/demand-line.ts';
import type {WaitingLine} from '../../../network/core/service-order.ts';
import {substituteRatio, type PartRelation} from '../../../network/core/supersession.ts';

const at = (hours: number): EpochMs => epochMs(Date.UTC(2026, 0, 5) + hours * HOUR_MS);
const line = (change: Partial<WaitingLine> = {}): WaitingLine => ({
  demandId: 'L-1',
  partId: 'P-1',
  depotId: 'D-1',
  equipmentNo: 1,
  customerPartyId: 'CUS',
  tier: 'gold',
  qty: 3,
  filledQty: 0,
  requestedAt: at(6),
  neededAt: at(8),
  filledAt: null,
  cancelledAt: null,
  state: 'open',
  perHourMinor: 0,
  transitH: 0,
  ...change,
});

describe('a backorder', () => {
  it('E1 is fourteen hours old and has held the machine up for twelve; two pieces of it are open', () => {
    expect(standingOf(fill(line(), 1, at(9)), 10_000, at(20))).toEqual({
      openQty: 2,
      cancelledQty: 0,
      ageH: 14,
      impactH: 12,
      openValueMinor: 20_000,
    });
  });

  it('E1 stops its clocks when the last piece comes, or the rest is called off; a withdrawn line held nobody up', () => {
    const part = fill(line(), 1, at(9));
    expect(standingOf(fill(part, 2, at(11)), 100, at(500))).toMatchObject({
      openQty: 0,
      ageH: 5,
      impactH: 3,
      openValueMinor: 0,
    });
    expect(standingOf(cancel(part, at(10.5)), 100, at(500))).toMatchObject({
      openQty: 0,
      cancelledQty: 2,
      ageH: 4.5,
      impactH: 2.5,
      openValueMinor: 0,
    });
    expect(standingOf(withdraw(part, 1), 100, at(500))).toMatchObject({cancelledQty: 3, ageH: 0, impactH: 0});
    expect(standingOf(line({neededAt: at(30)}), 100, at(20))).toMatchObject({ageH: 14, impactH: 0});
  });

  it('E1 partial fills and a cancellation of the rest conserve what was asked for', () => {
    const steps = [
      line(),
      fill(line(), 1, at(9)),
      fill(fill(line(), 1, at(9)), 2, at(10)),
      cancel(fill(line(), 1, at(9)), at(10)),
    ];
    for (const each of steps) expect(each.filledQty + outstanding(each) + calledOff(each)).toBe(3);
    expect(() => fill(steps[3]!, 1, at(11))).toThrow('within what the line waits for');
    expect(() => cancel(steps[2]!, at(11))).toThrow('only an open line');
  });
});

describe('what fills the open lines', () => {
  const gold = line({demandId: 'gold', qty: 2, perHourMinor: 9_000});
  const bronze = line({demandId: 'bronze', tier: 'bronze', qty: 1, neededAt: at(1)});
  const orders = [
    {orderId: 'late', qty: 5, promisedAt: at(96)},
    {orderId: 'soon', qty: 1, promisedAt: at(48)},
  ];

  it('E1 the shelf first, then confirmed orders by date, in the lines’ order of service', () => {
    expect([...coverLines([bronze, gold], 1, orders, at(20))]).toEqual([
      ['gold', {by: 'soon', at: at(48)}],
      ['bronze', {by: 'late', at: at(96)}],
    ]);
    expect([...coverLines([bronze, gold], 3, orders, at(20)).values()].map(({by}) => by)).toEqual([
      'shelf',
      'shelf',
    ]);
  });

  it('E1 promises nothing that no source has confirmed', () => {
    expect([...coverLines([bronze, gold], 1, orders.slice(1), at(20)).keys()]).toEqual(['gold']);
    expect(coverLines([bronze, gold], 0, [], at(20)).size).toBe(0);
  });
});

describe('a substitute', () => {
  const relation = (fromPart: string, toPart: string, change: Partial<PartRelation> = {}): PartRelation => ({
    fromPart,
    toPart,
    kind: 'supersession',
    validFrom: at(0),
    validTo: at(100),
    ratio: 1,
    direction: 'one-way',
    approval: 'approved',
    ...change,
  });
  const ratio = (
    neededPart: string,
    givenPart: string,
    relations: PartRelation[],
    hours = 1,
  ): number | null => substituteRatio({neededPart, givenPart}, relations, at(hours));

  it('E1 a successor stands in for all it supersedes, at the product of the ratios', () => {
    const chain = [relation('A', 'B'), relation('B', 'C', {ratio: 2})];
    expect([ratio('A', 'A', []), ratio('A', 'B', chain), ratio('A', 'C', chain)]).toEqual([1, 1, 2]);
    expect([ratio('C', 'A', chain), ratio('B', 'A', chain)]).toEqual([null, null]);
  });

  it('E1 only what is approved and valid then; the other way round only where both ways and one for one', () => {
    const swap = {kind: 'substitute', direction: 'two-way'} as const;
    expect(ratio('B', 'A', [relation('A', 'B', swap)])).toBe(1);
    expect(ratio('B', 'A', [relation('A', 'B', {...swap, ratio: 2})])).toBeNull();
    expect(ratio('A', 'B', [relation('A', 'B', {...swap, ratio: 2})])).toBe(2);
    expect(ratio('A', 'B', [relation('A', 'B', {approval: 'pending'})])).toBeNull();
    expect(ratio('A', 'B', [relation('A', 'B', {approval: 'banned', kind: 'substitute'})])).toBeNull();
    expect([99, 100].map((hours) => ratio('A', 'B', [relation('A', 'B')], hours))).toEqual([1, null]);
  });
});
