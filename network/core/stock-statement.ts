import {z} from 'zod';
import {SEGMENTS} from '../../domain/segment.ts';

/**
 * Whose figure is reckoned with while a case stands: `ledger`, our own; `partner`, the stated one, more or less; `lower`, the lower of
 * both, so that nothing is promised that may not be there. The ledger itself is changed by none of them.
 */
export const WINNERS = ['ledger', 'partner', 'lower'] as const;

const SourceRule = z.strictObject({
  tolerancePieces: z
    .int()
    .min(0)
    .max(1_000_000)
    .describe('A difference of so many pieces is none; of both tolerances the wider one holds'),
  tolerancePct: z.number().min(0).max(100).describe('The same in % of what the ledger has, rounded down'),
  wins: z.enum(WINNERS).describe('Whose figure is reckoned with while the case stands'),
});
export type SourceRule = z.infer<typeof SourceRule>;

/** A working day for what matters most; as for odd demand (replenish/core/forecast/variance-case.ts). */
const DUE_DAYS = {A: 2, B: 5, C: 10} as const;
const days = z.int().min(1).max(365);

/**
 * How stated stock is held against the ledger; versioned data (platform.parameter, key `network.stock-statements`). Service parts are few
 * and dear: as delivered each piece counts, and the ledger wins until somebody says otherwise.
 */
export const StatementRules = z.strictObject({
  onHand: SourceRule.default({tolerancePieces: 0, tolerancePct: 0, wins: 'ledger'}).describe(
    'The figure "on hand", whoever states it',
  ),
  onHandBySource: z
    .record(z.string().min(1).max(64), SourceRule)
    .default({})
    .describe('The same for one source, by its name: instead of the general rule'),
  dueDays: z
    .strictObject(Object.fromEntries(SEGMENTS.map((s) => [s, days])) as Record<'A' | 'B' | 'C', typeof days>)
    .default(DUE_DAYS)
    .describe('Days until somebody is to have looked into a case, by the class of the part'),
});
export type StatementRules = z.infer<typeof StatementRules>;
export const STATEMENT_RULES: StatementRules = StatementRules.parse({});

/** The rule for what a source states. */
export function ruleFor({onHand, onHandBySource}: StatementRules, source: string): SourceRule {
  return Object.hasOwn(onHandBySource, source) ? onHandBySource[source]! : onHand;
}

export interface Judged {
  /** Stated minus ledger, in pieces: below 0 something is missing. */
  readonly difference: number;
  /** Pieces. */
  readonly tolerance: number;
  readonly agrees: boolean;
}

/**
 * A stated figure beside the ledger's of the same instant.
 *
 * Example: 7 stated, 10 in the ledger → −3, a case; with 3 pieces of tolerance none. Of 400 pieces 1 % tolerates 4.
 */
export function judgeStatement(stated: number, ledger: number, rule: SourceRule): Judged {
  const difference = stated - ledger;
  const share = Math.floor((Math.max(0, ledger) * rule.tolerancePct) / 100);
  const tolerance = Math.max(rule.tolerancePieces, share);
  return {difference, tolerance, agrees: Math.abs(difference) <= tolerance};
}
