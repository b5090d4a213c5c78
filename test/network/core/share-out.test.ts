import {describe, expect, it} from 'vitest';
import {ALWAYS, BusinessClock} from '../../../domain/business-time.ts';
import {PenaltyFormula} from '../../../domain/penalty.ts';
import {epochMs, HOUR_MS, type EpochMs} from '../../../domain/time.ts';
import {SHARE_RULES, type LineCharge, type WaitingLine} from '../../../network/core/service-order.ts';
import {shareOut, type Share} from '../../../network/core/share-out.ts';

const NOW = epochMs(Date.UTC(2026, 0, 5));
const at = (hours: number): EpochMs => epochMs(NOW + hours * HOUR_MS);
const line = (demandId: string, change: Partial<WaitingLine> = {}): WaitingLine => ({
  demandId,
  partId: 'P-1',
  depotId: 'D-1',
  equipmentNo: 1,
  customerPartyId: 'CUS',
  tier: 'gold',
  qty: 1,
  filledQty: 0,
  requestedAt: at(-10),
  neededAt: at(-10),
  filledAt: null,
  cancelledAt: null,
  state: 'open',
  perHourMinor: 10_000,
  transitH: 2,
  ...change,
});
const share = (
  supply: number,
  lines: readonly WaitingLine[],
  nextSupplyAt: EpochMs | null = at(100),
): readonly Share[] =>
  shareOut(
    lines.map((one) => ({line: one, reach: supply})),
    {now: NOW, nextSupplyAt, rules: SHARE_RULES},
  );
const given = (shares: readonly Share[]): Record<string, number> =>
  Object.fromEntries(shares.map((one) => [one.demandId, one.given]));

