import type {EpochMs} from '../../domain/time.ts';

/** `toPart` takes the place of `fromPart`; `ratio` new pieces do the work of one old piece. */
export interface PartRelation {
  readonly fromPart: string;
  readonly toPart: string;
  readonly kind: 'supersession' | 'substitute';
  readonly validFrom: EpochMs;
  readonly validTo: EpochMs;
  readonly ratio: number;
  readonly direction: 'one-way' | 'two-way';
  readonly approval: 'pending' | 'approved' | 'banned';
}

export interface ChainLink {
  readonly partId: string;
  /** Pieces of this part for one piece of the chain's first. */
  readonly ratio: number;
}

function holdsAt(relation: PartRelation, at: EpochMs): boolean {
  return relation.approval === 'approved' && relation.validFrom <= at && at < relation.validTo;
}

/**
 * A part and all that supersede it at `at`, oldest first: A → B (1:1) → C (2:1) gives A ×1, B ×1, C ×2.
 * Only approved relations count; where a part has two successors both follow, in id order.
 */
export function supersessionChain(
  partId: string,
  relations: readonly PartRelation[],
  at: EpochMs,
): ChainLink[] {
  const chain: ChainLink[] = [{partId, ratio: 1}];
  const seen = new Set([partId]);
  for (let i = 0; i < chain.length; i += 1) {
    const {partId: from, ratio} = chain[i]!;
    const next = relations
      .filter(
        (relation) => relation.kind === 'supersession' && relation.fromPart === from && holdsAt(relation, at),
      )
      .toSorted((a, b) => (a.toPart < b.toPart ? -1 : 1));
    for (const relation of next) {
      if (seen.has(relation.toPart)) continue;
      seen.add(relation.toPart);
      chain.push({partId: relation.toPart, ratio: ratio * relation.ratio});
    }
  }
  return chain;
}

/**
 * Pieces of `givenPart` that do the work of one `neededPart` at `at`; null when nobody approved that it may.
 *
 * A successor stands in for all it supersedes, a substitute for its one part, and where a 1:1 relation goes both ways also the
 * other way round. Example: A → B (1:1) → C (2:1): C for A → 2; A for C → null.
 */
export function substituteRatio(
  {neededPart, givenPart}: {readonly neededPart: string; readonly givenPart: string},
  relations: readonly PartRelation[],
  at: EpochMs,
): number | null {
  const successor = supersessionChain(neededPart, relations, at).find(({partId}) => partId === givenPart);
  if (successor !== undefined) return successor.ratio;
  const approved = relations.filter((relation) => holdsAt(relation, at));
  const onward = approved.find(({fromPart, toPart}) => fromPart === neededPart && toPart === givenPart);
  const back = approved.find(
    ({fromPart, toPart, direction, ratio}) =>
      fromPart === givenPart && toPart === neededPart && direction === 'two-way' && ratio === 1,
  );
  return onward?.ratio ?? back?.ratio ?? null;
}

/** A way from `start` back to `start`, both ends named, or null. Example: A → B → A. */
export function cycleFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let i = 0; i < queue.length; i += 1) {
    for (const next of edges.get(queue[i]!) ?? []) {
      if (next === start) {
        const path = [start];
        for (let at: string | undefined = queue[i]; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
        return path;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, queue[i]!);
      queue.push(next);
    }
  }
  return null;
}
