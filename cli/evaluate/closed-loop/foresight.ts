import {HORIZONS_H} from '../../../domain/forecast.ts';
import {HOUR_MS, epochMs, type EpochMs} from '../../../domain/time.ts';
import {ageRung, type Rung} from '../../../predict/core/ladder.ts';
import {movedMaterially} from '../../../predict/core/material.ts';
import {ageCurve, tailHazardPpbPerH} from '../../../predict/core/survival-curve.ts';
import {DEFAULT_TUNING} from '../../../predict/core/tuning.ts';
import type {RiskyComponent} from '../../../replenish/core/decision/situation.ts';
import {COMPONENT_CLASSES} from '../../../simulator/equipment-classes.ts';
import type {ComponentLife} from '../../../simulator/history.ts';
import type {Lives} from './demand-stream.ts';
import {HORIZONS, gridPoints, trackKey, type Grid, type Tracks} from './model-scores.ts';
import type {PartWorld, Position} from './part-world.ts';

/** What a policy may know about failures to come. */
export interface Foresight {
  /** Forecasts of the running components that a depot serves, sorted by component. */
  readonly risksAt: (at: EpochMs) => ReadonlyMap<string, readonly RiskyComponent[]>;
  /** Demand that no forecast stands for, pieces a year. */
  readonly backgroundPerYear: (depotId: string) => number;
  /** Instants at which the picture has moved enough to look at the stock again. */
  readonly looksAt: readonly EpochMs[];
}

/** A component at one instant: its forecast's instant and curve. */
interface Known {
  readonly asOf: EpochMs;
  readonly method: 'model' | 'weibull-age' | 'base-rate';
  readonly cumulativePpm: readonly number[];
  readonly tailHazardPpbPerH: number;
}

/**
 * The age law of a part's component class, from the ladder that predicts: fitted to the lives of the installed base until `at`,
 * or from master data where fewer than ten have failed.
 */
export function ageLaw(world: PartWorld, lives: Lives, at: EpochMs): Rung {
  const {shape, scaleH} = COMPONENT_CLASSES[world.componentClassId]!;
  const known = world.positions.flatMap(({equipmentId, positionId}) =>
    lives
      .get(equipmentId)!
      .filter((life) => life.positionId === positionId && life.installedAt < at)
      .map((life) => ({
        endAgeH: (Math.min(life.endedAt ?? Infinity, at) - life.installedAt) / HOUR_MS,
        failed: life.end === 'failure' && life.endedAt! <= at,
      })),
  );
  const rung = ageRung({
    classId: world.componentClassId,
    lives: known,
    weibullShape: shape,
    weibullScaleH: scaleH,
  });
  if (!rung.ok) throw new RangeError(rung.detail);
  return rung.value;
}

/** Forecasts as predict makes them: the model's on the grid, by age where there is none; without tracks by age alone. */
export function forecasts(
  world: PartWorld,
  lives: Lives,
  grid: Grid,
  law: Rung,
  tracks: Tracks | null,
): Foresight {
  const positions = world.positions.map((position) => ({
    position,
    lives: lives.get(position.equipmentId)!.filter(({positionId}) => positionId === position.positionId),
    track: tracks?.get(trackKey(position.equipmentId, position.positionId)) ?? null,
  }));
  const knownAt = (
    {lives: own, track}: (typeof positions)[number],
    at: EpochMs,
  ): [ComponentLife, Known] | null => {
    const life = own.find(
      ({installedAt, endedAt}) => installedAt <= at && (endedAt === null || endedAt > at),
    );
    if (life === undefined) return null;
    const point = Math.floor((at - grid.from) / grid.gridMs);
    const asOf = epochMs(grid.from + point * grid.gridMs);
    const onGrid = asOf >= life.installedAt;
    const ageH = ((onGrid ? asOf : life.installedAt) - life.installedAt) / HOUR_MS;
    const tail = tailHazardPpbPerH(law.law, ageH);
    if (onGrid && track !== null && track[point * HORIZONS]! >= 0) {
      const cumulativePpm = [...track.subarray(point * HORIZONS, (point + 1) * HORIZONS)];
      return [life, {asOf, method: 'model', cumulativePpm, tailHazardPpbPerH: tail}];
    }
    const curve = ageCurve(law.law, ageH);
    const method = law.method === 'base-rate' ? 'base-rate' : 'weibull-age';
    return [life, {asOf: onGrid ? asOf : life.installedAt, method, ...curve}];
  };
  const background = new Map(world.sites.map((site) => [site.depotId, site.backgroundPerYear]));
  return {
    risksAt: (at) =>
      byDepot(
        positions.flatMap((one) => {
          const known = knownAt(one, at);
          return known === null ? [] : [[one.position, riskyComponent(one.position, ...known)] as const];
        }),
      ),
    backgroundPerYear: (depotId) => background.get(depotId)!,
    looksAt: materialMoves(grid, positions, knownAt),
  };
}

/** Grid points at which some forecast differs from the one last told by as much as predict finds worth telling. */
function materialMoves<P>(
  grid: Grid,
  positions: readonly P[],
  knownAt: (position: P, at: EpochMs) => [ComponentLife, Known] | null,
): EpochMs[] {
  const told = new Map<string, readonly number[]>();
  const moves: EpochMs[] = [];
  for (let point = 0; point < gridPoints(grid); point += 1) {
    const at = epochMs(grid.from + point * grid.gridMs);
    let moved = false;
    for (const position of positions) {
      const known = knownAt(position, at);
      if (known === null) continue;
      const [{componentId}, {cumulativePpm}] = known;
      if (!movedMaterially(told.get(componentId), cumulativePpm, DEFAULT_TUNING.materialPpm)) continue;
      told.set(componentId, cumulativePpm);
      moved = true;
    }
    if (moved) moves.push(at);
  }
  return moves;
}

function riskyComponent(position: Position, life: ComponentLife, known: Known): RiskyComponent {
  return {
    componentId: life.componentId,
    equipmentId: position.equipmentId,
    positionId: position.positionId,
    quantity: 1,
    revision: 0,
    modelVersion: known.method,
    horizonsH: [...HORIZONS_H],
    ...known,
    cumulativePpm: [...known.cumulativePpm],
    shortageMinorPerH: position.shortageMinorPerH,
    topSignals: [],
  };
}

export function byDepot(
  risks: readonly (readonly [{readonly depotId: string}, RiskyComponent])[],
): Map<string, RiskyComponent[]> {
  const found = new Map<string, RiskyComponent[]>();
  for (const [{depotId}, risk] of risks) {
    const at = found.get(depotId);
    if (at) at.push(risk);
    else found.set(depotId, [risk]);
  }
  for (const at of found.values()) at.sort((a, b) => (a.componentId < b.componentId ? -1 : 1));
  return found;
}
