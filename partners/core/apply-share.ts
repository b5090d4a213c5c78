import {groupBy as groupsOf} from '../../domain/group-by.ts';
import type {DataShare} from './data-share.ts';
import {sharedKind} from './shared-data.ts';
import type {SharedData} from './shared-data.ts';

/** A row as the API writes it. */
export type SharedRow = Readonly<Record<string, unknown>>;

/** How many stand behind a row that was added up. */
const COUNT = 'behind';
const OTHER = 'other';

type Terms = Pick<DataShare, 'fields' | 'groupBy' | 'groupMin' | 'smallGroups'>;
type PseudonymOf = (value: string) => string;

/** Fields that a party is sent, in the order of the catalogue. */
export function sharedFields(data: SharedData, share: Terms | null): readonly string[] {
  const {own, more, sums} = sharedKind(data);
  if (share === null) return own;
  const granted = more.filter((name) => Object.hasOwn(share.fields, name));
  if (share.groupBy === null) return [...own, ...granted];
  return [...granted.filter((name) => share.groupBy!.includes(name) || sums.includes(name)), COUNT];
}

/**
 * What a party is sent of some rows, at the API, in a file, on the bus and in a notice alike (K4): its own fields, and what a share grants,
 * masked and added up as was agreed. A field that nobody granted is absent.
 *
 * Example: stock by depot, at least 2 behind a row: HAM 3 and 4 pieces, LYS 5, WAW 1 → {HAM, 7, behind 2}, {other, 6, behind 2}.
 *
 * @param pseudonymOf  The same for the same text and party, and different for another party.
 */
export function applyShare(
  data: SharedData,
  share: Terms | null,
  rows: readonly SharedRow[],
  pseudonymOf: PseudonymOf,
): readonly SharedRow[] {
  if (share !== null && share.groupBy !== null)
    return addedUp(data, {...share, groupBy: share.groupBy}, rows, pseudonymOf);
  const fields = sharedFields(data, share);
  return rows.map((row) =>
    Object.fromEntries(
      fields
        .filter((name) => name in row)
        .map((name) => [name, share?.fields[name] === 'masked' ? masked(row[name], pseudonymOf) : row[name]]),
    ),
  );
}

/**
 * A text as a pseudonym, a number to one digit, an instant to its day in UTC; whatever else as null.
 *
 * Example: 'DEPOT-7' → 'x-9c1f2a7d03'; 1,234 → 1,000; '2026-01-05T06:12:00.000Z' → '2026-01-05T00:00:00.000Z'.
 */
function masked(value: unknown, pseudonymOf: PseudonymOf): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(1));
  if (typeof value !== 'string') return null;
  return /^\d{4}-\d\d-\d\dT/.test(value) ? `${value.slice(0, 10)}T00:00:00.000Z` : pseudonymOf(value);
}

interface Group {
  readonly by: readonly unknown[];
  readonly sums: readonly number[];
  readonly behind: number;
}

function addedUp(
  data: SharedData,
  share: Terms & {readonly groupBy: readonly string[]},
  rows: readonly SharedRow[],
  pseudonymOf: PseudonymOf,
): readonly SharedRow[] {
  const kind = sharedKind(data);
  const sums = kind.sums.filter((name) => Object.hasOwn(share.fields, name));
  const numberIn = (row: SharedRow, name: string): number => Number(row[name] ?? 0);
  const groups = [
    ...groupsOf(rows, (row) => JSON.stringify(share.groupBy.map((name) => row[name]))).values(),
  ].map((of): Group => ({
    by: share.groupBy.map((name) => of[0]![name]),
    sums: sums.map((name) => of.reduce((sum, row) => sum + numberIn(row, name), 0)),
    behind: of.reduce((sum, row) => sum + (kind.behind === null ? 1 : numberIn(row, kind.behind)), 0),
  }));
  const shown = (name: string, value: unknown): unknown =>
    share.fields[name] === 'masked' ? masked(value, pseudonymOf) : value;
  const rowOf = ({by, sums: totals, behind}: Group, name: (at: number) => unknown): SharedRow => ({
    ...Object.fromEntries(by.map((_, at) => [share.groupBy[at]!, name(at)])),
    ...Object.fromEntries(sums.map((field, at) => [field, shown(field, totals[at])])),
    [COUNT]: behind,
  });
  const {kept, other} = aboveFloor(groups, share);
  return [
    ...kept.map((group) => rowOf(group, (at) => shown(share.groupBy[at]!, group.by[at]))),
    ...(other === null ? [] : [rowOf(other, () => OTHER)]),
  ];
}

/**
 * Groups with enough behind them, and all smaller ones as one. Where that one is too small itself, the smallest of the others goes into it:
 * else the total would give it away. No group and no rest is ever smaller than the floor.
 *
 * Source: the floor is k of k-anonymity (Sweeney 2002); merging another group, complementary suppression (Cox 1980).
 * Example: 6, 5, 2 with floor 5 → 6 and other 7; 6, 2 → other 8; 4 alone → nothing.
 */
function aboveFloor(
  groups: readonly Group[],
  {groupMin, smallGroups}: Pick<Terms, 'groupMin' | 'smallGroups'>,
): {readonly kept: readonly Group[]; readonly other: Group | null} {
  const kept = groups.filter(({behind}) => behind >= groupMin);
  const small = groups.filter(({behind}) => behind < groupMin);
  if (small.length === 0 || smallGroups === 'leave-out') return {kept, other: null};
  const merged = [...small];
  const bySize = kept
    .map((group, at) => ({group, at}))
    .sort((a, b) => a.group.behind - b.group.behind || a.at - b.at);
  const behindOf = (of: readonly Group[]): number => of.reduce((sum, {behind}) => sum + behind, 0);
  while (behindOf(merged) < groupMin && bySize.length > 0) merged.push(bySize.shift()!.group);
  if (behindOf(merged) < groupMin) return {kept: [], other: null};
  const sums = merged[0]!.sums.map((_, at) => merged.reduce((sum, group) => sum + group.sums[at]!, 0));
  return {
    kept: kept.filter((group) => !merged.includes(group)),
    other: {by: merged[0]!.by, sums, behind: behindOf(merged)},
  };
}
