import {describe, expect, it} from 'vitest';
import {comparisonText, listText} from '../../cli/model-text.ts';
import {epochMs} from '../../domain/time.ts';

const AT = epochMs(Date.UTC(2026, 0, 5, 6));
const act = (action: string, quantity: number) => ({
  ...{depotId: 'LYS-1', action, quantity, sourceId: action === 'nothing' ? null : 'MIL-1'},
  ...{mode: null, landedMinor: 0, expectedMinor: null},
});
const metrics = (brier: number) => ({brier, logLoss: 0.1, averagePrecision: null, calibrationError: 0.01});

describe('models as the command line tells of them', () => {
  it('B4 each version is listed with its state at each class, since when, and whether its card passed', () => {
    const standing = {
      equipmentClassId: 'chiller',
      state: 'shadow' as const,
      since: AT,
      actor: 'ann',
      reason: 'new',
    };
    const text = listText([
      {
        ...{modelVersionId: 'pool-1', equipmentClassIds: ['chiller', 'press'], pooled: true, passed: false},
        ...{source: 'a fleet', manifestSha256: 'ab', firstSeenAt: AT},
        standings: [standing, {...standing, equipmentClassId: 'press', state: 'champion'}],
      },
    ]);
    expect(text).toMatch(/pool-1 +chiller \(pooled\) +shadow +2026-01-05 06:00 UTC +NOT passed +a fleet/);
    expect(text).toMatch(/pool-1 +press \(pooled\) +champion/);
    expect(listText([])).toContain('none is registered');
  });

  it('B4 a comparison says what both were worth, which decisions differ, and what came of them', () => {
    const horizon = {
      horizonH: 24,
      rows: 300,
      failures: 12,
      enough: true,
      first: metrics(0.02),
      second: metrics(0.01),
    };
    const text = comparisonText({
      modelVersionIds: ['old', 'new'],
      live: [
        {
          equipmentClassId: 'chiller',
          horizons: [horizon, {...horizon, horizonH: 72, first: null, second: null}],
        },
      ],
      ...{decisions: 40, spoken: 30, resolved: 20},
      totals: [{currency: 'EUR', decisions: 1, beforeMinor: 12_345, afterMinor: 2_345}],
      changed: [
        {
          decisionId: 'd-1',
          decidedAt: AT,
          partId: 'P-1',
          currency: 'EUR',
          before: act('nothing', 0),
          after: act('transfer', 1),
        },
      ],
    });
    expect(text).toContain('old against new');
    expect(text).toMatch(/24 h +300 +12 +0\.0200 \/ 0\.0100 +0\.100 \/ 0\.100 +0\.0100 \/ 0\.0100 +yes/);
    expect(text).toMatch(/72 h +300 +12 +–/);
    expect(text).toContain('40 decisions were recorded, new had forecast for 30; 1 of them would be others');
    expect(text).toContain('1 cost 123.45 EUR by old, 23.45 EUR by new');
    expect(text).toMatch(/d-1 +P-1 +nothing +transfer 1 LYS-1 from MIL-1/);
  });
});
