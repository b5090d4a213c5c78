import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import {percentages, rootCauses} from '../../../replenish/core/backorder/root-cause.ts';
import type {BackorderCause} from '../../../replenish/core/backorder/root-cause.ts';
import {knownAt, shortageEvidence} from '../../../replenish/core/backorder/shortage-evidence.ts';
import type {OrderFact, ShortageFacts} from '../../../replenish/core/backorder/shortage-evidence.ts';
import {NOW, component, depot, situation, source} from './situations.ts';

/** The need came forty days after the decision that could still have covered it. */
const NEEDED_AT = epochMs(NOW + 40 * DAY_MS);

/** A shelf for 12 pieces a year from a supplier ten days away, planned on a decision of record. */
const shelf = (more: Parameters<typeof depot>[1] = {}) =>
  situation([depot('D-1', {backgroundPerYear: 12, sources: [source('supplier', 'SUP')], ...more})]);

function history(more: Partial<ShortageFacts> = {}): ShortageFacts {
  return {
    partId: 'P1',
    depotId: 'D-1',
    neededAt: NEEDED_AT,
    missing: 1,
    orders: [],
    shrinkage: [],
    unanswered: [],
    discontinuedBy: null,
    known: knownAt('decision-1', shelf(), 'D-1'),
    failed: null,
    demand: {pieces: 1, pastPieces: 12, pastH: 365 * 24},
    ...more,
  };
}

function order(more: Partial<OrderFact> = {}): OrderFact {
  return {
    orderId: 'order-1',
    fromSupplier: true,
    missing: 1,
    orderedAt: epochMs(NEEDED_AT - 20 * DAY_MS),
    dueAt: epochMs(NEEDED_AT - 50 * HOUR_MS),
    slips: 0,
    calledOff: false,
    ...more,
  };
}

const causesOf = (facts: ShortageFacts): [BackorderCause, number][] =>
  rootCauses(facts.missing, shortageEvidence(facts)).map(({cause, percent}) => [cause, percent]);

describe('why a need found no piece', () => {
  it('E2 a supplier that missed its first promise was late, whatever it promised since', () => {
    expect(causesOf(history({orders: [order({slips: 2})]}))).toEqual([['supplier-late', 100]]);
    const [share] = rootCauses(1, shortageEvidence(history({orders: [order({slips: 2})]})));
    expect(share!.evidence).toEqual([
      {cause: 'supplier-late', pieces: 1, kind: 'order', ref: 'order-1', detail: {lateH: 50, slips: 2}},
    ]);
  });

  it('E2 an order that is not due yet explains nothing, unless the books hoped for it sooner than it can come', () => {
    const dueAt = epochMs(NEEDED_AT + DAY_MS);
    const recent = epochMs(NEEDED_AT - 3 * DAY_MS);
    expect(causesOf(history({orders: [order({dueAt, orderedAt: recent})]}))).toEqual([['planned-risk', 100]]);
    expect(causesOf(history({orders: [order({dueAt})]}))).toEqual([['parameter-error', 100]]);
  });

  it('E2 a transfer that was called off, is overdue or was never answered was blocked', () => {
    const transfer = {fromSupplier: false};
    expect(causesOf(history({orders: [order({...transfer, calledOff: true})]}))).toEqual([
      ['transfer-blocked', 100],
    ]);
    expect(causesOf(history({orders: [order(transfer)]}))).toEqual([['transfer-blocked', 100]]);
    const unanswered = [{decisionId: 'decision-2', pieces: 1, state: 'rejected'}];
    expect(causesOf(history({unanswered}))).toEqual([['transfer-blocked', 100]]);
  });

  it('E2 demand above plan is a spike when the forecast had been right, and its error when it never was', () => {
    const right = {pieces: 9, pastPieces: 12, pastH: 365 * 24};
    expect(causesOf(history({missing: 2, demand: right}))).toEqual([['demand-spike', 100]]);
    // 120 a year came where 12 were forecast: the window of 11 days brought 3.6 where 0.36 were expected.
    const tenfold = {pieces: 5, pastPieces: 120, pastH: 365 * 24};
    const shares = new Map(causesOf(history({missing: 3, demand: tenfold})));
    expect(shares.get('forecast-error')).toBeGreaterThan(0);
    expect((shares.get('forecast-error') ?? 0) + (shares.get('demand-spike') ?? 0)).toBe(100);
  });

  it('E2 lateness and forecast share one backorder by the pieces that each would have brought', () => {
    const plannedFor = shortageEvidence(
      history({demand: {pieces: 100, pastPieces: 12, pastH: 365 * 24}}),
    ).find(({cause}) => cause === 'demand-spike')!.detail['plannedFor'] as number;
    const demand = {pieces: plannedFor + 4, pastPieces: 12, pastH: 365 * 24};
    const facts = history({missing: 8, demand, orders: [order({missing: 12})]});
    expect(causesOf(facts)).toEqual([
      ['supplier-late', 67],
      ['demand-spike', 33],
    ]);
  });

  it('E2 a maximum below what the demand asks for, a count that found fewer and a shelf without source are errors in the books', () => {
    const capped = knownAt('decision-1', shelf({maxStock: 0}), 'D-1');
    expect(causesOf(history({known: capped}))).toEqual([['parameter-error', 100]]);
    expect(causesOf(history({shrinkage: [{movementId: 'm-1', pieces: 1}]}))).toEqual([
      ['parameter-error', 100],
    ]);
    const orphan = knownAt('decision-1', shelf({sources: []}), 'D-1');
    expect(causesOf(history({known: orphan}))).toEqual([['parameter-error', 100]]);
    expect(causesOf(history({known: orphan, discontinuedBy: 'P2'}))).toEqual([['end-of-life', 100]]);
  });

  it('E2 a failure that a model gave next to no chance was missed; one that it announced, or that only an age was known of, was not', () => {
    const failed = {equipmentId: 'EQ-C1', positionId: 'bearing'};
    const seenAs = (method: string, weekPpm: number): [BackorderCause, number][] => {
      const components = [component('C1', weekPpm, {method})];
      return causesOf(history({failed, known: knownAt('decision-1', shelf({components}), 'D-1')}));
    };
    expect(seenAs('model', 10_000)).toEqual([['prediction-missed', 100]]);
    expect(seenAs('model', 700_000)).toEqual([['planned-risk', 100]]);
    expect(seenAs('weibull', 10_000)).toEqual([['planned-risk', 100]]);
  });

  it('E2 a slow part that nobody stocks, asked for once, was the planned risk, as was what is on no record', () => {
    const slow = knownAt('decision-1', shelf({backgroundPerYear: 0.1}), 'D-1');
    const once = {pieces: 1, pastPieces: 0, pastH: 0};
    expect(causesOf(history({known: slow, demand: once}))).toEqual([['planned-risk', 100]]);
    expect(causesOf(history({known: slow, demand: {...once, pieces: 3}}))).toEqual([['demand-spike', 100]]);
    expect(causesOf(history({known: null, demand: null}))).toEqual([['planned-risk', 100]]);
  });

  it('E2 shares are whole and rounded by the largest remainders', () => {
    expect(percentages([1, 1, 1])).toEqual([34, 33, 33]);
    expect(percentages([2, 1])).toEqual([67, 33]);
    expect(percentages([5])).toEqual([100]);
  });
});
