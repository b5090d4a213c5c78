import {expect, it} from 'vitest';
import {canonicalJson} from '../../platform/ids.ts';
import {withLearnedSupply} from '../../replenish/adapters/learned-supply.ts';
import type {AwaitedRow, LearnedLane} from '../../replenish/adapters/learned-supply.ts';
import {decide} from '../../replenish/core/decision/decide.ts';
import {timePoints} from '../../replenish/core/lead-time/time-points.ts';
import {Situation} from '../../replenish/core/decision/situation.ts';
import {NOW, depot, receipt, situation, source} from './core/situations.ts';
import {DAY_MS, epochMs} from '../../domain/time.ts';

const LANE = 'P1 D normal supplier:SUP';
/** On time nine times in ten, else thirty days late. */
const late = [
  {days: 0, weight: 0.9},
  {days: 30, weight: 0.1},
];
const LEARNED: LearnedLane = {planDays: 10, meanDays: 13, sdDays: 9, evidence: 20, lead: late, promise: late};
const AWAITED: AwaitedRow = {
  orderId: 'O-1',
  depotId: 'D',
  quantity: 1,
  supplierId: 'SUP',
  confirmed: true,
  lane: LANE,
  orderedAt: epochMs(NOW),
  expectedAt: epochMs(NOW + 10 * DAY_MS),
  sdH: 0,
  firstPromisedAt: epochMs(NOW + 10 * DAY_MS),
  promisedAt: epochMs(NOW + 10 * DAY_MS),
  slips: 0,
};

const plain = situation([
  depot('D', {
    sources: [source('supplier', 'SUP')],
    receipts: [receipt('O-1', 1, 240)],
    backgroundPerYear: 0.5 * 365.25,
  }),
]);
const learnt = withLearnedSupply(plain, {learned: new Map([[LANE, LEARNED]]), awaited: [AWAITED]}, epochMs(NOW)); // prettier-ignore

it('H1 a source and what is awaited from it come when its deliveries came, not about their mean', () => {
  const [{sources, receipts}] = learnt.depots as [(typeof learnt.depots)[0]];
  for (const one of [sources[0]!, receipts[0]!]) {
    expect(one).toMatchObject({meanH: 312, sdH: 216});
    expect(timePoints(one).map(({hours, weight}) => [Math.round(hours), weight])).toEqual([
      [240, 0.9],
      [960, 0.1],
    ]);
  }
});

it('I5a a situation with a learnt law reads back as it was, and one recorded before laws were kept is decided by mean and deviation', () => {
  const read = Situation.parse(JSON.parse(canonicalJson(learnt)));
  expect(canonicalJson(read)).toBe(canonicalJson(learnt));
  expect(canonicalJson(decide(read))).toBe(canonicalJson(decide(learnt)));
  const before = JSON.stringify(learnt, (key, value: unknown) => (key === 'shape' ? undefined : value));
  const target = (recorded: string): number => {
    const [reason] = decide(Situation.parse(JSON.parse(recorded))).reasons;
    return (reason as {target: number}).target;
  };
  expect([target(before), target(canonicalJson(learnt))]).toEqual([35, 32]);
});
