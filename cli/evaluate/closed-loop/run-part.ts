import {epochMs, type EpochMs} from '../../../domain/time.ts';
import {Books, type Figures} from './books.ts';
import type {Demand} from './demand-stream.ts';
import type {PartWorld} from './part-world.ts';
import type {Policy} from './policy.ts';

/** One seed's stretch of time. */
export interface Stretch {
  readonly seed: number;
  readonly from: EpochMs;
  readonly countedFrom: EpochMs;
  readonly to: EpochMs;
}

/** One policy for one part over one stretch. The same stretch meets every policy with the same demands and lead times. */
export function runPart(
  world: PartWorld,
  demands: readonly Demand[],
  opening: ReadonlyMap<string, number>,
  {seed, from, countedFrom, to}: Stretch,
  policyOf: (books: Books) => Policy,
): Figures {
  const books = new Books(world, {seed, startAt: from, countedFrom, to, opening});
  const policy = policyOf(books);
  let asked = 0;
  let looked = 0;
  policy.act(books);
  for (;;) {
    const demandAt = demands[asked]?.at ?? Infinity;
    const lookAt = policy.looksAt[looked] ?? Infinity;
    const next = Math.min(demandAt, lookAt, books.nextArrivalAt);
    if (next > to) break;
    books.advance(epochMs(next));
    if (demandAt === next) {
      books.ask(demands[asked]!, asked);
      asked += 1;
    }
    if (lookAt === next) looked += 1;
    policy.act(books);
  }
  books.advance(to);
  return books.figures();
}
