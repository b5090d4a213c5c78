import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {capFor, judgeOverride} from '../../../replenish/core/backorder/emergency-override.ts';
import type {Override, SupplyShock} from '../../../replenish/core/backorder/emergency-override.ts';
import {recoveryLevel} from '../../../replenish/core/backorder/recovery.ts';
import {DEFAULT_BACKORDER_POLICY} from '../../../replenish/core/backorder/threshold-matrix.ts';
import {NOW, depot, receipt, situation, source} from './situations.ts';

const OVERRIDE = {
  phase: 'override',
  overrideId: 'o-1',
  waiting: 1,
  capPieces: 2,
  ordered: 0,
  coming: 0,
} as const satisfies SupplyShock;

/**
 * One customer waits, and a whole lot is on order: the position is far above its target. It shall come within days, as ever, so no
 * rescue is worth its price.
 */
function waiting(supplyShock?: SupplyShock, emergency: Parameters<typeof source>[2] = {}) {
  return situation([
    depot('D-1', {
      backgroundPerYear: 1,
      needs: [{demandId: 'n-1', quantity: 1, neededAt: NOW, equipmentId: null, shortageMinorPerH: 500}],
      receipts: [receipt('late', 10, 30)],
      sources: [
        source('supplier', 'SUP', {meanH: 240}),
        source('supplier', 'OTHER', {kind: 'emergency', meanH: 48, priceMinor: 150_000, ...emergency}),
      ],
      ...(supplyShock === undefined ? {} : {supplyShock}),
    }),
  ]);
}

describe('buying beyond the target while customers wait too long', () => {
  it('E6 orders although the reorder point is not reached, and says so', () => {
    expect(decide(waiting()).option.action).toBe('nothing');
    const decision = decide(waiting(OVERRIDE));
    expect(['order', 'emergency']).toContain(decision.option.action);
    expect(decision.option.quantity).toBe(1);
    expect(decision.reasons).toContainEqual(
      expect.objectContaining({
        code: 'reorder-point-overridden',
        waiting: 1,
        capPieces: 2,
        overrideId: 'o-1',
      }),
    );
  });

  it('E6 asks another source when the usual one has nobody to sell it, at whatever it saves', () => {
    const base = waiting(OVERRIDE);
    const [only] = base.depots;
    const sources = only!.sources.filter(({kind}) => kind === 'emergency');
    const alone = {...base, depots: [{...only!, sources}]};
    expect(decide(alone).option).toMatchObject({action: 'emergency', sourceId: 'OTHER'});
    const unmoved = {...alone, depots: [{...alone.depots[0]!, supplyShock: undefined}]};
    expect(decide(unmoved).option.action).toBe('nothing');
  });

  it('E6 what was ordered since counts: nothing is ordered twice, and nothing beyond the cap', () => {
    expect(decide(waiting({...OVERRIDE, ordered: 1, coming: 1})).option.action).toBe('nothing');
    expect(decide(waiting({...OVERRIDE, ordered: 1})).option).toMatchObject({quantity: 1});
    expect(decide(waiting({...OVERRIDE, ordered: 2})).option.action).toBe('nothing');
    expect(decide(waiting({...OVERRIDE, waiting: 5})).option.quantity).toBe(2);
  });

  it('E6 a lot larger than the cap is not bought, and the alternatives say why', () => {
    const lots = waiting(OVERRIDE, {minimum: 4});
    const dear = {...lots, depots: lots.depots.map((one) => ({...one, sources: one.sources.slice(1)}))};
    const {option, alternatives} = decide(dear);
    expect(option.action).toBe('nothing');
    expect(alternatives.map(({excluded}) => excluded)).toContain(
      'the override orders 2 at most, and has ordered 0',
    );
  });

  it('E6 a lot that is due anyway is no concern of the cap', () => {
    const empty = situation([
      depot('D-1', {
        backgroundPerYear: 30,
        sources: [source('supplier', 'SUP', {minimum: 20})],
        supplyShock: {...OVERRIDE, waiting: 0},
      }),
    ]);
    expect(decide(empty).option).toMatchObject({action: 'order', quantity: 20});
  });

  it('E6 two pieces beyond the target for each that waits, and one at least', () => {
    expect([capFor(DEFAULT_BACKORDER_POLICY, 3), capFor(DEFAULT_BACKORDER_POLICY, 0)]).toEqual([6, 1]);
  });

  it('E6 stands while somebody waits or something is overdue, ends a week after the last of it, and in any case after its time', () => {
    const standing: Override = {
      state: 'standing',
      openedAt: epochMs(NOW),
      stableSince: null,
      revertedAt: null,
      recovery: null,
      waiting: 1,
      overdue: 0,
    };
    const judge = (more: Partial<Override>, days: number) =>
      judgeOverride(DEFAULT_BACKORDER_POLICY, {...standing, ...more}, epochMs(NOW + days * DAY_MS));
    expect(judge({}, 1)).toMatchObject({verdict: 'stand', stableSince: null});
    expect(judge({waiting: 0, overdue: 1}, 1)).toMatchObject({verdict: 'stand', stableSince: null});
    expect(judge({waiting: 0}, 2)).toMatchObject({verdict: 'stand', stableSince: NOW + 2 * DAY_MS});
    const stableSince = epochMs(NOW + 2 * DAY_MS);
    expect(judge({waiting: 0, stableSince}, 8)).toMatchObject({verdict: 'stand', stableSince});
    expect(judge({waiting: 0, stableSince}, 9)).toMatchObject({verdict: 'revert', because: 'supply-stable'});
    expect(judge({waiting: 1, stableSince}, 9)).toMatchObject({verdict: 'stand', stableSince: null});
    expect(judge({}, 90)).toMatchObject({verdict: 'revert', because: 'time-over'});
  });

  it('D8 the recovery goes step by step and is over after the last', () => {
    const recovering: Override = {
      state: 'recovering',
      openedAt: epochMs(NOW),
      stableSince: null,
      revertedAt: epochMs(NOW),
      recovery: {steps: 2, stepH: 24},
      waiting: 0,
      overdue: 0,
    };
    const at = (hours: number) =>
      judgeOverride(DEFAULT_BACKORDER_POLICY, recovering, epochMs(NOW + hours * HOUR_MS));
    expect(at(0)).toEqual({verdict: 'recover', step: 1, lookAt: NOW + 24 * HOUR_MS});
    expect(at(24)).toEqual({verdict: 'recover', step: 2, lookAt: NOW + 48 * HOUR_MS});
    expect(at(48)).toEqual({verdict: 'end'});
  });

  it('D8 the usual demand is covered at once, the safety stock above it comes back in steps', () => {
    expect([1, 2, 3, 4].map((step) => recoveryLevel(7, 2.4, step, 4))).toEqual([4, 5, 6, 7]);
    expect([1, 2].map((step) => recoveryLevel(1, 0.2, step, 2))).toEqual([1, 1]);
    expect(recoveryLevel(0, 0, 1, 4)).toBe(0);
  });
});
