import {added} from '../lead-time/time-points.ts';
import type {UncertainTime} from '../lead-time/time-points.ts';
import {freeStock} from './shelf.ts';
import type {DepotSituation, Receipt, Situation, Source} from './situation.ts';

/** Here, now: what lies on the shelf can leave at once. */
const AT_ONCE: UncertainTime = {meanH: 0, sdH: 0};

/** Of an express delivery whose source's usual deviation is not known either: it is an assumption. */
const EXPRESS_CV = 1 / 4;

/**
 * When a hurried order is here. Hurried ones are too few to learn from: they vary as the usual orders of their source do, in proportion to
 * the mean and in shape.
 *
 * Example: three days by express of a source that takes 10 ± 5 → 3 ± 1.5 days; of one whose deviation nobody knows 3 ± 0.75.
 */
export function expressArrival(meanH: number, usual: UncertainTime | null): UncertainTime {
  if (usual === null || usual.sdH === 0) return {meanH, sdH: EXPRESS_CV * meanH};
  return {meanH, sdH: (usual.sdH / usual.meanH) * meanH, shape: usual.shape};
}

/** Where a depot's pieces usually come from: the first that no rule closes. */
export function normalSource(depot: DepotSituation): Source | null {
  return depot.sources.find(({kind, barred}) => kind === 'normal' && barred === undefined) ?? null;
}

/**
 * When the depot's normal source can really have `pieces` here. A supplier delivers after its lead time; a depot only sends what
 * it has, else what its own receipts or its own source bring first. Null when nobody can.
 *
 * Times of a chain add up, and so do their variances.
 * Example: an empty parent, 3 h away, expects a piece in 100 ± 20 h → 103 ± 20 h.
 */
export function refillArrival(
  situation: Situation,
  depot: DepotSituation,
  pieces: number,
): UncertainTime | null {
  return arrivalThrough(situation, depot, pieces, new Set());
}

function arrivalThrough(
  situation: Situation,
  depot: DepotSituation,
  pieces: number,
  asked: ReadonlySet<string>,
): UncertainTime | null {
  const source = normalSource(depot);
  if (source === null) return null;
  const {meanH, sdH, shape} = source;
  if (source.sourceKind === 'supplier') return {meanH, sdH, shape};
  const parent = situation.depots.find(({depotId}) => depotId === source.sourceId);
  // Depots that name each other as their source have none.
  if (parent === undefined || asked.has(parent.depotId)) return null;
  const ready = readyAfter(situation, parent, pieces, new Set([...asked, depot.depotId]));
  return ready && added(ready, source);
}

/** When a depot has `pieces` that it owes nobody and holds for no machine. */
function readyAfter(
  situation: Situation,
  depot: DepotSituation,
  pieces: number,
  asked: ReadonlySet<string>,
): UncertainTime | null {
  let missing = pieces - freeStock(depot);
  if (missing <= 0) return AT_ONCE;
  for (const receipt of byArrival(depot.receipts)) {
    missing -= receipt.quantity;
    if (missing <= 0) return receipt;
  }
  return arrivalThrough(situation, depot, missing, asked);
}

function byArrival(receipts: readonly Receipt[]): Receipt[] {
  return [...receipts].sort((a, b) => a.meanH - b.meanH || (a.orderId < b.orderId ? -1 : 1));
}
