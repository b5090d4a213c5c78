import {z} from 'zod';
import {DAY_MS, HOUR_MS, plusMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {recoveryLevel} from './recovery.ts';
import type {BackorderPolicy} from './threshold-matrix.ts';

/** How long a standing override goes unlooked at: receipts and fills end the wait, and nothing else says so. */
const LOOK_EVERY_MS = 6 * HOUR_MS;

/** What a long backorder does to the level of one part at one depot; part of the recorded situation. */
export const SupplyShock = z.discriminatedUnion('phase', [
  z.object({
    phase: z.literal('override'),
    overrideId: z.string(),
    /** Pieces that have waited too long. */
    waiting: z.int().min(0),
    /** Pieces that may be ordered for them in all. */
    capPieces: z.int().positive(),
    /** Ordered since the override stands, and how many of those are not here yet. */
    ordered: z.int().min(0),
    coming: z.int().min(0),
  }),
  z.object({
    phase: z.literal('recovery'),
    overrideId: z.string(),
    step: z.int().positive(),
    steps: z.int().positive(),
  }),
]);
export type SupplyShock = z.infer<typeof SupplyShock>;

type Overriding = Extract<SupplyShock, {phase: 'override'}>;

/** Pieces that an override may still order. Example: cap 6, 4 ordered → 2. */
function leftOf({capPieces, ordered}: Overriding): number {
  return Math.max(0, capPieces - ordered);
}

export interface Level {
  /** The usual order-up-to level, in pieces. */
  readonly target: number;
  /** On hand + on order − owed. */
  readonly position: number;
  /** Mean demand until an order placed now arrives. */
  readonly usualPieces: number;
}

/**
 * The order-up-to level under a shock. The override lifts it above the position, wherever that stands: what is on order counts, but
 * customers have waited for it too long, so what waits is ordered once more, within the cap and less what was ordered since. The
 * recovery builds the safety stock up again in steps.
 *
 * Example: target 2, position 9 by an overdue lot, 3 pieces wait, one of them ordered anew, cap 6 → 9 + 2 = 11.
 */
export function levelUnder(shock: SupplyShock | undefined, {target, position, usualPieces}: Level): number {
  switch (shock?.phase) {
    case undefined:
      return target;
    case 'override': {
      const missing = Math.min(shock.waiting - shock.coming, leftOf(shock));
      return missing > 0 ? Math.max(target, position + missing) : target;
    }
    case 'recovery':
      return recoveryLevel(target, usualPieces, shock.step, shock.steps);
  }
}

interface ShockedPlan {
  readonly depot: {readonly supplyShock?: SupplyShock | undefined};
  /** An order is due without the override, too: its lot is no concern of the cap. */
  readonly belowUsualTarget: boolean;
}

/** Why an override may not order so many pieces; null: it may, or it is not the override that orders. */
export function beyondCap({depot, belowUsualTarget}: ShockedPlan, pieces: number): string | null {
  const shock = depot.supplyShock;
  if (shock?.phase !== 'override' || belowUsualTarget || pieces <= leftOf(shock)) return null;
  return `the override orders ${shock.capPieces} at most, and has ordered ${shock.ordered}`;
}

/** Pieces that an override may order in all. Example: 3 wait, 2 for each → 6. */
export function capFor({override}: BackorderPolicy, waiting: number): number {
  return Math.max(1, Math.ceil(waiting * override.piecesPerWaiting));
}

/** An override as its timer finds it. */
export interface Override {
  readonly state: 'standing' | 'recovering';
  readonly openedAt: EpochMs;
  /** Since when nobody waits and nothing is overdue; null while somebody does, or something is. */
  readonly stableSince: EpochMs | null;
  readonly revertedAt: EpochMs | null;
  /** As they were agreed when it was reverted; null before. */
  readonly recovery: BackorderPolicy['recovery'] | null;
  /** Pieces that have waited too long now. */
  readonly waiting: number;
  /** Orders to the depot past their date now. */
  readonly overdue: number;
}

export type OverrideVerdict =
  | {readonly verdict: 'stand'; readonly stableSince: EpochMs | null; readonly lookAt: EpochMs}
  /** The level is the usual one again, reached in steps. */
  | {
      readonly verdict: 'revert';
      readonly because: 'supply-stable' | 'time-over';
      readonly recovery: BackorderPolicy['recovery'];
      readonly lookAt: EpochMs;
    }
  | {readonly verdict: 'recover'; readonly step: number; readonly lookAt: EpochMs}
  | {readonly verdict: 'end'};

/** What becomes of an override: it stands until supply has been stable long enough or its time is over, then the level ramps back. */
export function judgeOverride(policy: BackorderPolicy, override: Override, now: EpochMs): OverrideVerdict {
  if (override.state === 'recovering') return recovering(override, now);
  const {stableH, longestDays} = policy.override;
  const isStable = override.waiting === 0 && override.overdue === 0;
  const stableSince = isStable ? (override.stableSince ?? now) : null;
  const sunset = plusMs(override.openedAt, longestDays * DAY_MS);
  const stableAt = stableSince === null ? null : plusMs(stableSince, stableH * HOUR_MS);
  if (sunset <= now || (stableAt !== null && stableAt <= now)) {
    const {recovery} = policy;
    const because = stableAt !== null && stableAt <= now ? 'supply-stable' : 'time-over';
    return {verdict: 'revert', because, recovery, lookAt: plusMs(now, recovery.stepH * HOUR_MS)};
  }
  const lookAt = Math.min(now + LOOK_EVERY_MS, sunset, stableAt ?? Infinity) as EpochMs;
  return {verdict: 'stand', stableSince, lookAt};
}

function recovering({revertedAt, recovery}: Override, now: EpochMs): OverrideVerdict {
  if (revertedAt === null || recovery === null) return {verdict: 'end'};
  const stepMs = recovery.stepH * HOUR_MS;
  const step = 1 + Math.floor((now - revertedAt) / stepMs);
  if (step > recovery.steps) return {verdict: 'end'};
  return {verdict: 'recover', step, lookAt: plusMs(revertedAt, step * stepMs)};
}
