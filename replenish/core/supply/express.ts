import {z} from 'zod';

/** A faster way of a source, and what it costs beyond the usual one, for an order. */
export const Express = z.object({
  /** air, road, sea, courier; express where the master data names none. */
  mode: z.string(),
  meanH: z.number().positive(),
  feeMinor: z.int().min(0),
});
export type Express = z.infer<typeof Express>;

interface Hurried {
  readonly expediteMeanH: number | null;
  readonly expediteFeeMinor: number | null;
  readonly express?: readonly Express[] | undefined;
}

/** Every speed at which a source, or an order under way, can be hurried. Example: three days for 150.00, and by air in one for 900.00 → express, air. */
export function expressWays({expediteMeanH, expediteFeeMinor, express = []}: Hurried): readonly Express[] {
  if (expediteMeanH === null) return express;
  return [{mode: 'express', meanH: expediteMeanH, feeMinor: expediteFeeMinor ?? 0}, ...express];
}

/** Those that bring an order under way sooner than it comes anyway. */
export function fasterThan(order: Hurried & {readonly meanH: number}): readonly Express[] {
  return expressWays(order).filter(({meanH}) => meanH < order.meanH);
}

/** The same source or order with every speed's mean changed. */
export function withSpeeds<T extends Hurried>(
  one: T,
  change: (meanH: number) => number,
): Pick<T, 'expediteMeanH' | 'express'> {
  const {expediteMeanH, express} = one;
  return {
    expediteMeanH: expediteMeanH === null ? null : change(expediteMeanH),
    ...(express === undefined ? {} : {express: express.map((way) => ({...way, meanH: change(way.meanH)}))}),
  };
}
