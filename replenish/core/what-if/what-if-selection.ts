import type {DepotSituation, Lane, Situation, Source} from '../decision/situation.ts';

/**
 * Which places of a situation an overlay's entry changes; a selector that is left out means all. Each function gives back the very
 * same situation when nothing is selected, so that an entry without effect can be named.
 */
interface ShelfSelector {
  readonly partId?: string | undefined;
  readonly depotId?: string | undefined;
}
interface SourceSelector extends ShelfSelector {
  readonly sourceId?: string | undefined;
  readonly kind?: Source['kind'] | undefined;
}
interface LaneSelector {
  readonly partId?: string | undefined;
  readonly fromDepotId?: string | undefined;
  readonly toDepotId?: string | undefined;
  readonly mode?: string | undefined;
}

/** Every shelf that the selectors name, of the part and of its substitutes. */
export function onShelves(
  situation: Situation,
  selected: ShelfSelector,
  change: (depot: DepotSituation) => DepotSituation,
): Situation {
  return onParts(situation, selected.partId, ({depots, lanes}) => ({
    depots: replaced(depots, (depot) =>
      matches(selected.depotId, depot.depotId) ? unlessEqual(depot, change(depot)) : depot,
    ),
    lanes,
  }));
}

export function onSources(
  situation: Situation,
  selected: SourceSelector,
  change: (source: Source) => Source,
): Situation {
  return onShelves(situation, selected, (depot) => {
    const sources = replaced(depot.sources, (source) =>
      matches(selected.sourceId, source.sourceId) && matches(selected.kind, source.kind)
        ? change(source)
        : source,
    );
    return sources === depot.sources ? depot : {...depot, sources};
  });
}

export function onLanes(
  situation: Situation,
  selected: LaneSelector,
  change: (lane: Lane) => Lane,
): Situation {
  return onParts(situation, selected.partId, ({depots, lanes}) => ({
    depots,
    lanes: replaced(lanes, (lane) =>
      matches(selected.fromDepotId, lane.fromDepotId) &&
      matches(selected.toDepotId, lane.toDepotId) &&
      matches(selected.mode, lane.mode)
        ? change(lane)
        : lane,
    ),
  }));
}

interface Network {
  readonly depots: DepotSituation[];
  readonly lanes: Lane[];
}

function onParts(
  situation: Situation,
  partId: string | undefined,
  change: (network: Network) => Network,
): Situation {
  const over = <T extends Network>(network: T): T => {
    const {depots, lanes} = change(network);
    return depots === network.depots && lanes === network.lanes ? network : {...network, depots, lanes};
  };
  const own = matches(partId, situation.part.partId) ? over(situation) : situation;
  if (own.substitutes === undefined) return own;
  const substitutes = replaced(own.substitutes, (one) => (matches(partId, one.partId) ? over(one) : one));
  return substitutes === own.substitutes ? own : {...own, substitutes};
}

export function matches<T>(selector: T | undefined, value: T | null): boolean {
  return selector === undefined || selector === value;
}

/** The list with some members replaced; the very same list when none was. */
export function replaced<T>(list: T[], change: (one: T) => T): T[] {
  const next = list.map(change);
  return next.some((one, i) => one !== list[i]) ? next : list;
}

/** A field that holds a list, only when a member of it was replaced. */
export function mapped<K extends 'components' | 'needs' | 'planned'>(
  depot: DepotSituation,
  field: K,
  change: (one: NonNullable<DepotSituation[K]>[number]) => NonNullable<DepotSituation[K]>[number],
): Partial<DepotSituation> {
  const list = depot[field] as NonNullable<DepotSituation[K]>[number][] | undefined;
  if (list === undefined) return {};
  const next = replaced(list, change);
  return next === list ? {} : {[field]: next};
}

/** A shelf of which no member was replaced counts as not selected. */
function unlessEqual(depot: DepotSituation, next: DepotSituation): DepotSituation {
  const fields = Object.keys(next) as (keyof DepotSituation)[];
  const isSame =
    fields.length === Object.keys(depot).length && fields.every((field) => depot[field] === next[field]);
  return isSame ? depot : next;
}
