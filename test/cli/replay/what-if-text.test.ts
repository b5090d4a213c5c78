import {expect, it} from 'vitest';
import {whatIfText} from '../../../cli/replay/what-if-text.ts';
import {WhatIfTally} from '../../../replenish/core/what-if/what-if-report.ts';

it('M2 a what-if says before anything else that no decision has a consequence for the next', () => {
  const [first] = whatIfText({...new WhatIfTally([]).report(), decisions: 1, reproduced: 1}, 0).split('\n');
  expect(first).toBe(
    'each decision is taken anew by itself: an order not placed in June does not change July’s shelf',
  );
  expect(first!.length).toBeLessThanOrEqual(100);
});
