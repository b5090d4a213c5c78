/** A row on the screen, and whether the service still has it. */
export interface Shown<Row> {
  readonly row: Row;
  readonly isGone: boolean;
}

/** How rows of a list are told apart and followed. */
export interface Follow<Row> {
  readonly id: (row: Row) => string;
  /** What stays when the id changes: a risk that gets a proposal is the same row. */
  readonly alias: (row: Row) => string | null;
  /** False for a row that may lie on a page that was not read: nobody knows whether it is gone. */
  readonly wasLookedFor: (row: Row) => boolean;
}

/**
 * The rows to show once the service has answered anew: those on the screen stay where they are, with what is said of them now; what is new
 * behind them is added; what is new among them waits until the user wants it. So nothing moves under the pointer.
 *
 * Example: shown b, d; the service says a, b, c, e → b, d (gone), c, e are shown and a waits.
 *
 * @param most Of the fresh rows only so many, from the first, are looked at for new ones.
 */
export function steadied<Row>(
  shown: readonly Shown<Row>[],
  fresh: readonly Row[],
  {id, alias, wasLookedFor}: Follow<Row>,
  most = Infinity,
): {readonly rows: readonly Shown<Row>[]; readonly held: readonly Row[]} {
  const placeOf = new Map<string, number>();
  fresh.forEach((row, place) => {
    placeOf.set(id(row), place);
    const other = alias(row);
    if (other !== null) placeOf.set(other, place);
  });
  const taken = new Set<number>();
  const kept = shown.map(({row, isGone}) => {
    const place = placeOf.get(id(row)) ?? placeOf.get(alias(row) ?? '');
    if (place === undefined || taken.has(place)) return {row, isGone: isGone || wasLookedFor(row)};
    taken.add(place);
    return {row: fresh[place]!, isGone: false};
  });
  const last = Math.max(-1, ...taken);
  const news = fresh.flatMap((row, place) => (taken.has(place) || place >= most ? [] : [{row, place}]));
  const added = news.filter(({place}) => place > last).map(({row}) => ({row, isGone: false}));
  return {rows: [...kept, ...added], held: news.filter(({place}) => place < last).map(({row}) => row)};
}
