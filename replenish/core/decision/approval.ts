import type {ApproverRole, Reason} from '../../../domain/decision.ts';
import {formatMoney} from '../../../domain/quantity.ts';
import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import type {Policy} from './situation.ts';

/**
 * Who answers a proposal of this value: the role of the highest band that it is beyond, else a planner.
 *
 * Example: bands above 5,000.00 ops and above 50,000.00 admin → 5,000.00 is a planner's, 5,000.01 and 50,000.00 are of ops, 50,000.01
 * is an admin's.
 */
export function approverOf(
  landedMinor: number,
  {approvalBands = []}: Pick<Policy, 'approvalBands'>,
): ApproverRole {
  const beyond = approvalBands.filter(({aboveMinor}) => landedMinor > aboveMinor);
  return beyond.sort((a, b) => b.aboveMinor - a.aboveMinor)[0]?.approverRole ?? 'planner';
}

interface Answered {
  readonly decisionId: string;
  /** The dearer of what was proposed and what is to be ordered: nobody gets round a band by changing a quantity. */
  readonly landedMinor: number;
  readonly currency: string;
}

/** Whether somebody of this role may answer: the approver of the value may, and an admin always. */
export function mayAnswerFor(
  role: string,
  {decisionId, landedMinor, currency}: Answered,
  policy: Pick<Policy, 'approvalBands'>,
): Result<null, 'approval-limit'> {
  const approver = approverOf(landedMinor, policy);
  if (role === approver || role === 'admin') return ok(null);
  return refused(
    'approval-limit',
    `decision ${decisionId}: ${formatMoney({minor: landedMinor, currency})} is beyond what the role ${role} answers for; ask ${approver}, or an admin`,
  );
}

/** Who answers a decision by what it says of itself; null: it never waited for anybody. */
export function approverIn(reasons: readonly Reason[]): ApproverRole | null {
  const waits = reasons.find((reason) => reason.code === 'needs-approval');
  return waits === undefined ? null : (waits.approverRole ?? 'planner');
}
