import {z} from 'zod';

/** A logit that is linear in the inputs, with weights of its own for each place a component can have. */
export const Logistic = z.object({
  places: z.array(z.object({intercept: z.number(), weights: z.array(z.number())})).min(1),
});
export type Logistic = z.infer<typeof Logistic>;

/** Example: intercept −2 and weights [1, 0.5] of place 0 → −0.5 at inputs [1, 1]. */
export function logisticScore({places}: Logistic, place: number, input: ArrayLike<number>): number {
  const {intercept, weights} = places[place]!;
  let score = intercept;
  for (let i = 0; i < weights.length; i += 1) score += weights[i]! * input[i]!;
  return score;
}
