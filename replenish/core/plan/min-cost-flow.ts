import {invariant} from '../../../domain/invariant.ts';

/** A way from one node to another for up to `capacity` whole pieces; a negative cost is a gain. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly capacity: number;
  readonly cost: number;
}

/** Gains smaller than this move nothing: they are rounding. */
const GAIN_MIN = 1e-9;

/**
 * Pieces on each arc so that the cost is least: not the most pieces, but those that pay. Successive cheapest paths (Bellman–Ford, for
 * costs may be negative), each by as much as fits, until the next path would cost something. Paths · nodes · arcs steps.
 *
 * Where costs rise with the pieces (parallel arcs, the cheaper first) the cheapest paths take them in that order, so a convex
 * cost is met exactly; and with whole capacities the optimum of the linear programme is in whole pieces.
 *
 * Own code and no library of linear programmes: a decision judges planned moves again by it, within microseconds, and its answers
 * must be the same on every installation.
 *
 * @param nodes Their number; arcs name them 0..nodes − 1. @param arcs Without a cycle of negative cost.
 * Source: Ahuja, Magnanti & Orlin (1993), Network Flows, ch. 9.7.
 * Example: 2 pieces from 0 to 2 at 1 → 2 for −5 and another one for −1, freight 0 → 1 for 2 → one moves, cost −3.
 */
export function minCostFlow(
  nodes: number,
  {source, sink}: {readonly source: number; readonly sink: number},
  arcs: readonly Arc[],
): {readonly flow: readonly number[]; readonly cost: number} {
  // Arc 2i is arcs[i], 2i + 1 takes back what flows on it.
  const left = arcs.flatMap(({capacity}) => [capacity, 0]);
  const endOf = (edge: number): number => (edge % 2 === 0 ? arcs[edge >> 1]!.to : arcs[edge >> 1]!.from);
  const costOf = (edge: number): number => arcs[edge >> 1]!.cost * (edge % 2 === 0 ? 1 : -1);
  const leaving: number[][] = Array.from({length: nodes}, () => []);
  arcs.forEach(({from, to}, i) => {
    leaving[from]!.push(2 * i);
    leaving[to]!.push(2 * i + 1);
  });
  let cost = 0;
  for (;;) {
    const {distance, via} = cheapestPaths(nodes, source, leaving, (edge) => left[edge]! > 0, endOf, costOf);
    if (!(distance[sink]! < -GAIN_MIN)) break;
    let pieces = Infinity;
    for (let at = sink; at !== source; at = endOf(via[at]! ^ 1)) pieces = Math.min(pieces, left[via[at]!]!);
    for (let at = sink; at !== source; at = endOf(via[at]! ^ 1)) {
      left[via[at]!]! -= pieces;
      left[via[at]! ^ 1]! += pieces;
    }
    cost += pieces * distance[sink]!;
  }
  return {flow: arcs.map((_, i) => left[2 * i + 1]!), cost};
}

/** Least cost from the source to each node, and the edge by which it is reached. */
function cheapestPaths(
  nodes: number,
  source: number,
  leaving: readonly (readonly number[])[],
  isOpen: (edge: number) => boolean,
  endOf: (edge: number) => number,
  costOf: (edge: number) => number,
): {readonly distance: readonly number[]; readonly via: readonly number[]} {
  const distance = Array.from({length: nodes}, () => Infinity);
  const via = Array.from({length: nodes}, () => -1);
  distance[source] = 0;
  let changed = [source];
  for (let round = 0; changed.length > 0; round += 1) {
    invariant(round <= nodes, 'arcs have no cycle of negative cost');
    const next = new Set<number>();
    for (const node of changed) {
      for (const edge of leaving[node]!) {
        const through = distance[node]! + costOf(edge);
        if (!isOpen(edge) || through >= distance[endOf(edge)]! - GAIN_MIN) continue;
        distance[endOf(edge)] = through;
        via[endOf(edge)] = edge;
        next.add(endOf(edge));
      }
    }
    changed = [...next];
  }
  return {distance, via};
}
