import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import {component, depot, situation, source} from './situations.ts';

/**
 * One machine at 3.00 an hour (5.00 at least), an empty shelf, ten days to the supplier: a piece short waits for 1,200.00, one too early
 * is held for an order's time of 264 h at 6.02, so 0.9950 is wanted. At P(failure) of 0.40 % an empty shelf covers 0.9960; at 0.55 % it is
 * 0.9945, less than wanted and more than 0.9938, where a depot starts to ask; at 0.70 % it is 0.9930, below that.
 */
const [CALM, BETWEEN, CLEAR] = [4_000, 5_500, 7_000] as const;

function ask(weekPpm: number, {hysteresis = DEFAULT_POLICY.hysteresis, proposed = false} = {}): string {
  const shelf = depot('A', {
    components: [component('C1', weekPpm, {shortageMinorPerH: 300})],
    sources: [source('supplier', 'SUP', {meanH: 240})],
  });
  const more = {
    policy: {...DEFAULT_POLICY, hysteresis},
    ...(proposed ? {asked: [{depotId: 'A', action: 'order', essence: 'order'}]} : {}),
  };
  return decide(situation([shelf], [], more)).option.action;
}

describe('a forecast that swings', () => {
  /** What is asked for at each step, when what was asked for last still waits for a planner. */
  const asked = (swings: readonly number[], hysteresis?: number): string[] => {
    let proposed = false;
    return swings.map((weekPpm) => {
      const action = ask(weekPpm, {proposed, ...(hysteresis === undefined ? {} : {hysteresis})});
      proposed = action === 'order';
      return action;
    });
  };

  it('D4 around the level that is wanted asks for nothing; without hysteresis each swing would turn the order round', () => {
    const swings = [CALM, BETWEEN, CALM, BETWEEN, CALM, BETWEEN];
    expect(new Set(asked(swings))).toEqual(new Set(['nothing']));
    expect(asked(swings, 0)).toEqual(['nothing', 'order', 'nothing', 'order', 'nothing', 'order']);
  });

  it('D4 around the level where a depot starts to ask asks once, and does not take it back', () => {
    expect(asked([BETWEEN, CLEAR, BETWEEN, CLEAR, BETWEEN, CLEAR])).toEqual([
      'nothing',
      ...Array<string>(5).fill('order'),
    ]);
  });

  it('D4 an order that is needed no more is taken back', () => {
    expect(asked([CLEAR, BETWEEN, CALM, BETWEEN])).toEqual(['order', 'order', 'nothing', 'nothing']);
  });
});
