/** What one depot holds of a part, against what it is for. */
export interface HeldStock {
  readonly depotId: string;
  /** The depot that replenishes it; null when a supplier does. */
  readonly sourceDepotId: string | null;
  /** Pieces on the shelf that nobody waits for. */
  readonly free: number;
  /** On hand + on order − owed. */
  readonly position: number;
  readonly target: number;
  /** Asked for here, and at the depots that it fills. */
  readonly ratePerDay: number;
}

export const EXCESS_PROPOSALS = ['transfer', 'return', 'sell', 'scrap'] as const;
export type ExcessProposal = (typeof EXCESS_PROPOSALS)[number];

/** Pieces that lie where they will not be used within the horizon, and what to do with them. */
export interface Excess {
  readonly depotId: string;
  readonly quantity: number;
  readonly proposal: ExcessProposal;
  /** Where to, with 'transfer' and 'return'. */
  readonly toDepotId: string | null;
}

/**
 * Stock beyond both the target and what is asked for within the horizon:
 *
 *   excess = max(0, free − max(target, ⌈rate · horizon⌉))
 *
 * It goes where the part is short, the shortest first; then back to the depot's source, as far as that will use it; the rest is for sale,
 * or for scrap where nobody asks for the part any more.
 *
 * Example: 9 free, target 2, 4 asked for a year → 5 too many; a neighbour is 2 short, the source has room for 1: 2 are
 * transferred, 1 returned, 2 sold.
 */
export function excessOf(held: readonly HeldStock[], horizonDays: number): readonly Excess[] {
  const level = ({target, ratePerDay}: HeldStock): number =>
    Math.max(target, Math.ceil(ratePerDay * horizonDays));
  const isWanted = held.some(({ratePerDay}) => ratePerDay > 0);
  const short = new Map(held.map(({depotId, position, target}) => [depotId, Math.max(0, target - position)]));
  const room = new Map(held.map((one) => [one.depotId, Math.max(0, level(one) - one.free)]));
  const found: Excess[] = [];
  for (const one of held) {
    let left = Math.max(0, one.free - level(one));
    const send = (proposal: ExcessProposal, toDepotId: string | null, most: number): void => {
      const quantity = Math.min(left, most);
      if (quantity === 0) return;
      left -= quantity;
      found.push({depotId: one.depotId, quantity, proposal, toDepotId});
      if (toDepotId === null) return;
      short.set(toDepotId, Math.max(0, short.get(toDepotId)! - quantity));
      room.set(toDepotId, Math.max(0, room.get(toDepotId)! - quantity));
    };
    const shortest = [...short].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    for (const [depotId, pieces] of shortest)
      if (depotId !== one.depotId)
        send(depotId === one.sourceDepotId ? 'return' : 'transfer', depotId, pieces);
    if (one.sourceDepotId !== null) send('return', one.sourceDepotId, room.get(one.sourceDepotId) ?? 0);
    send(isWanted ? 'sell' : 'scrap', null, left);
  }
  return found;
}
