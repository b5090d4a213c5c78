import type {RunHistory} from '../../predict/core/remaining-life/run-history.ts';
import {seededGenerator} from '../../predict/training/seeded.ts';

/**
 * Units that run to failure in one operating condition or up to six: signal 0 rises with wear, signal 1 falls, 2 is noise, 3 stands still.
 * Wear is (age / life)³ and noise about a tenth of it at the end.
 */
export function wearingFleet({
  units,
  seed,
  conditions = 2,
}: {
  readonly units: number;
  readonly seed: number;
  readonly conditions?: 1 | 2 | 6;
}): RunHistory[] {
  const random = seededGenerator(seed);
  const noise = (): number => random() + random() - 1;
  return Array.from({length: units}, (_, unit) => {
    const life = 70 + Math.floor(40 * random());
    const settings: Float64Array[] = [];
    const signals: Float64Array[] = [];
    for (let cycle = 1; cycle <= life; cycle += 1) {
      const condition = conditions - 1 - Math.floor(random() * conditions);
      const wear = (cycle / life) ** 3;
      settings.push(Float64Array.of(35 * condition + 0.01 * random()));
      const base = 600 - 200 * condition;
      signals.push(
        Float64Array.of(base + 10 * wear + noise(), base - 20 * wear + 2 * noise(), base + noise(), 7),
      );
    }
    return {unit: String(unit + 1), sinceNew: true, settings, signals};
  });
}
