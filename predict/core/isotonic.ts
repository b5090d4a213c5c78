import {z} from 'zod';
import type {Probability} from '../../domain/quantity.ts';
import type {Judged} from './metrics.ts';

/** A rising curve through (x, y) points, straight between them, flat outside. */
export const IsotonicCurve = z.object({
  x: z.array(z.number()).min(1).readonly(),
  y: z.array(z.number().min(0).max(1)).min(1).readonly(),
});
export type IsotonicCurve = z.infer<typeof IsotonicCurve>;

/**
 * The rising step function nearest to what came, by pooling adjacent violators: neighbours whose observed shares fall are
 * merged until every block is above the one before. Needs many failures to be worth more than Platt scaling.
 *
 * Source: Zadrozny & Elkan (2002), Transforming classifier scores into accurate multiclass probability estimates.
 * Example: said [0.1, 0.2, 0.3], failed [no, yes, no] → 0, ½, ½.
 */
export function fitIsotonic(rows: readonly Judged[]): IsotonicCurve {
  const sorted = [...rows].sort((a, b) => a.probability - b.probability);
  const blocks: {from: number; to: number; weight: number; failed: number}[] = [];
  for (const {probability, failed, weight} of sorted) {
    const last = blocks.at(-1);
    if (last?.to === probability && last.from === probability) {
      last.weight += weight;
      last.failed += failed ? weight : 0;
    } else blocks.push({from: probability, to: probability, weight, failed: failed ? weight : 0});
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    let merged = block;
    for (
      let last = pooled.at(-1);
      last && last.failed * merged.weight >= merged.failed * last.weight;
      last = pooled.at(-1)
    ) {
      merged = {
        from: last.from,
        to: merged.to,
        weight: last.weight + merged.weight,
        failed: last.failed + merged.failed,
      };
      pooled.pop();
    }
    pooled.push(merged);
  }
  const x: number[] = [];
  const y: number[] = [];
  for (const {from, to, weight, failed} of pooled) {
    for (const edge of from === to ? [from] : [from, to]) {
      x.push(edge);
      y.push(failed / weight);
    }
  }
  return {x, y};
}

/** The curve's value at a probability. */
export function isotonicAt({x, y}: IsotonicCurve, probability: Probability): Probability {
  const next = x.findIndex((edge) => edge >= probability);
  if (next === 0) return y[0]!;
  if (next < 0) return y.at(-1)!;
  const share = (probability - x[next - 1]!) / (x[next]! - x[next - 1]!);
  return y[next - 1]! + share * (y[next]! - y[next - 1]!);
}
