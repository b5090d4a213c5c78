import {seededGenerator, shuffle} from '../seeded.ts';
import type {LifeRow} from './life-rows.ts';

/** Each unit is in one part; a part is held back by two members, and stops one of them. */
export const PARTS = 10;

/** What one member learns from, by numbers of rows. */
export interface MemberRows {
  readonly teach: Uint32Array;
  /** Moments of other units that decide when to stop. */
  readonly stop: Uint32Array;
  /** Moments of all units that it was not taught. */
  readonly untaught: Uint32Array;
}

/** Deals the units at random into parts as even as can be: member i learns from all but parts i and i + 1, and the latter stops it. */
export function holdBack(rows: readonly LifeRow[], units: number, seed: number): MemberRows[] {
  const order = Uint32Array.from({length: units}, (_, unit) => unit);
  shuffle(order, seededGenerator(seed));
  const part = new Uint32Array(units);
  order.forEach((unit, nth) => (part[unit] = nth % PARTS));
  return Array.from({length: PARTS}, (_, member) => {
    const next = (member + 1) % PARTS;
    const untaught = ({unit}: LifeRow): boolean => part[unit] === member || part[unit] === next;
    return {
      teach: numbersOf(rows, (row) => !untaught(row)),
      stop: numbersOf(rows, (row) => row.drawn && part[row.unit] === next),
      untaught: numbersOf(rows, (row) => row.drawn && untaught(row)),
    };
  });
}

function numbersOf(rows: readonly LifeRow[], wanted: (row: LifeRow) => boolean): Uint32Array {
  return Uint32Array.from(rows.flatMap((row, number) => (wanted(row) ? [number] : [])));
}
