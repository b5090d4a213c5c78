import {describe, expect, it} from 'vitest';
import {steadied} from '../../console/web/src/ui/steady-rows.ts';
import type {Follow, Shown} from '../../console/web/src/ui/steady-rows.ts';

interface Row {
  readonly id: string;
  readonly alertId?: string;
  readonly text?: string;
}

const follow: Follow<Row> = {
  id: ({id}) => id,
  alias: ({alertId}) => alertId ?? null,
  wasLookedFor: () => true,
};
const rows = (...ids: string[]): Row[] => ids.map((id) => ({id}));
const shown = (...ids: string[]): Shown<Row>[] => rows(...ids).map((row) => ({row, isGone: false}));
const ids = (of: readonly Shown<Row>[]): string[] =>
  of.map(({row, isGone}) => row.id + (isGone ? ' gone' : ''));

describe('steady rows', () => {
  it('keeps rows where they are; new ones among them wait, new ones behind them are added', () => {
    const {rows: now, held} = steadied(shown('b', 'd'), rows('a', 'b', 'c', 'e'), follow);
    expect(ids(now)).toEqual(['b', 'd gone', 'c', 'e']);
    expect(held).toEqual(rows('a'));
  });

  it('shows everything when nothing was shown, in the order of the service', () => {
    expect(ids(steadied([], rows('a', 'b'), follow).rows)).toEqual(['a', 'b']);
  });

  it('does not move a row that the service ranks elsewhere now, and says what is said of it now', () => {
    const fresh = [{id: 'b', text: 'new'}, {id: 'a'}];
    const {rows: now, held} = steadied(shown('a', 'b'), fresh, follow);
    expect(now.map(({row}) => row)).toEqual([{id: 'a'}, {id: 'b', text: 'new'}]);
    expect(held).toEqual([]);
  });

  it('follows a risk that gets a proposal by its alert', () => {
    const before = [{row: {id: 'alert', alertId: 'alert'}, isGone: false}];
    const {rows: now} = steadied(before, [{id: 'proposal', alertId: 'alert'}], follow);
    expect(ids(now)).toEqual(['proposal']);
  });

  it('does not call a row gone that may lie on a page that was not read', () => {
    const {rows: now} = steadied(shown('a', 'z'), rows('a'), {...follow, wasLookedFor: () => false});
    expect(ids(now)).toEqual(['a', 'z']);
  });

  it('adds no more than the first rows of the service', () => {
    expect(ids(steadied([], rows('a', 'b', 'c'), follow, 2).rows)).toEqual(['a', 'b']);
    const {rows: now, held} = steadied(shown('b', 'c'), rows('a', 'b', 'c', 'd'), follow, 2);
    expect(ids(now)).toEqual(['b', 'c']);
    expect(held).toEqual(rows('a'));
  });
});
