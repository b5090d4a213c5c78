import {invariant} from '../../../domain/invariant.ts';
import {normalLoss, normalQuantile} from '../probability/normal.ts';

/** Normal demand, continuous review: what textbooks and many systems reckon with. */
export interface NormalRqSituation {
  readonly holdingCost: number;
  /** Per piece short (not per time). */
  readonly stockoutCost: number;
  readonly fixedCost: number;
  /** Per time unit. */
  readonly demandMean: number;
  readonly demandSd: number;
  readonly leadTime: number;
}

export interface ContinuousRq {
  readonly r: number;
  readonly q: number;
}

/** Mean and standard deviation of the demand over the lead time. */
function leadTimeDemand({demandMean, demandSd, leadTime}: NormalRqSituation): {mean: number; sd: number} {
  return {mean: demandMean * leadTime, sd: demandSd * Math.sqrt(leadTime)};
}

/**
 * Expected-inventory-level approximation: Q and r in turn until they stand still. Lots of decisions come from `cheapestWindow` (rq-policy.ts);
 * the comparison of policies says what this rule would cost beside them.
 *
 *   Q = √(2λ (K + p·n(r)) / h),  P(D > r) = Q·h / (p·λ),  n(r) = E[(D − r)⁺]
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 4; Snyder & Shen (2019), ch. 5.
 * Example: h 1.1, p 22, K 40, 520 ± 95 a year, lead time 0.05 → r 69.87, Q 202.40, cost 270.89.
 *
 * @returns null where a batch costs more to hold than the shortages that it prevents: no reorder point pays.
 */
export function expectedInventoryRq(
  situation: NormalRqSituation,
): (ContinuousRq & {readonly cost: number}) | null {
  const {holdingCost: h, stockoutCost: p, fixedCost, demandMean} = situation;
  const {mean, sd} = leadTimeDemand(situation);
  let q = Math.sqrt((2 * fixedCost * demandMean) / h);
  for (let round = 0; round < 1000; round += 1) {
    const stockoutShare = (q * h) / (p * demandMean);
    if (stockoutShare >= 1) return null;
    const z = -normalQuantile(stockoutShare);
    const short = sd * normalLoss(z);
    const next = Math.sqrt((2 * demandMean * (fixedCost + p * short)) / h);
    const settled = Math.abs(next - q) < 1e-12 * q;
    q = next;
    if (settled) {
      const r = mean + z * sd;
      return {
        r,
        q,
        cost: h * (r - mean + q / 2) + (fixedCost * demandMean) / q + (p * demandMean * short) / q,
      };
    }
  }
  invariant(false, 'the expected-inventory iteration settles');
}

/**
 * Batch of the economic order quantity with backorders; r where the cost rates at both ends of the cycle agree, g(r) = g(r + Q).
 * Source: Zheng (1992), On properties of stochastic inventory systems; Snyder & Shen (2019), ch. 5. Example: as above → r 24.04, Q 199.27.
 */
export function backorderBatchRq(situation: NormalRqSituation): ContinuousRq {
  const {holdingCost: h, stockoutCost: p, fixedCost, demandMean} = situation;
  const {mean, sd} = leadTimeDemand(situation);
  const q = Math.sqrt((2 * fixedCost * demandMean * (h + p)) / (h * p));
  const rate = (y: number): number => {
    const short = sd * normalLoss((y - mean) / sd);
    return h * (y - mean + short) + p * short;
  };
  let low = mean - q - 10 * sd;
  let high = mean + 10 * sd;
  for (let step = 0; step < 200; step += 1) {
    const r = (low + high) / 2;
    if (rate(r) > rate(r + q)) low = r;
    else high = r;
  }
  return {r: (low + high) / 2, q};
}

/**
 * Plain economic order quantity, and the newsvendor level as reorder point.
 * Source: Snyder & Shen (2019), ch. 5. Example: as above → r 61.44, Q 194.47.
 */
export function economicBatchRq(situation: NormalRqSituation): ContinuousRq {
  const {holdingCost: h, stockoutCost: p, fixedCost, demandMean} = situation;
  const {mean, sd} = leadTimeDemand(situation);
  return {r: mean + sd * normalQuantile(p / (p + h)), q: Math.sqrt((2 * fixedCost * demandMean) / h)};
}
