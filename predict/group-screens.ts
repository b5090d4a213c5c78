import {LRUCache} from 'lru-cache';
import type {Ppm} from '../domain/quantity.ts';
import {GroupScreen} from './core/group-screen.ts';
import {causeOf} from './newest.ts';
import type {GroupPart, Installation, PredictCommit, PredictStore} from './ports.ts';

/** Components remembered; a group beyond them is read again when one of its machines speaks. */
const COMPONENTS_MAX = 200_000;

type Current = PredictCommit['current'];
type Screened = Pick<PredictCommit, 'signals' | 'told'>;

/**
 * The groups' failures to come, as far as this process follows their machines: probabilities that move together, each too little to be
 * told, are told together. A partition's machines count apart, for another process may follow the others.
 */
export class GroupScreens {
  readonly #store: Pick<PredictStore, 'groupForecasts'>;
  readonly #screens = new LRUCache<string, GroupScreen>({
    maxSize: COMPONENTS_MAX,
    sizeCalculation: ({size}) => Math.min(COMPONENTS_MAX, Math.max(1, size)),
  });

  constructor(store: Pick<PredictStore, 'groupForecasts'>) {
    this.#store = store;
  }

  /** Drops what is remembered: it is out of date, or may not have been committed. */
  clear(): void {
    this.#screens.clear();
  }

  /**
   * Takes the newest forecasts in. Returns a signal for each group that has moved as a whole and is not looked at anyway, and the
   * components that are told by it.
   *
   * @param materialPpm Change of P(more than k fail) that is told.
   */
  async screen(
    current: Current,
    materialPpm: Ppm,
    installations: readonly Installation[],
    partitionOf: (equipmentNo: number) => number,
    looking: ReadonlySet<string>,
  ): Promise<Screened> {
    const partOf = ({equipmentNo, groupId}: Installation): GroupPart => ({
      groupId,
      partitionNo: partitionOf(equipmentNo),
    });
    for (const one of installations) {
      // What is read from the tables holds installed components only.
      if (one.removedAt !== Infinity) this.#screens.get(keyOf(partOf(one)))?.drop(one.componentId);
    }
    const installed = new Map(
      installations.filter((one) => one.removedAt === Infinity).map((one) => [one.componentId, one]),
    );
    const screens = await this.#load(
      current.map(({forecast}) => partOf(installed.get(forecast.componentId)!)),
    );
    const lastOf = new Map<string, Current[number]['forecast']>();
    for (const {forecast, signalledPpm} of current) {
      const key = keyOf(partOf(installed.get(forecast.componentId)!));
      screens.get(key)!.set(forecast.componentId, byTheEnd(forecast.cumulativePpm), byTheEnd(signalledPpm));
      lastOf.set(key, forecast);
    }
    const signals: Screened['signals'][number][] = [];
    const told: string[] = [];
    for (const [key, forecast] of lastOf) {
      const screen = screens.get(key)!;
      const {groupId} = installed.get(forecast.componentId)!;
      if (!looking.has(groupId) && screen.moved >= materialPpm / 1e6) {
        signals.push({groupId, causeKind: 'forecasts', causeRef: causeOf(forecast)});
        told.push(...screen.tell());
      }
      this.#screens.set(key, screen); // its size may have changed
    }
    return {signals, told};
  }

  /** The screens asked for, read from the tables where they are not remembered. */
  async #load(parts: readonly GroupPart[]): Promise<ReadonlyMap<string, GroupScreen>> {
    const wanted = new Map(parts.map((part) => [keyOf(part), part]));
    const screens = new Map<string, GroupScreen>();
    const missing: GroupPart[] = [];
    for (const [key, part] of wanted) {
      const known = this.#screens.get(key);
      if (known === undefined) missing.push(part);
      screens.set(key, known ?? new GroupScreen());
    }
    if (missing.length === 0) return screens;
    for (const {componentId, cumulativePpm, signalledPpm, ...part} of await this.#store.groupForecasts(
      missing,
    )) {
      screens.get(keyOf(part))!.set(componentId, byTheEnd(cumulativePpm), byTheEnd(signalledPpm));
    }
    return screens;
  }
}

function keyOf({groupId, partitionNo}: GroupPart): string {
  return `${partitionNo}|${groupId}`;
}

/** P(failure within the longest horizon). */
function byTheEnd(curve: readonly Ppm[]): number {
  return (curve.at(-1) ?? 0) / 1e6;
}
