/** What became of a proposal: it still waits, a planner answered it in one of three ways, or it was overtaken. */
export const PROPOSAL_FATES = ['waiting', 'approved', 'changed', 'rejected', 'expired', 'withdrawn'] as const;
export type ProposalFate = (typeof PROPOSAL_FATES)[number];

/** Proposals that fared alike: one row of the count. */
export interface ProposalCount {
  readonly action: string;
  readonly fate: ProposalFate;
  /** Why a planner went another way; null where nobody did. */
  readonly reasonCode: string | null;
  readonly proposals: number;
}

/** How proposals fared. `proposed` is the sum of the six fates. */
export type ProposalTally = {
  readonly proposed: number;
  readonly overrideRate: number | null;
} & Readonly<Record<ProposalFate, number>>;

export interface ProposalReport extends ProposalTally {
  readonly byAction: readonly ({readonly action: string} & ProposalTally)[];
  /** Most frequent first. */
  readonly byReason: readonly {
    readonly reasonCode: string;
    readonly changed: number;
    readonly rejected: number;
  }[];
}

/**
 * What planners made of the service's proposals.
 *
 *   override rate = (changed + rejected) / (approved + changed + rejected)
 *
 * Only what a person answered can be overridden: proposals that expired, were withdrawn or still wait are counted and left out of
 * the rate, which is null while nobody has answered any.
 *
 * Example: 5 approved, 2 changed, 1 rejected, 1 expired, 3 withdrawn → 12 proposed, override rate 3/8 = 0.375.
 */
export function proposalReport(counts: readonly ProposalCount[]): ProposalReport {
  const actions = [...new Set(counts.map(({action}) => action))].sort();
  const reasons = [...new Set(counts.flatMap(({reasonCode}) => reasonCode ?? []))];
  const byReason = reasons.map((reasonCode) => {
    const {changed, rejected} = tally(counts.filter((count) => count.reasonCode === reasonCode));
    return {reasonCode, changed, rejected};
  });
  return {
    ...tally(counts),
    byAction: actions.map((action) => ({
      action,
      ...tally(counts.filter((count) => count.action === action)),
    })),
    byReason: byReason.sort(
      (a, b) => b.changed + b.rejected - (a.changed + a.rejected) || (a.reasonCode < b.reasonCode ? -1 : 1),
    ),
  };
}

function tally(counts: readonly ProposalCount[]): ProposalTally {
  const fates = Object.fromEntries(
    PROPOSAL_FATES.map((fate) => [fate, proposalsIn(counts.filter((count) => count.fate === fate))]),
  ) as Record<ProposalFate, number>;
  const overridden = fates.changed + fates.rejected;
  const answered = fates.approved + overridden;
  return {
    proposed: proposalsIn(counts),
    ...fates,
    overrideRate: answered === 0 ? null : overridden / answered,
  };
}

function proposalsIn(counts: readonly ProposalCount[]): number {
  return counts.reduce((sum, {proposals}) => sum + proposals, 0);
}
