import {YEAR_DAYS} from '../../../domain/time.ts';
import {criticalLevels, type CriticalLevelPerformance} from '../stock/critical-level.ts';

/** Customers of one contract tier, as they ask a depot for a part. */
export interface TierDemand {
  readonly tier: string;
  readonly piecesPerDay: number;
  /** Of a piece that they need and that is not there: its cheapest rescue, their waiting included. */
  readonly missedMinor: number;
}

/** Pieces that a depot keeps back for its dearest customers: others are served only while more are on hand. */
export interface KeptPieces {
  readonly baseStock: number;
  readonly premiumTiers: readonly string[];
  readonly standardTiers: readonly string[];
  /** Nothing kept back; money a year. */
  readonly withoutKeeping: CriticalLevelPerformance;
  readonly best: CriticalLevelPerformance;
  readonly savingPerYear: number;
}

/**
 * How many pieces of a base stock to keep for the tiers whose waiting costs most. With several tiers every border between dearer and cheaper ones
 * is tried, each side as one class, and the one that saves most is taken.
 *
 * Source: `criticalLevels`. Example: 3 pieces, 10 days; gold 0.1 a day at 400, standard 0.2 at 50, holding 1 a day → keep 1, which saves
 * (18.3462 − 13.35) · 365.25 = 1,824.85 a year.
 *
 * @returns null for customers of one tier: there is nobody to keep pieces from.
 */
export function piecesToKeep(
  tiers: readonly TierDemand[],
  stock: {
    readonly baseStock: number;
    readonly leadTimeDays: number;
    readonly holdingMinorPerDay: number;
  },
): KeptPieces | null {
  const asking = tiers
    .filter(({piecesPerDay}) => piecesPerDay > 0)
    .sort((a, b) => b.missedMinor - a.missedMinor || (a.tier < b.tier ? -1 : 1));
  const borders = asking.slice(1).map((_, i) => keptAt(asking.slice(0, i + 1), asking.slice(i + 1), stock));
  if (borders.length === 0) return null;
  return borders.reduce((most, one) => (one.savingPerYear > most.savingPerYear ? one : most));
}

function keptAt(
  premium: readonly TierDemand[],
  standard: readonly TierDemand[],
  {baseStock, leadTimeDays, holdingMinorPerDay}: Parameters<typeof piecesToKeep>[1],
): KeptPieces {
  const [dear, cheap] = [classOf(premium), classOf(standard)];
  const {table, best} = criticalLevels({
    baseStock,
    premiumRate: dear.piecesPerDay,
    standardRate: cheap.piecesPerDay,
    leadTime: leadTimeDays,
    holdingCost: holdingMinorPerDay,
    premiumEmergencyCost: dear.missedMinor,
    standardEmergencyCost: cheap.missedMinor,
  });
  const yearly = (row: CriticalLevelPerformance): CriticalLevelPerformance => ({
    ...row,
    cost: row.cost * YEAR_DAYS,
  });
  const withoutKeeping = table[0]!;
  return {
    baseStock,
    premiumTiers: premium.map(({tier}) => tier),
    standardTiers: standard.map(({tier}) => tier),
    withoutKeeping: yearly(withoutKeeping),
    best: yearly(best),
    savingPerYear: (withoutKeeping.cost - best.cost) * YEAR_DAYS,
  };
}

/** Tiers as one class: what a missed piece of them costs on average. */
function classOf(tiers: readonly TierDemand[]): Omit<TierDemand, 'tier'> {
  const piecesPerDay = tiers.reduce((sum, one) => sum + one.piecesPerDay, 0);
  const missed = tiers.reduce((sum, one) => sum + one.piecesPerDay * one.missedMinor, 0);
  return {piecesPerDay, missedMinor: missed / piecesPerDay};
}
