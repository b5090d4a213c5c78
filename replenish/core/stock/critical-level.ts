import {invariant} from '../../../domain/invariant.ts';

/** Two customer classes served from one base stock; unserved demand is met by emergency supply. One time unit throughout. */
export interface TwoClassSituation {
  readonly baseStock: number;
  readonly premiumRate: number;
  readonly standardRate: number;
  /** Mean replenishment time, exponential; one replenishment a unit, in parallel. */
  readonly leadTime: number;
  /** Per piece on hand and time unit. */
  readonly holdingCost: number;
  readonly premiumEmergencyCost: number;
  readonly standardEmergencyCost: number;
}

export interface CriticalLevelPerformance {
  readonly level: number;
  readonly premiumFill: number;
  readonly standardFill: number;
  readonly meanOnHand: number;
  /** Per time unit. */
  readonly cost: number;
}

/**
 * Serving standard customers only while more than `level` pieces are on hand. Stock on hand is a birth-death process:
 * up at (S − x) / L, down at both rates above the level and at the premium rate up to it. What does not suffice is shared out line by line by the
 * books (network/core/share-out.ts); the comparison of policies says what keeping pieces back would save.
 *
 * Source: Dekker, Hill, Kleijn & Teunter (2002), On the (S − 1, S) lost sales inventory model with priority demand classes, Naval
 * Research Logistics 49(6). Example: S 3, rates 0.1 and 0.2, L 10, holding 1, emergencies 400 and 50, level 1 → premium
 * fill 0.85, standard fill 0.40, cost 13.35.
 */
export function criticalLevelPerformance(
  situation: TwoClassSituation,
  level: number,
): CriticalLevelPerformance {
  const {baseStock, premiumRate, standardRate, leadTime} = situation;
  invariant(
    Number.isInteger(level) && level >= 0 && level <= baseStock,
    'a critical level is within 0..base stock',
  );
  const weight = new Float64Array(baseStock + 1);
  weight[baseStock] = 1;
  for (let onHand = baseStock; onHand > 0; onHand -= 1) {
    const down = premiumRate + (onHand > level ? standardRate : 0);
    weight[onHand - 1] = (weight[onHand]! * down * leadTime) / (baseStock - onHand + 1);
  }
  const total = weight.reduce((sum, w) => sum + w, 0);
  let meanOnHand = 0;
  let standardFill = 0;
  weight.forEach((w, onHand) => {
    meanOnHand += (onHand * w) / total;
    if (onHand > level) standardFill += w / total;
  });
  const premiumFill = 1 - weight[0]! / total;
  const cost =
    situation.holdingCost * meanOnHand +
    premiumRate * (1 - premiumFill) * situation.premiumEmergencyCost +
    standardRate * (1 - standardFill) * situation.standardEmergencyCost;
  return {level, premiumFill, standardFill, meanOnHand, cost};
}

/**
 * Performance at every level 0..S, and the cheapest (the lowest of equals).
 *
 * Source: enumeration of `criticalLevelPerformance`. Example: as above with emergencies 200 and 50, holding 2 → level 1 at 11.70.
 */
export function criticalLevels(situation: TwoClassSituation): {
  readonly table: readonly CriticalLevelPerformance[];
  readonly best: CriticalLevelPerformance;
} {
  const table = Array.from({length: situation.baseStock + 1}, (_, level) =>
    criticalLevelPerformance(situation, level),
  );
  const best = table.reduce((least, row) => (row.cost < least.cost ? row : least));
  return {table, best};
}
