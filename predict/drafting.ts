import type {EpochMs} from '../domain/time.ts';
import type {WindowEvent} from './core/feature-window.ts';
import type {Rung} from './core/ladder.ts';
import {draftsOf, heardInside} from './draft.ts';
import type {Draft} from './draft.ts';
import type {Point} from './due-points.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import type {Ladder} from './ladder.ts';
import type {Lineup} from './lineup.ts';
import type {LookBack, Stretch} from './look-back.ts';
import type {Installation} from './ports.ts';
import {windowAt} from './window.ts';

/** What the books say about the equipment of a run. */
export interface Known {
  readonly installations: ReadonlyMap<number, readonly Installation[]>;
  readonly events: ReadonlyMap<number, readonly WindowEvent[]>;
  /** Log sequence by partition. */
  readonly through: ReadonlyMap<number, number>;
}

interface DraftingPorts {
  readonly lineup: Lineup;
  readonly ladder: Ladder;
  readonly lookBack: LookBack;
  readonly equipment: {get(equipmentNo: number): CachedEquipment | undefined};
  readonly now: () => EpochMs;
  readonly digest: (text: string) => number;
}

type RungOf = (installed: Installation) => Rung | undefined;

/** What one run asks at its points: the champions of each machine's class, or who stands in for them, and beside them the shadows. */
export class Drafting {
  readonly #ports: DraftingPorts;
  readonly #known: Known;

  constructor(ports: DraftingPorts, known: Known) {
    this.#ports = ports;
    this.#known = known;
  }

  forecasts(points: readonly Point[]): Draft[] {
    return points.flatMap((point) => this.#forecasts(point));
  }

  /** Shadows are asked over the window that each was taught on, and nothing where age alone moves a forecast. */
  shadows(points: readonly Point[]): Draft[] {
    return points.flatMap((point) => (point.cause === 'age' ? [] : this.#shadows(point)));
  }

  #forecasts(point: Point): Draft[] {
    const {equipment, lineup, ladder, lookBack} = this.#ports;
    const cached = equipment.get(point.equipmentNo);
    if (cached === undefined) return [];
    const {equipmentClassId} = cached.master;
    const stretch = lookBack.ofForecasts(cached);
    const window = this.#window(cached, point, stretch);
    if ((point.cause === 'grid' || point.cause === 'late') && !heardInside(window)) return [];
    const champions = lineup.roles.champions(equipmentClassId);
    return this.#drafts(cached, {point, window, ...stretch, shadow: false}, (installed) =>
      ladder.rung(champions, equipmentClassId, installed, point.cause, window),
    );
  }

  #shadows(point: Point): Draft[] {
    const {equipment, lineup, ladder, lookBack} = this.#ports;
    const cached = equipment.get(point.equipmentNo);
    if (cached === undefined) return [];
    const {equipmentClassId} = cached.master;
    return lineup.roles.shadows(equipmentClassId).flatMap((model) => {
      const stretch = lookBack.ofModel(cached, model);
      const window = this.#window(cached, point, stretch);
      return this.#drafts(cached, {point, window, ...stretch, shadow: true}, (installed) =>
        ladder.shadowRung(model, equipmentClassId, installed, point.cause, window),
      );
    });
  }

  #window(cached: CachedEquipment, {equipmentNo, asOf}: Point, {windowMs, eventsMs}: Stretch) {
    return windowAt(cached, asOf, windowMs, this.#known.events.get(equipmentNo) ?? [], eventsMs);
  }

  #drafts(
    {master}: CachedEquipment,
    asked: Pick<Parameters<typeof draftsOf>[0], 'point' | 'window' | 'windowMs' | 'shadow'>,
    rungOf: RungOf,
  ): Draft[] {
    const {now, digest, lineup} = this.#ports;
    const {installations, through} = this.#known;
    const facts = {
      ...asked,
      issuedAt: now(),
      logSeqThrough: through.get(master.partitionNo) ?? 0,
      digest,
      backend: lineup.scorer.backend,
    };
    return draftsOf(facts, installations.get(asked.point.equipmentNo) ?? [], rungOf);
  }
}
