import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {coveredClasses} from './core/class-spec.ts';
import {gridAtOrBefore} from './core/grid.ts';
import {topRung} from './core/ladder.ts';
import type {Point} from './due-points.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import {LAST_WORD_MS} from './ladder.ts';
import type {Lineup} from './lineup.ts';
import type {Answering, StaleBefore, StaleComponent} from './ports.ts';

/** A component that nobody heard from still ages: its forecast by age is renewed after this long. */
const STALE_MS = 24 * HOUR_MS;
/** World time between two looks for stale forecasts, while the same models answer. */
const LOOK_MS = HOUR_MS;

/**
 * Where the look for forecasts that are to be renewed stands. It goes through the installed components page by page, on from where the
 * page before ended: those that nothing can forecast must not stand before the others for ever. When other models answer, it begins anew.
 */
export class RenewalLook {
  readonly #pageMax: number;
  #endedAt = -Infinity;
  /** The last component that an unfinished look has come to. */
  #after: StaleComponent | undefined;
  /** The models that answered when it began. */
  #answering = '';

  /** @param pageMax Components of one page at most. */
  constructor(pageMax: number) {
    this.#pageMax = pageMax;
  }

  /** What to look for now; null while the last look holds. */
  due(lineup: Lineup, now: EpochMs) {
    const answering = answeringOf(lineup);
    const key = JSON.stringify(answering);
    if (key !== this.#answering) {
      this.#answering = key;
      this.restart();
    }
    if (now - this.#endedAt < LOOK_MS) return null;
    const before: StaleBefore = {
      now,
      byAge: epochMs(now - STALE_MS),
      byModel: epochMs(now - LAST_WORD_MS),
      answering,
    };
    return {before, page: {max: this.#pageMax, after: this.#after}};
  }

  /** Takes note of a page that has been renewed. @returns whether there is more to look at. */
  ended(found: readonly StaleComponent[], now: EpochMs): boolean {
    const more = found.length === this.#pageMax;
    this.#after = more ? found.at(-1) : undefined;
    if (!more) this.#endedAt = now;
    return more;
  }

  /** From the first component on. */
  restart(): void {
    this.#after = undefined;
    this.#endedAt = -Infinity;
  }
}

/** Which champion answers at each place that one of them knows. */
function answeringOf({roles, scorer}: Lineup): Answering[] {
  const classes = new Set(scorer.models.flatMap(({spec}) => coveredClasses(spec)));
  return [...classes].flatMap((equipmentClassId) => {
    const champions = roles.champions(equipmentClassId);
    const places = champions.flatMap(({spec}) => spec.components);
    return places.flatMap(({positionId, classId}): Answering[] => {
      const place = {equipmentClassId, positionId, classId};
      const rung = topRung(undefined, champions, place);
      return rung === undefined ? [] : [{...place, modelVersionId: rung.modelVersionId}];
    });
  });
}

/** Where components are forecast again: at the instant whose word another model takes over, else by age at the newest grid point. */
export function renewalPoints(
  components: readonly StaleComponent[],
  equipment: {get(equipmentNo: number): CachedEquipment | undefined},
  now: EpochMs,
): {readonly points: readonly Point[]; readonly wanted: ReadonlySet<string>} {
  const points = new Map<string, Point>();
  const wanted = new Set<string>();
  for (const {equipmentNo, componentId, said} of components) {
    const gridMs = equipment.get(equipmentNo)?.master.gridMs;
    if (gridMs === undefined) continue;
    const at = said ?? {asOf: gridAtOrBefore(now, gridMs), cause: 'age' as const};
    points.set(`${equipmentNo}|${at.asOf}`, {equipmentNo, ...at});
    wanted.add(`${componentId}|${at.asOf}`);
  }
  return {points: [...points.values()], wanted};
}
