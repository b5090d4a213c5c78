import {describe, expect, it} from 'vitest';
import {HOUR_MS} from '../../../domain/time.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import {describeClass} from '../../../predict/training/describe-class.ts';
import {headRows} from '../../../predict/training/head-rows.ts';
import {rowsOf} from '../../../predict/training/row-table.ts';
import {FLEET_START, visitedFleet} from '../visited-fleet.ts';

/** Machines that are watched for 40 days at 3-hour intervals, and visited every 10. */
const machines = visitedFleet({machines: 4, days: 40, everyH: 240, jitterH: 0, seed: 3});
const plain = describeClass(
  {equipmentClassId: 'visited', gridH: 3, windowH: 48, signals: []},
  machines,
  Infinity,
);
const visited: ClassSpec = {
  ...plain,
  visits: {everyH: 240, deviationsH: [0], signsH: 48, offCalendarPerH: [0, 0, 0, 0]},
};
/** Hours of the records until the first visit that left a record, of all machines. */
const unknownH = machines.reduce((sum, {events}) => sum + (events[0]!.at - FLEET_START) / HOUR_MS, 0);

describe('rows that teach hazards', () => {
  it('B1 are those of every interval while the phase is unknown, as many of them as hazards will be asked about', () => {
    const rows = rowsOf(headRows(machines, visited, {issuedAfterH: 0}).get('hazards')!);
    const dense = rows.filter(({weight}) => weight === 3);
    expect(dense).toHaveLength(4 * (unknownH / 3));
    expect(dense.length).toBeGreaterThan(40);
  });

  it('B1 are thin where a calendar answers, and count a quarter of the hours between them', () => {
    const rows = rowsOf(headRows(machines, visited, {issuedAfterH: 0}).get('hazards')!);
    const [unknown, known] = [true, false].map((isUnknown) =>
      rows
        .filter(({weight}) => (weight === 3) === isUnknown)
        .reduce((hours, {weight}) => hours + weight / 4, 0),
    );
    expect(unknown).toBe(unknownH);
    expect(Math.abs(known! * 4 + unknownH - machines.length * 40 * 24)).toBeLessThan(machines.length * 72);
    expect(new Set(rows.map(({weight}) => weight))).toEqual(new Set([3, 6 / 4, 72 / 4]));
  });

  it('B1 without a calendar are one in three days, and two a day in the weeks before failures', () => {
    const rows = rowsOf(headRows(machines, plain, {issuedAfterH: 0}).get('hazards')!);
    expect(new Set(rows.map(({weight}) => weight))).toEqual(new Set([12, 72]));
  });
});
