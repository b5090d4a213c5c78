import {DAY_MS, HOUR_MS, epochMs, type EpochMs} from '../domain/time.ts';
import {streamOf} from './random.ts';

/** An order as its supplier (or the next depot) sees it. */
export interface SupplyOrder {
  readonly orderId: string;
  readonly orderedAt: EpochMs;
  /** Mean and standard deviation of the lead time, hours. */
  readonly meanH: number;
  readonly sdH: number;
  readonly seed: number;
}

/** What the supplier says and when; a later entry corrects the one before. */
export interface Confirmation {
  readonly confirmedAt: EpochMs;
  readonly promisedAt: EpochMs;
}

/** One confirmed order in six slips: its supplier corrects the promise halfway. */
const SLIP_SHARE = 1 / 6;

/**
 * When the goods arrive: a gamma lead time with this mean and deviation, the same for an order id at every asking.
 * With sdH 0 exactly after meanH. Orders draw independently, so they may cross.
 *
 * Example: mean 240 h, sd 0 → orderedAt + 240 h.
 */
export function sampleArrival({orderId, orderedAt, meanH, sdH, seed}: SupplyOrder): EpochMs {
  if (!(meanH > 0) || !(sdH >= 0))
    throw new RangeError(`order ${orderId}: mean ${meanH} h and sd ${sdH} h are no lead time`);
  if (sdH === 0) return epochMs(orderedAt + meanH * HOUR_MS);
  const shape = (meanH / sdH) ** 2;
  const leadH = streamOf(seed, 'lead-time', orderId).gamma(shape, meanH / shape);
  return epochMs(orderedAt + leadH * HOUR_MS);
}

/**
 * What the supplier promises along the way, oldest first: it confirms within about a working day (at most a quarter of
 * the lead time) the end of the mean lead time, rounded up to the hour; when the goods will be more than a deviation late,
 * or in one case of six anyway, it corrects the promise halfway through, to within a tenth of what is left.
 *
 * No entry comes after the goods: a supplier that never answers in time has just delivered.
 */
export function confirmationsOf(order: SupplyOrder): Confirmation[] {
  const {orderId, orderedAt, meanH, sdH, seed} = order;
  const arrivesAt = sampleArrival(order);
  const random = streamOf(seed, 'confirmation', orderId);
  const answerMs = Math.min(random.exponential(0.6 * DAY_MS), (meanH * HOUR_MS) / 4);
  const promisedAt = epochMs(Math.ceil((orderedAt + meanH * HOUR_MS) / HOUR_MS) * HOUR_MS);
  const late = arrivesAt > promisedAt + sdH * HOUR_MS;
  const confirmations = [{confirmedAt: epochMs(orderedAt + answerMs), promisedAt}];
  if (late || random.chance(SLIP_SHARE)) {
    const halfway = (orderedAt + Math.min(arrivesAt, promisedAt)) / 2;
    const confirmedAt = epochMs(Math.max(halfway, orderedAt + 2 * answerMs)); // never before the first answer
    const error = random.between(-0.1, 0.1) * (arrivesAt - confirmedAt);
    confirmations.push({confirmedAt, promisedAt: epochMs(arrivesAt + error)});
  }
  return confirmations.filter(({confirmedAt}) => confirmedAt < arrivesAt);
}
