import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {convolve, expectedBackorders} from '../../../replenish/core/probability/pmf.ts';
import {poissonBinomialPmf} from '../../../replenish/core/probability/poisson-binomial.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {carriedReservations, reviewReservations} from '../../../replenish/core/decision/reservation.ts';
import {canSend, giveable, heldPieces} from '../../../replenish/core/decision/shelf.ts';
import type {OpenNeed} from '../../../replenish/core/decision/situation.ts';
import {applied, component, depot, lane, NOW, receipt, reservation, situation, source} from './situations.ts';

const lanes = ['A', 'B', 'C'].flatMap((from) =>
  ['A', 'B', 'C'].filter((to) => to !== from).map((to) => lane(from, to)),
);
const need = (demandId: string): OpenNeed => ({
  demandId,
  quantity: 1,
  neededAt: NOW,
  equipmentId: 'EQ-DOWN',
  shortageMinorPerH: 25_000,
});
const risky = (id: string, weekPpm: number) => component(id, weekPpm, {shortageMinorPerH: 25_000});

describe('what a decision reserves', () => {
  it('F4 the machine whose own failure pays for the piece gets it, until the forecast falls below break-even less hysteresis', () => {
    const start = situation(
      [depot('A', {onHand: 1}), depot('B', {components: [risky('C1', 500_000)]})],
      lanes,
    );
    const decision = decide(start);
    expect(decision.option).toMatchObject({action: 'transfer', actionMinor: 8_000, donorRiskMinor: 0});
    // Freight 8,000 and margin 5,000 against 8,000 + 12 h · 25,000 once it failed: 13,000 / 308,000 = 4.2208 %, less a quarter.
    expect(decision.reasons).toContainEqual({
      code: 'reserved-for',
      equipmentId: 'EQ-C1',
      positionId: 'bearing',
      componentId: 'C1',
      quantity: 1,
      withinH: 168,
      probabilityPpm: 500_000,
      keepPpm: 31_656,
    });
    expect(decision.reasons.map(phraseReason)).toContain(
      'Reserves 1 piece for EQ-C1 bearing (C1), which fails within 7 days with 50.0 %: so long, and while it stays at 3.2 % or above.',
    );
  });

  it('a piece that many small risks ask for together stays free', () => {
    const crowd = Array.from({length: 30}, (_, i) => risky(`C${10 + i}`, 20_000));
    const {option, reasons} = decide(
      situation([depot('A', {onHand: 1}), depot('B', {components: crowd})], lanes),
    );
    expect(option.action).toBe('transfer');
    expect(reasons.map(({code}) => code)).not.toContain('reserved-for');
  });

  it('a machine that stands comes first: the piece brought for it is reserved for nobody', () => {
    const waiting = depot('B', {needs: [need('N1')], components: [risky('C1', 500_000)]});
    const {option, reasons} = decide(situation([depot('A', {onHand: 1}), waiting], lanes));
    expect(option).toMatchObject({action: 'transfer', quantity: 1});
    expect(reasons.map(({code}) => code)).not.toContain('reserved-for');
  });

  it('an order fills the shelf for whoever fails first', () => {
    const {option, reasons} = decide(
      situation([depot('A', {components: [risky('C1', 900_000)], sources: [source('supplier', 'SUP')]})]),
    );
    expect(option.action).toBe('order');
    expect(reasons.map(({code}) => code)).not.toContain('reserved-for');
  });

  it('with fewer pieces than proposed the riskiest machine keeps its own', () => {
    const here = depot('B', {components: [risky('C1', 500_000), risky('C2', 700_000)]});
    const {option, reasons} = decide(situation([depot('A', {onHand: 2}), here], lanes));
    expect(option).toMatchObject({action: 'transfer', quantity: 2});
    const names = (pieces: number): string[] =>
      carriedReservations(reasons, here, pieces).map(({componentId}) => componentId);
    expect([names(2), names(1)]).toEqual([['C2', 'C1'], ['C2']]);
  });
});

