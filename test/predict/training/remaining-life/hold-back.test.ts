import {describe, expect, it} from 'vitest';
import {learnNormal} from '../../../../predict/core/remaining-life/normal-signals.ts';
import {PARTS, holdBack} from '../../../../predict/training/remaining-life/hold-back.ts';
import {HEARD_MIN, lifeRows} from '../../../../predict/training/remaining-life/life-rows.ts';
import {wearingFleet} from '../../wearing-fleet.ts';

const fleet = wearingFleet({units: 25, seed: 8});
const rows = lifeRows(fleet, learnNormal(fleet), 1);

describe('units that are held back', () => {
  it('B1 teach nothing to the members that they stop or measure, and each is measured by two', () => {
    const measured = new Map<number, number>();
    for (const {teach, stop, untaught} of holdBack(rows, fleet.length, 1)) {
      const units = (of: Uint32Array): Set<number> => new Set(Array.from(of, (row) => rows[row]!.unit));
      const taught = units(teach);
      for (const unit of [...units(stop), ...units(untaught)]) expect(taught.has(unit)).toBe(false);
      expect(taught.size + units(untaught).size).toBe(fleet.length);
      for (const unit of units(stop)) expect(units(untaught).has(unit)).toBe(true);
      for (const unit of units(untaught)) measured.set(unit, (measured.get(unit) ?? 0) + 1);
    }
    expect([...measured.values()]).toEqual(fleet.map(() => 2));
    expect(holdBack(rows, fleet.length, 1)).toHaveLength(PARTS);
  });

  it('B1 are known since new and as if they had joined mid-life', () => {
    const own = rows.filter(({unit}) => unit === 3);
    const longest = fleet[3]!.signals.length;
    const whole = own.filter(({sinceNew}) => sinceNew);
    const joined = own.filter(({sinceNew}) => !sinceNew);
    expect(Math.max(...whole.map(({left}) => left))).toBeGreaterThan(longest - HEARD_MIN - 15);
    expect(joined.length).toBeGreaterThan(0);
    for (const {left, drawn} of own) if (!drawn) expect(left % 5).toBe(0);
    expect(Math.min(...own.filter(({drawn}) => drawn).map(({left}) => left))).toBeGreaterThan(0);
  });
});
