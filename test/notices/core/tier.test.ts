import {expect, it} from 'vitest';
import {epochMs} from '../../../domain/time.ts';
import {DEFAULT_ALERT_RULES} from '../../../notices/core/alert-rules.ts';
import {tierOf} from '../../../notices/core/tier.ts';

const TEN = epochMs(Date.UTC(2026, 0, 5, 10));
const facts = {
  kind: 'backorder-impact',
  level: 1,
  moneyMinor: 100,
  partyId: null,
  criticality: 'A',
  tier: null,
};
const tier = (stage: 'open' | 'acknowledged', step: number, tell: string | null = null) =>
  tierOf(DEFAULT_ALERT_RULES, facts, {stage, step, walkedSince: TEN}, tell);

it('E7 of a machine of criticality A, told at 10:00 and 11:00, the operations manager hears at 14:00', () => {
  expect(tier('open', 1)).toEqual({
    step: 2,
    steps: 3,
    role: 'planning-lead',
    next: {role: 'operations-manager', at: Date.UTC(2026, 0, 5, 14)},
  });
});

it('E7 nobody hears next once somebody has answered, or at the last step', () => {
  expect(tier('acknowledged', 1).next).toBeNull();
  expect(tier('open', 2)).toMatchObject({step: 3, next: null});
});

it('the first step is told to the role that the level names; a path that lost steps ends at its last', () => {
  expect(tier('open', 0, 'service-desk').role).toBe('service-desk');
  expect(tier('open', 7)).toMatchObject({step: 3, steps: 3, role: 'operations-manager', next: null});
});

it('K3 a notice of a breach that is due soon goes to the operations manager at once', () => {
  const breach = {...facts, kind: 'breach-notice', moneyMinor: 0, criticality: null};
  expect(tierOf(DEFAULT_ALERT_RULES, breach, {stage: 'open', step: 0, walkedSince: TEN}, null)).toMatchObject(
    {
      ...{role: 'operations-manager', steps: 3},
      next: {role: 'planning-lead', at: Date.UTC(2026, 0, 5, 11)},
    },
  );
});
