import {orderQuantity} from '../../../replenish/core/stock/newsvendor.ts';
import type {Books, Shelf} from './books.ts';
import type {Policy} from './policy.ts';
import {rescueWaiting} from './rescue.ts';

/** A depot's rule: at or below `min`, order up to `upTo`. A base stock S is (S − 1, S). The central depot's covers all it feeds. */
export interface Level {
  readonly min: number;
  readonly upTo: number;
}

export interface LevelRules {
  /** By depot. */
  readonly levelAt: (depotId: string, books: Books) => Level;
  readonly looksAt: Policy['looksAt'];
}

/** Base stock, min/max and one order per alarm: levels, and a dispatcher for machines that stand. */
export function levelPolicy({levelAt, looksAt}: LevelRules): Policy {
  return {
    looksAt,
    act(books) {
      rescueWaiting(books);
      const regions = [...books.shelves.values()]
        .filter(({site}) => site.parentDepotId !== null)
        .sort((a, b) => b.needs.length - a.needs.length);
      for (const region of regions) refill(books, region, levelAt(region.site.depotId, books));
      const central = books.shelf(books.world.centralId);
      const position = regions.reduce((sum, region) => sum + positionOf(region), positionOf(central));
      const {min, upTo} = levelAt(central.site.depotId, books);
      const source = central.site.sources.find(({kind}) => kind === 'normal')!;
      if (position <= min) {
        const quantity = orderQuantity(position, upTo, source.minimum, source.multiple);
        if (quantity > 0) books.order(central.site.depotId, source, quantity, 'usual');
      }
    },
  };
}

/** A region takes what its parent has; the rest it asks for again when something arrives there. */
function refill(books: Books, region: Shelf, {min, upTo}: Level): void {
  const position = positionOf(region);
  if (position > min) return;
  const source = region.site.sources.find(({kind}) => kind === 'normal')!;
  const quantity = Math.min(upTo - position, books.shelf(source.sourceId).onHand);
  if (quantity > 0) books.order(region.site.depotId, source, quantity, 'usual');
}

/** On hand + on order − owed. */
export function positionOf({onHand, receipts, needs}: Shelf): number {
  return receipts.reduce((sum, {quantity}) => sum + quantity, onHand) - needs.length;
}
