import {HOUR_MS, YEAR_DAYS, epochMs, type EpochMs} from '../../../domain/time.ts';
import type {ComponentLife} from '../../../simulator/history.ts';
import {streamOf} from '../../../simulator/random.ts';
import {Timeline, type MachineSpec} from '../../../simulator/timeline.ts';
import type {PartWorld} from './part-world.ts';

/** One piece asked for at a depot. */
export interface Demand {
  readonly at: EpochMs;
  readonly depotId: string;
  /** Null: a machine without telemetry. */
  readonly equipmentId: string | null;
  readonly componentId: string | null;
  readonly shortageMinorPerH: number;
}

/** What every machine goes through under one seed, by equipment id. */
export type Lives = ReadonlyMap<string, readonly ComponentLife[]>;

/**
 * The same machines live another life under every seed. Repairs take the hours fated for them, whatever a policy does: two
 * policies meet the very same failures.
 */
export function livesOf(specs: readonly MachineSpec[], seed: number, to: EpochMs): Lives {
  return new Map(
    specs.map((spec) => {
      const timeline = new Timeline(seed, spec);
      timeline.advance(to);
      return [spec.equipmentId, timeline.livesAt(to)];
    }),
  );
}

/** Everything asked for of a part in (from, to], oldest first: failures of monitored machines, and a Poisson process for the others. */
export function demandsOf(
  world: PartWorld,
  lives: Lives,
  seed: number,
  from: EpochMs,
  to: EpochMs,
): Demand[] {
  const failures = world.positions.flatMap(({equipmentId, positionId, depotId, shortageMinorPerH}) =>
    lives
      .get(equipmentId)!
      .filter((life) => life.positionId === positionId && life.end === 'failure')
      .flatMap(({endedAt, componentId}): Demand[] =>
        endedAt! > from && endedAt! <= to
          ? [{at: endedAt!, depotId, equipmentId, componentId, shortageMinorPerH}]
          : [],
      ),
  );
  const others = world.sites.flatMap(({depotId, backgroundPerYear, shortageMinorPerH}) => {
    const random = streamOf(seed, 'closed-loop-background', world.partId, depotId);
    const gapMs = (YEAR_DAYS * 24 * HOUR_MS) / backgroundPerYear;
    const demands: Demand[] = [];
    let at: number = from;
    while (backgroundPerYear > 0 && (at += random.exponential(gapMs)) <= to)
      demands.push({at: epochMs(at), depotId, equipmentId: null, componentId: null, shortageMinorPerH});
    return demands;
  });
  return [...failures, ...others].sort((a, b) => a.at - b.at || (a.depotId < b.depotId ? -1 : 1));
}
