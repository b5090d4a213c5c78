import {HOUR_MS} from '../../../domain/time.ts';
import type {Books, OpenOrder, Shelf} from './books.ts';

interface Way {
  readonly costMinor: number;
  readonly go: () => unknown;
}

/**
 * What a dispatcher without forecasts does for machines that stand: each waiting machine gets the piece that is cheapest by fee
 * plus mean downtime, be it the order under way, an express delivery from the parent, a neighbour's last piece or an emergency
 * purchase. Nothing anywhere: an order under way is hurried if that pays.
 */
export function rescueWaiting(books: Books): void {
  for (const shelf of books.shelves.values()) {
    const coming = [...shelf.receipts].sort((a, b) => a.expectedAt - b.expectedAt);
    const pieces = coming.flatMap((order) => Array.from({length: order.quantity}, () => order));
    for (const [i, {shortageMinorPerH}] of shelf.needs.entries()) {
      const awaited = pieces[i];
      if (awaited !== undefined && awaited.kind !== 'normal') continue;
      const waitH =
        awaited === undefined ? Infinity : Math.max(0, (awaited.expectedAt - books.now) / HOUR_MS);
      const best = waysTo(books, shelf, shortageMinorPerH, awaited).reduce<Way | null>(
        (least, way) => (least === null || way.costMinor < least.costMinor ? way : least),
        null,
      );
      if (best !== null && best.costMinor < waitH * shortageMinorPerH) best.go();
      else if (best === null && awaited === undefined) hurrySupply(books, shortageMinorPerH);
    }
  }
}

function waysTo(books: Books, {site, receipts}: Shelf, perH: number, awaited: OpenOrder | undefined): Way[] {
  const ways: Way[] = [];
  for (const source of site.sources) {
    if (source.sourceKind === 'depot' && books.shelf(source.sourceId).onHand === 0) continue;
    if (source.kind === 'emergency' || source.sourceKind === 'depot') {
      const premium = source.kind === 'emergency' ? source.priceMinor - books.world.unitCostMinor : 0;
      ways.push({
        costMinor: source.orderCostMinor + premium + perH * source.meanH,
        go: () => books.order(site.depotId, source, 1, 'usual'),
      });
    }
    if (source.sourceKind === 'depot' && source.expediteMeanH !== null) {
      ways.push({
        costMinor: source.orderCostMinor + (source.expediteFeeMinor ?? 0) + perH * source.expediteMeanH,
        go: () => books.order(site.depotId, source, 1, 'express'),
      });
    }
  }
  for (const lane of books.world.lanes) {
    if (lane.toDepotId !== site.depotId || books.shelf(lane.fromDepotId).onHand === 0) continue;
    if (lane.fromDepotId === site.parentDepotId) continue;
    ways.push({
      costMinor: lane.costMinor + lane.costPerPieceMinor + perH * lane.meanH,
      go: () => books.transfer(lane, 1),
    });
  }
  if (awaited?.hurry && receipts.includes(awaited)) {
    ways.push({
      costMinor: awaited.hurry.feeMinor + perH * awaited.hurry.meanH,
      go: () => books.expedite(site.depotId, awaited.orderId),
    });
  }
  return ways;
}

/** The first order that a supplier owes the central depot comes sooner, if that pays for the machine that waits. */
function hurrySupply(books: Books, perH: number): void {
  const central = books.shelf(books.world.centralId);
  const first = [...central.receipts].sort((a, b) => a.expectedAt - b.expectedAt)[0];
  if (first === undefined || first.hurry === null) return;
  const savedH = (first.expectedAt - books.now) / HOUR_MS - first.hurry.meanH;
  if (savedH * perH > first.hurry.feeMinor) books.expedite(central.site.depotId, first.orderId);
}
