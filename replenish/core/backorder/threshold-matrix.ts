import {z} from 'zod';
import {invariant} from '../../../domain/invariant.ts';
import {DAY_MS, HOUR_MS, plusMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';

/** How far a backorder has got; each level is passed once. */
export const LEVELS = ['warn', 'breach', 'escalate'] as const;
export type Level = (typeof LEVELS)[number];

const hours = z.number().positive();

/** What ops say about backorders: data with effective dates (platform.parameter, key 'replenish.backorders'). */
export const BackorderPolicy = z.strictObject({
  /** How long a backorder may last, by the criticality of the machine (else of the part) and the tier of its contract; '*' fits all. */
  acceptable: z
    .array(z.strictObject({criticality: z.enum(['A', 'B', 'C', '*']), tier: z.string().min(1), hours}))
    .refine((cells) => cells.some(({criticality, tier}) => criticality === '*' && tier === '*'), {
      error: "needs a cell with criticality '*' and tier '*' for everybody else",
    }),
  /** A warning comes at this share of the acceptable duration, the escalation at that multiple of it. */
  warnShare: z.number().gt(0).lt(1),
  escalateMultiple: z.number().gt(1),
  /** The role that hears of each level. */
  tell: z.strictObject({warn: z.string(), breach: z.string(), escalate: z.string()}),
  /** A backorder older than this has a review, which is due so long after. */
  reviewAfterDays: z.number().positive(),
  reviewWithinDays: z.number().positive(),
  override: z.strictObject({
    /** The level at which what waits is ordered once more, above the reorder point. */
    from: z.enum(LEVELS),
    /** So many pieces at most for each one that waits. */
    piecesPerWaiting: z.number().min(1),
    /** The override ends when nobody waits and nothing is overdue for this long, */
    stableH: hours,
    /** and in any case after this. */
    longestDays: z.number().positive(),
  }),
  /** Afterwards the safety stock comes back in this many steps of this length. */
  recovery: z.strictObject({steps: z.int().min(1).max(52), stepH: hours}),
});
export type BackorderPolicy = z.infer<typeof BackorderPolicy>;

/** A place to start from; what was promised to customers belongs into the parameter. */
export const DEFAULT_BACKORDER_POLICY: BackorderPolicy = {
  acceptable: [
    {criticality: 'A', tier: 'gold', hours: 8},
    {criticality: 'A', tier: 'silver', hours: 24},
    {criticality: 'A', tier: '*', hours: 48},
    {criticality: 'B', tier: 'gold', hours: 24},
    {criticality: 'B', tier: 'silver', hours: 48},
    {criticality: 'B', tier: '*', hours: 96},
    {criticality: 'C', tier: 'gold', hours: 72},
    {criticality: '*', tier: '*', hours: 168},
  ],
  warnShare: 0.5,
  escalateMultiple: 2,
  tell: {warn: 'planner', breach: 'planning-lead', escalate: 'operations-manager'},
  reviewAfterDays: 30,
  reviewWithinDays: 14,
  override: {from: 'escalate', piecesPerWaiting: 2, stableH: 168, longestDays: 90},
  recovery: {steps: 4, stepH: 168},
};

export interface Cell {
  readonly criticality: string;
  readonly tier: string;
}

/**
 * Hours after the need at which a backorder passes each level. The first cell that names criticality and tier counts, then the first that
 * names the criticality, then the tier, then the one for everybody.
 *
 * Example: acceptable 24 h, warning at half, escalation at twice → {warn: 12, breach: 24, escalate: 48}.
 */
export function thresholdsH(
  policy: BackorderPolicy,
  {criticality, tier}: Cell,
): Readonly<Record<Level, number>> {
  const {acceptable, warnShare, escalateMultiple} = policy;
  const wanted = [
    [criticality, tier],
    [criticality, '*'],
    ['*', tier],
    ['*', '*'],
  ];
  const cells = wanted.flatMap(([c, t]) =>
    acceptable.filter((one) => one.criticality === c && one.tier === t),
  );
  const cell = cells[0];
  invariant(cell !== undefined, 'the matrix has a cell for everybody');
  return {warn: cell.hours * warnShare, breach: cell.hours, escalate: cell.hours * escalateMultiple};
}

/** A level as a contract has it: so long after the need, this role hears of it. */
export interface AgreedLevel {
  readonly afterMin: number;
  readonly role: string;
}

/**
 * When a backorder passes each level, and who hears of it: as the contract of its machine says (the first of its levels is the warning,
 * then breach and escalation), else by the matrix. A level that the contract leaves out comes no sooner than those that it names.
 *
 * Example: agreed after 30 min the lead; the matrix says 12, 24, 48 h → ½ h the lead, then 24 and 48 h.
 */
export function levelsOf(
  policy: BackorderPolicy,
  {criticality, tier, agreed}: Cell & {readonly agreed?: readonly AgreedLevel[] | null},
): readonly {readonly level: Level; readonly afterH: number; readonly tell: string}[] {
  const matrix = thresholdsH(policy, {criticality, tier});
  let reached = 0;
  return LEVELS.map((level, i) => {
    const own = agreed?.[i];
    reached = own === undefined ? Math.max(reached, matrix[level]) : own.afterMin / 60;
    return {level, afterH: reached, tell: own?.role ?? policy.tell[level]};
  });
}

/** A backorder as its timer finds it. */
export interface Waiting extends Cell {
  /** The escalation term of its machine's contract. */
  readonly agreed?: readonly AgreedLevel[] | null;
  readonly neededAt: EpochMs;
  /** Levels passed so far: 0 to 3. */
  readonly level: number;
  /** Whether its review was opened. */
  readonly underReview: boolean;
}

export interface Verdict {
  /** Levels that it passes now, the lowest first, each with the instant at which it was due and the role that hears of it. */
  readonly passes: readonly {readonly level: Level; readonly dueAt: EpochMs; readonly tell: string}[];
  readonly opensReview: boolean;
  /** When to look again; null when nothing more can come. */
  readonly lookAt: EpochMs | null;
}

/** What has come of a backorder by `now`. A clock that jumped passes every level on its way, once and in order. */
export function judgeBackorder(policy: BackorderPolicy, waiting: Waiting, now: EpochMs): Verdict {
  const ahead = levelsOf(policy, waiting)
    .slice(waiting.level)
    .map(({level, afterH, tell}) => ({level, tell, dueAt: plusMs(waiting.neededAt, afterH * HOUR_MS)}));
  const passes = ahead.filter(({dueAt}) => dueAt <= now);
  const reviewAt = plusMs(waiting.neededAt, policy.reviewAfterDays * DAY_MS);
  const opensReview = !waiting.underReview && reviewAt <= now;
  const next = ahead.filter(({dueAt}) => dueAt > now).map(({dueAt}) => dueAt);
  if (reviewAt > now) next.push(reviewAt);
  return {passes, opensReview, lookAt: next.length === 0 ? null : (Math.min(...next) as EpochMs)};
}

/** A level as rows and alerts keep it. Example: 'breach' → 2. */
export function levelNumber(level: Level): number {
  return LEVELS.indexOf(level) + 1;
}
