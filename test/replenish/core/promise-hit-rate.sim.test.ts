import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {arrivalOfNewOrder, arrivalOfOrder} from '../../../replenish/core/lead-time/awaited-order.ts';
import type {LearnedDelays} from '../../../replenish/core/lead-time/awaited-order.ts';
import {plannedDelays} from '../../../replenish/core/lead-time/lead-time-law.ts';
import {learnLeadTimes} from '../../../replenish/core/lead-time/lead-time.ts';
import type {LearnedLeadTime} from '../../../replenish/core/lead-time/lead-time.ts';
import {promisedHours} from '../../../replenish/core/lead-time/promise.ts';
import {streamOf} from '../../../simulator/random.ts';
import {lane, delivered, late} from './supply-records.ts';

const SEED = 20_260_105;
const START = epochMs(Date.UTC(2026, 0, 5));
/** What the source really needs: 14 ± 5 days, against a plan of 10 ± 2. */
const TRUE = {meanDays: 14, sdDays: 5};
const PLAN = lane({planDays: 10, planSdDays: 2});
const PIECES = 3000;
/** Promises before these orders are made in ignorance, and do not count. */
const WARM_UP = 300;

interface Order {
  readonly orderedAt: EpochMs;
  readonly arrivesAt: EpochMs;
}

function orders(): Order[] {
  const random = streamOf(SEED, 'promise-hit-rate');
  const shape = (TRUE.meanDays / TRUE.sdDays) ** 2;
  return Array.from({length: PIECES}, (_, i) => {
    const orderedAt = epochMs(START + i * 8 * HOUR_MS);
    return {
      orderedAt,
      arrivesAt: epochMs(orderedAt + random.gamma(shape, TRUE.meanDays / shape) * DAY_MS),
    };
  });
}

/** What the nightly run knows at an instant: orders that are here, and those that are not. */
function learnedAt(all: readonly Order[], now: EpochMs): LearnedLeadTime {
  const records = all
    .filter(({orderedAt}) => orderedAt < now)
    .map(({orderedAt, arrivesAt}) =>
      arrivesAt <= now ? delivered((arrivesAt - orderedAt) / DAY_MS) : late((now - orderedAt) / DAY_MS),
    );
  return learnLeadTimes(records, [PLAN])[0]!;
}

/** A need of the replay: what it waits for, and when its last piece comes. */
interface Need {
  readonly now: EpochMs;
  readonly open: readonly Order[];
  readonly next: Order;
  /** Its place in line: served by the n-th piece to come, an order placed now among them where it needs one. */
  readonly inLine: number;
}

function promiseTo({now, open, inLine}: Need, known: LearnedDelays | null, confidence: number): number {
  const incoming = open.map(({orderedAt}, n) => {
    const expectedAt = epochMs(orderedAt + PLAN.planDays * DAY_MS);
    const order = {
      orderedAt,
      expectedAt,
      sdH: 24 * PLAN.planSdDays,
      firstPromisedAt: null,
      promisedAt: null,
      slips: 0,
    };
    return {ref: `O-${n}`, quantity: 1, arrival: arrivalOfOrder(order, known, now)};
  });
  const lines = Array.from({length: inLine}, (_, n) => ({demandId: `L-${n}`, quantity: 1}));
  const delays = known?.lead ?? plannedDelays(PLAN.planDays, PLAN.planSdDays);
  const refill = {ref: 'supplier:SUP', arrival: arrivalOfNewOrder(delays, PLAN.planDays)};
  return promisedHours({lines, onHand: 0, incoming, refill}, confidence).at(-1)!.hours;
}

function servedAt({now, open, next, inLine}: Need): number {
  const arrivals: number[] = open.map(({arrivesAt}) => arrivesAt);
  if (inLine > open.length) arrivals.push(now + (next.arrivesAt - next.orderedAt));
  return arrivals.sort((a, b) => a - b)[inLine - 1]!;
}

describe('promises on a replay', () => {
  it('E10 are kept as often as their confidence says, where the master data’s lead time would keep few of them', () => {
    const all = orders();
    const confidences = [0.5, 0.9, 0.95];
    const kept = new Map(confidences.map((confidence) => [confidence, 0]));
    let keptByPlan = 0;
    let made = 0;
    let known: LearnedDelays | null = null;
    for (let i = WARM_UP; i < PIECES - WARM_UP; i += 4) {
      const now = epochMs(all[i]!.orderedAt + HOUR_MS);
      if ((i - WARM_UP) % 100 === 0) known = {planDays: PLAN.planDays, ...learnedAt(all, now)};
      const open = all
        .slice(Math.max(0, i - 200), i + 1)
        .filter(({arrivesAt}) => arrivesAt > now)
        .slice(-3);
      const need = {now, open, next: all[i + 1]!, inLine: 1 + (i % (open.length + 1))};
      const waitedH = (servedAt(need) - now) / HOUR_MS;
      for (const confidence of confidences) {
        if (waitedH <= promiseTo(need, known, confidence)) kept.set(confidence, kept.get(confidence)! + 1);
      }
      keptByPlan += waitedH <= promiseTo(need, null, 0.9) ? 1 : 0;
      made += 1;
    }
    expect(made).toBe(600);
    for (const confidence of confidences) {
      // Twice the binomial deviation, and half a point for the 50 points that a law is kept in.
      const tolerance = 2 * Math.sqrt((confidence * (1 - confidence)) / made) + 0.005;
      expect(Math.abs(kept.get(confidence)! / made - confidence)).toBeLessThan(tolerance);
    }
    expect(keptByPlan / made).toBeLessThan(0.6);
  });
});
