import type {Foresight} from './foresight.ts';
import type {Books} from './books.ts';
import type {Level} from './level-policy.ts';
import type {PartWorld} from './part-world.ts';
import {baseStock, costOf, ruleLevels, tunedBaseStock, type Alarms, type Trial} from './tuned-levels.ts';

/** What ours is compared with, each at its best on the tuning seeds. */
export interface TunedLevels {
  readonly baseStock: ReadonlyMap<string, Level>;
  readonly minMax: ReadonlyMap<string, Level>;
  readonly perAlarm: ReadonlyMap<string, Level>;
}

/** Services that a planner may choose for min/max. */
const SERVICES = [0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999];

export function tuneLevels(
  world: PartWorld,
  opening: ReadonlyMap<string, number>,
  rates: ReadonlyMap<string, number>,
  trials: readonly (Trial & {readonly foresight: Foresight | null})[],
): TunedLevels {
  const rules = SERVICES.map((service) => ruleLevels(world, rates, service));
  const costs = rules.map((levels) => costOf(world, opening, trials, levels));
  const minMax = rules[costs.indexOf(Math.min(...costs))]!;
  const start = new Map([...ruleLevels(world, rates, 0.99)].map(([depotId, {min}]) => [depotId, min]));
  const tuned = tunedBaseStock(world, opening, trials, start);
  const heard = trials.flatMap(({foresight, ...trial}) =>
    foresight === null ? [] : [{...trial, alarms: alarmsOf(foresight)}],
  );
  const perAlarm = heard.length === 0 ? tuned : tunedBaseStock(world, opening, heard, tuned);
  return {baseStock: baseStock(tuned), minMax, perAlarm: baseStock(perAlarm)};
}

/** A machine is on alarm while its forecast gives it no better than even chances over the next week. */
const ALARM_PPM = 500_000;
const ALARM_HORIZON = 2; // 168 h

/** One piece more for every machine on alarm: at its depot, and in the level of the whole network. */
export function alarmsOf({risksAt, looksAt}: Foresight): Alarms {
  let at = -1;
  let open = new Map<string, number>();
  return {
    looksAt,
    openAt(depotId: string, {now, world}: Books) {
      if (now !== at) {
        open = new Map();
        for (const [servedFrom, risks] of risksAt(now)) {
          const count = risks.filter(
            ({cumulativePpm}) => (cumulativePpm[ALARM_HORIZON] ?? 0) >= ALARM_PPM,
          ).length;
          open.set(servedFrom, count);
          open.set(world.centralId, (open.get(world.centralId) ?? 0) + count);
        }
        at = now;
      }
      return open.get(depotId) ?? 0;
    },
  };
}
