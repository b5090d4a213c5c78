import {YEAR_DAYS} from '../../../domain/time.ts';
import type {PlannedPart} from './network-plan.ts';
import type {Situation} from '../decision/situation.ts';

export const CRITICALITIES = ['A', 'B', 'C'] as const;
export type CriticalityClass = (typeof CRITICALITIES)[number];

/** What a class is derived from. */
export interface CriticalityReason {
  /** Pieces asked for, over all depots. */
  readonly perYear: number;
  /** What an hour without a piece costs: downtime and contract penalty of the machines that ask for it. */
  readonly shortageMinorPerH: number;
  /** Machines with a position that asks for it. */
  readonly machines: number;
  /** perYear · shortageMinorPerH: what an hour's delay of every piece of a year would cost. */
  readonly exposureMinor: number;
  /** Of the exposure of all parts, what parts with more of it have together. */
  readonly aheadShare: number;
  /** An approved substitute does its work: one class lower. */
  readonly hasSubstitute: boolean;
}

export type Exposure = Omit<CriticalityReason, 'aheadShare'>;

/** Shares of the whole exposure that end class A and class B. */
const A_UP_TO = 0.8;
const B_UP_TO = 0.95;

/** How much depends on a part, from the situation that decisions see. */
export function exposureOf(situation: Situation, {depots, shortageMinorPerH}: PlannedPart): Exposure {
  const perYear = YEAR_DAYS * depots.reduce((sum, {ratePerDay}) => sum + ratePerDay, 0);
  const machines = new Set(
    situation.depots.flatMap(({components}) => components.map(({equipmentId}) => equipmentId)),
  );
  return {
    perYear,
    shortageMinorPerH,
    machines: machines.size,
    exposureMinor: Math.round(perYear * shortageMinorPerH),
    hasSubstitute: (situation.substitutes ?? []).length > 0,
  };
}

/**
 * Classes of all parts by their exposure, the largest first: A until 80 % of the whole are ahead, B until 95 %, then C. A part that nobody
 * asks for is C, and one with an approved substitute a class lower. Equal parts are taken by id.
 *
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, ch. 2 (ABC classification by the share of
 * the whole), with what waiting costs in place of usage value.
 * Example: exposures 70, 20, 8 and 2 → A, A (70 % ahead), B (90 % ahead), C (98 % ahead).
 */
export function criticalities(
  parts: readonly {readonly partId: string; readonly exposure: Exposure}[],
): ReadonlyMap<string, {readonly criticality: CriticalityClass; readonly reason: CriticalityReason}> {
  const whole = parts.reduce((sum, {exposure}) => sum + exposure.exposureMinor, 0);
  const ranked = [...parts].sort(
    (a, b) => b.exposure.exposureMinor - a.exposure.exposureMinor || (a.partId < b.partId ? -1 : 1),
  );
  let ahead = 0;
  return new Map(
    ranked.map(({partId, exposure}) => {
      const aheadShare = whole === 0 ? 0 : ahead / whole;
      ahead += exposure.exposureMinor;
      const rank = exposure.exposureMinor === 0 ? 2 : aheadShare < A_UP_TO ? 0 : aheadShare < B_UP_TO ? 1 : 2;
      const criticality = CRITICALITIES[Math.min(2, rank + (exposure.hasSubstitute ? 1 : 0))]!;
      return [partId, {criticality, reason: {...exposure, aheadShare}}];
    }),
  );
}
