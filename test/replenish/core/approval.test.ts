import {expect, it} from 'vitest';
import {approverIn, approverOf, mayAnswerFor} from '../../../replenish/core/decision/approval.ts';

const approvalBands = [
  {aboveMinor: 5_000_000, approverRole: 'admin'},
  {aboveMinor: 500_000, approverRole: 'ops'},
] as const;
const policy = {approvalBands: [...approvalBands]};

it.each([
  [0, 'planner'],
  [500_000, 'planner'],
  [500_001, 'ops'],
  [5_000_000, 'ops'],
  [5_000_001, 'admin'],
])('D5 a proposal of %i is answered by %s: a band begins one cent above its value', (landedMinor, role) => {
  expect(approverOf({landedMinor, segment: 'B'}, policy)).toBe(role);
  expect(approverOf({landedMinor, segment: 'B'}, {})).toBe('planner');
});

it('D5 an admin answers everything, every other role its own band and none beside', () => {
  const asked = (role: string, landedMinor: number): boolean =>
    mayAnswerFor(role, {decisionId: 'd', landedMinor, segment: 'B', currency: 'EUR'}, policy).ok;
  const values = [500_000, 500_001, 5_000_001];
  expect(values.map((value) => asked('planner', value))).toEqual([true, false, false]);
  expect(values.map((value) => asked('ops', value))).toEqual([false, true, false]);
  expect(values.map((value) => asked('admin', value))).toEqual([true, true, true]);
  expect(
    mayAnswerFor('planner', {decisionId: 'd', landedMinor: 500_001, segment: 'B', currency: 'EUR'}, policy),
  ).toEqual({
    ok: false,
    reason: 'approval-limit',
    detail: 'decision d: 5,000.01 EUR is beyond what the role planner answers for; ask ops, or an admin',
  });
});

it('D5 what was recorded before there were bands waits for a planner, and what never waited for nobody', () => {
  expect(approverIn([{code: 'needs-approval', mode: 'auto', limit: 'order-value'}])).toBe('planner');
  expect(approverIn([{code: 'no-source'}])).toBe(null);
});

it('D5 a band of a segment holds for its parts alone', () => {
  const bands = {
    approvalBands: [
      ...approvalBands,
      {aboveMinor: 0, approverRole: 'ops' as const, segments: ['A' as const]},
    ],
  };
  const by = (landedMinor: number, segment: 'A' | 'C' | undefined) =>
    approverOf({landedMinor, segment}, bands);
  expect([by(1, 'A'), by(1, 'C'), by(1, undefined), by(0, 'A')]).toEqual([
    'ops',
    'planner',
    'planner',
    'planner',
  ]);
  expect([by(500_001, 'A'), by(500_001, 'C'), by(5_000_001, 'A')]).toEqual(['ops', 'ops', 'admin']);
});