describe('what a reservation keeps from others', () => {
  const holding = depot('B', {
    onHand: 1,
    components: [risky('C1', 50_000)],
    reservations: [reservation('C1', {keepPpm: 31_656})],
  });
  const other = depot('C', {components: [risky('C2', 900_000)]});

  it('F4 another prediction does not get the piece, however much more it is worth there, and the option says who has it', () => {
    const held = situation([holding, other], lanes);
    const free = situation([{...holding, reservations: []}, other], lanes);
    expect(decide(free)).toMatchObject({depotId: 'C', option: {action: 'transfer', sourceId: 'B'}});
    const {option, alternatives} = decide(held);
    expect(option.action).toBe('nothing');
    expect(alternatives).toEqual([expect.objectContaining({excluded: 'B holds it for EQ-C1'})]);
  });

  it('a machine that stands takes it, and the reservation ends with the piece', () => {
    const stands = depot('C', {needs: [need('N1')]});
    const start = situation([holding, stands], lanes);
    const decision = decide(start);
    expect(decision).toMatchObject({depotId: 'C', option: {action: 'transfer', sourceId: 'B', quantity: 1}});
    const {lapses} = reviewReservations(applied(start, decision, 0));
    expect(lapses).toMatchObject([{cause: 'piece-gone', reservation: {componentId: 'C1'}}]);
  });

  it('a depot sends its children what it does not hold', () => {
    const parent = depot('P', {onHand: 3, reservations: [reservation('C1'), reservation('C2')]});
    expect([canSend(parent, 0), canSend(parent, 2), canSend(parent, 9)]).toEqual([1, 2, 3]);
    const owing = {...parent, needs: [need('N1'), need('N2')]};
    expect([heldPieces(owing), giveable(owing, 0), giveable(owing, 1)]).toEqual([1, 0, 1]);
  });

  it('changes nothing that its own depot plans: position, target and expected cost stay', () => {
    const bare = {...holding, reservations: []};
    const own = (d: typeof holding) => {
      const {position, target, covered, net, reactiveMinor} = planDepots(situation([d], lanes)).get('B')!;
      return {position, target, covered, net, reactiveMinor};
    };
    expect(own(holding)).toEqual(own(bare));
  });

  it('taking piece and failure out of the count together would be to expect the failure for certain', () => {
    // One reserved piece for a machine at 20 %, and Poisson demand of mean 0.5 beside it.
    const others = poissonPmf(0.5);
    const short = (p: number): number => expectedBackorders(convolve(poissonBinomialPmf([p]), others), 1);
    const bothOut = expectedBackorders(others, 0);
    expect(bothOut).toBeCloseTo(short(1), 12);
    // (1 − 0.2) · P(D ≥ 1) = 0.8 · (1 − e^−0.5) more than what really goes short.
    expect(bothOut - short(0.2)).toBeCloseTo(0.8 * (1 - Math.exp(-0.5)), 12);
  });
});

describe('when a reservation ends', () => {
  const held = (more: Parameters<typeof depot>[1] = {}, own: Parameters<typeof reservation>[1] = {}) =>
    situation([
      depot('B', {
        onHand: 1,
        components: [risky('C1', 500_000)],
        reservations: [reservation('C1', own)],
        ...more,
      }),
    ]);
  const causes = (start: ReturnType<typeof held>): string[] =>
    reviewReservations(start).lapses.map(({cause}) => cause);

  it('F4 it stands while its forecast does, and between the two thresholds', () => {
    expect(causes(held())).toEqual([]);
    expect(causes(held({components: [risky('C1', 35_000)]}, {keepPpm: 31_656}))).toEqual([]);
  });

  it('F4 a forecast that decays below the lower threshold releases it, and the decision says so', () => {
    const decayed = held({components: [risky('C1', 20_000)]}, {keepPpm: 31_656});
    expect(causes(decayed)).toEqual(['forecast-decayed']);
    expect(decide(decayed).reasons.map(phraseReason)).toContain(
      'B no longer holds 1 piece for EQ-C1 bearing (C1): its failure is expected with less than 3.2 % now.',
    );
  });

  it.each([
    ['failed', held({}, {failed: true})],
    ['component-removed', held({components: []})],
    ['expired', held({}, {expiresAt: NOW})],
    ['piece-gone', held({onHand: 0})],
  ])('F4 it ends with %s', (cause, start) => {
    expect(causes(start)).toEqual([cause]);
  });

  it('a piece on its way is there; one that the supplier brings for the shelf is not', () => {
    expect(causes(held({onHand: 0, receipts: [receipt('R', 1, 12, {kind: 'transfer'})]}))).toEqual([]);
    expect(causes(held({onHand: 0, receipts: [receipt('R', 1, 240)]}))).toEqual(['piece-gone']);
  });

  it('of two reservations and one piece the first one stays', () => {
    const two = held({
      components: [risky('C1', 500_000), risky('C2', 500_000)],
      reservations: [reservation('C2'), reservation('C1')],
    });
    expect(reviewReservations(two).lapses).toMatchObject([{reservation: {componentId: 'C1'}}]);
  });
});