describe('a supply that cannot serve everybody', () => {
  it('F1 goes where waiting costs most, whoever came first, and says so of each', () => {
    const first = line('first', {neededAt: at(-50), perHourMinor: 5_000});
    const dear = line('dear', {neededAt: at(-1), perHourMinor: 20_000});
    expect(share(1, [first, dear])).toMatchObject([
      {demandId: 'dear', rank: 1, given: 1, savedH: 100, gainMinor: 2_000_000, reason: 'money'},
      {demandId: 'first', rank: 2, given: 0, gainMinor: 0, reason: 'money'},
    ]);
  });

  it('F1 I2 weighs a penalty by what it still comes to until the next supply, as a decision does', () => {
    const charge = (formula: Partial<PenaltyFormula>, limitH: number): LineCharge => ({
      ...{startAt: at(-10), limitH, clock: new BusinessClock(ALWAYS)},
      formula: PenaltyFormula.parse({perHourMinor: 30_000, ...formula}),
    });
    const downtime = line('downtime', {perHourMinor: 20_000});
    const other = (one: LineCharge): string => {
      const charged = line('charged', {perHourMinor: 10_000, charges: [one]});
      const [first] = share(1, [downtime, charged]);
      return `${first!.demandId} ${first!.perHourMinor}`;
    };
    expect(other(charge({}, 8))).toBe('charged 40000');
    // Of the hundred hours until the next supply forty are beyond the limit: 12,000.00 of them all.
    expect(other(charge({}, 70))).toBe('charged 22000');
    expect(other(charge({}, 110))).toBe('downtime 20000'); // kept by the next supply as well
    expect(other(charge({capMinor: 60_000}, 8))).toBe('downtime 20000'); // two hours late: the cap is reached
    expect(other(charge({perHourMinor: 0, perEventMinor: 2_000_000}, 50))).toBe('charged 30000');
  });

  it('F1 makes two machines run rather than half of one that costs more', () => {
    const large = line('large', {qty: 2, perHourMinor: 10_000});
    const small = ['a', 'b'].map((id) => line(id, {perHourMinor: 8_000}));
    expect(given(share(2, [large, ...small]))).toEqual({a: 1, b: 1, large: 0});
    expect(given(share(3, [large, ...small]))).toEqual({a: 1, b: 0, large: 2});
    const dear = line('dear', {qty: 2, perHourMinor: 30_000});
    expect(share(1, [dear, small[0]!])).toMatchObject([
      {demandId: 'dear', given: 0, reason: 'too-large'},
      {demandId: 'a', given: 1, reason: 'fits-best'},
    ]);
  });

  it('F1 keeps no piece on the shelf while somebody waits: what completes nothing goes to the first in the order', () => {
    expect(share(2, [line('large', {qty: 3})])).toMatchObject([{given: 2, gainMinor: 0}]);
  });

  it('F1 among equal costs goes by tier, then by turns of the customers, then by need, distance and id', () => {
    const bronze = line('bronze', {tier: 'bronze', neededAt: at(-60)});
    const ofA = [-30, -20, -10].map((hours, i) => line(`a${i}`, {customerPartyId: 'A', neededAt: at(hours)}));
    const ofB = line('b0', {customerPartyId: 'B', neededAt: at(-5)});
    const shares = share(2, [bronze, ...ofA, ofB]);
    expect(shares.map(({demandId, given: pieces, reason}) => [demandId, pieces, reason])).toEqual([
      ['a0', 1, 'need-date'],
      ['b0', 1, 'turn'],
      ['a1', 0, 'turn'],
      ['a2', 0, 'turn'],
      ['bronze', 0, 'tier'],
    ]);
    const twins = [line('y', {transitH: 1}), line('x'), line('w')];
    expect(share(2, twins).map(({demandId, reason}) => [demandId, reason])).toEqual([
      ['y', 'distance'],
      ['w', 'id'],
      ['x', 'id'],
    ]);
  });

  it('F1 lets nobody wait for good: each month of waiting counts a line once more', () => {
    const cheap = line('cheap', {perHourMinor: 6_000, neededAt: at(-24 * 31)});
    expect(given(share(1, [cheap, line('dear')]))).toEqual({cheap: 1, dear: 0});
    expect(given(share(1, [{...cheap, neededAt: at(-24 * 29)}, line('dear')]))).toEqual({cheap: 0, dear: 1});
  });

  it('F1 gives nothing away early: a need that the next supply meets in time comes last', () => {
    const planned = line('planned', {perHourMinor: 90_000, neededAt: at(300)});
    expect(given(share(1, [planned, line('standing')]))).toEqual({standing: 1, planned: 0});
  });

  it('F1 an old piece serves old needs only, so the new one is kept for who can use no other', () => {
    const old = ['o1', 'o2'].map((id) => line(id, {perHourMinor: 50_000}));
    const young = line('young', {partId: 'P-1B', perHourMinor: 10_000});
    const claims = [...old.map((one) => ({line: one, reach: 2})), {line: young, reach: 1}];
    const shares = shareOut(claims, {now: NOW, nextSupplyAt: at(100), rules: SHARE_RULES});
    expect(given(shares)).toEqual({o1: 1, o2: 1, young: 0}); // 2 old machines at 500.00 an hour beat 1 old and 1 young
    const dearer = [
      ...old.map((one) => ({line: one, reach: 2})),
      {line: {...young, perHourMinor: 60_000}, reach: 1},
    ];
    expect(given(shareOut(dearer, {now: NOW, nextSupplyAt: at(100), rules: SHARE_RULES}))).toEqual({
      o1: 1,
      o2: 0,
      young: 1,
    });
  });

  it('F1 with enough for all needs no reason but that', () => {
    expect(share(5, [line('a'), line('b', {qty: 3})]).map(({reason}) => reason)).toEqual([
      'enough',
      'enough',
    ]);
  });

  it('F1 thirty thousand lines on one shelf hold nobody up', () => {
    const lines = Array.from({length: 30_000}, (_, i) => line(`l${i}`, {perHourMinor: i}));
    const shares = share(10_000, lines);
    expect(shares.reduce((sum, {given: pieces}) => sum + pieces, 0)).toBe(10_000);
    expect([shares[9_999], shares[10_000]]).toMatchObject([
      {given: 1, reason: 'money'},
      {given: 0, reason: 'money'},
    ]);
  });
});
