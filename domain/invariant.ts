/** An invariant of ours broke: a bug, not bad input. The process stops; the bus still has the message. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/** States what must be true here; `claim` is written as the fact itself: 'mean demand is within 0..700 pieces'. */
export function invariant(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new InvariantBroken(claim);
}
