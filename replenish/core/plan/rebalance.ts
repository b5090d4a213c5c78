import {minCostFlow, type Arc} from './min-cost-flow.ts';

/** A depot's stock of one part, and what each level of it costs: expected shortage and holding, rising beyond the target, and falling up to it or to a level below. */
export interface BalancedShelf {
  readonly depotId: string;
  /** On hand + on order − owed. */
  readonly position: number;
  readonly target: number;
  /** Pieces on the shelf that may leave: its own, owed to nobody, held for no machine, above its floor. */
  readonly giveable: number;
  /** Pieces that it may take. */
  readonly room: number;
  /** Minor units over the depot's own lead time; convex in the stock. */
  readonly costAt: (stock: number) => number;
}

export interface BalanceLane {
  readonly fromDepotId: string;
  readonly toDepotId: string;
  readonly mode: string;
  /** What its rules and the owners of the pieces allow. */
  readonly piecesMax: number;
  /** For a shipment, whatever is in it. */
  readonly costMinor: number;
  readonly costPerPieceMinor: number;
}

/** Pieces to send, with what is lost when this one move is left out, freight paid. */
export interface BalanceMove {
  readonly fromDepotId: string;
  readonly toDepotId: string;
  readonly mode: string;
  readonly quantity: number;
  readonly freightMinor: number;
  readonly gainMinor: number;
}

/**
 * Moves between depots that lower the expected cost of all of them together by most:
 *
 *   min Σ cost_i(position_i − out_i + in_i) + Σ freight
 *
 * as a min-cost flow from shelves that can spare pieces to shelves that want them. Freight by the piece is exact; a fixed fee for a
 * shipment is no flow's matter, so a shipment that does not earn its fee is closed, the worst first, and the rest solved again.
 *
 * @param marginMinor A move must gain at least this much.
 * Example: A has 3 too many, B 2 too few, C 1 too few; all three are sent where that saves more than it costs.
 */
export function rebalance(
  shelves: readonly BalancedShelf[],
  lanes: readonly BalanceLane[],
  marginMinor = 0,
): readonly BalanceMove[] {
  let open = lanes;
  for (;;) {
    const moves = flowOver(shelves, open);
    const worst = moves.reduce<BalanceMove | null>(
      (least, move) => (least === null || move.gainMinor < least.gainMinor ? move : least),
      null,
    );
    if (worst === null || worst.gainMinor >= Math.max(1, marginMinor)) return moves;
    open = open.filter((lane) => !isOn(worst, lane));
  }
}

function isOn(move: BalanceMove, lane: BalanceLane): boolean {
  return (
    move.fromDepotId === lane.fromDepotId && move.toDepotId === lane.toDepotId && move.mode === lane.mode
  );
}

function flowOver(shelves: readonly BalancedShelf[], lanes: readonly BalanceLane[]): BalanceMove[] {
  const n = shelves.length;
  const indexOf = new Map(shelves.map(({depotId}, i) => [depotId, i]));
  // 0 gives to the shelves that send (1..n); they send to those that take (n + 1..2n), which give to 2n + 1.
  const sending: Arc[] = shelves.flatMap(({position, giveable, costAt}, i) =>
    steps(giveable, (k) => costAt(position - k) - costAt(position - k + 1), 0, 1 + i),
  );
  const taking: Arc[] = shelves.flatMap(({position, room, costAt}, i) =>
    steps(room, (k) => costAt(position + k) - costAt(position + k - 1), 1 + n + i, 2 * n + 1),
  );
  const usable = lanes.filter(
    ({fromDepotId, toDepotId}) => indexOf.has(fromDepotId) && indexOf.has(toDepotId),
  );
  const ways = usable.map(({fromDepotId, toDepotId, piecesMax, costPerPieceMinor}): Arc => ({
    from: 1 + indexOf.get(fromDepotId)!,
    to: 1 + n + indexOf.get(toDepotId)!,
    capacity: Math.min(piecesMax, shelves[indexOf.get(fromDepotId)!]!.giveable),
    cost: costPerPieceMinor,
  }));
  const {flow} = minCostFlow(2 * n + 2, {source: 0, sink: 2 * n + 1}, [...sending, ...ways, ...taking]);
  const sent = usable.map((lane, i) => ({lane, quantity: flow[sending.length + i]!}));
  const after = shelves.map(({position}) => position);
  for (const {lane, quantity} of sent) {
    after[indexOf.get(lane.fromDepotId)!]! -= quantity;
    after[indexOf.get(lane.toDepotId)!]! += quantity;
  }
  const rise = (depotId: string, pieces: number): number => {
    const i = indexOf.get(depotId)!;
    return shelves[i]!.costAt(after[i]! + pieces) - shelves[i]!.costAt(after[i]!);
  };
  return sent.flatMap(({lane, quantity}) => {
    if (quantity === 0) return [];
    const {fromDepotId, toDepotId, mode, costMinor, costPerPieceMinor} = lane;
    const freightMinor = costMinor + costPerPieceMinor * quantity;
    const lost = rise(fromDepotId, quantity) + rise(toDepotId, -quantity);
    return [
      {fromDepotId, toDepotId, mode, quantity, freightMinor, gainMinor: Math.round(lost - freightMinor)},
    ];
  });
}

/** One arc a piece, the cheapest first: a convex cost. Equal neighbours would only make the search longer. */
function steps(pieces: number, costOfStep: (k: number) => number, from: number, to: number): Arc[] {
  return Array.from({length: Math.min(pieces, STEPS_MAX)}, (_, k) => ({
    from,
    to,
    capacity: 1,
    cost: costOfStep(k + 1),
  }));
}

/** Pieces of one part that one run moves to or from a depot at most. */
const STEPS_MAX = 200;
