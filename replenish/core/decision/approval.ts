import type {ApproverRole, Reason} from '../../../domain/decision.ts';
import {formatMoney} from '../../../domain/quantity.ts';
import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import type {Segment} from '../../../domain/segment.ts';
import type {Policy} from './policy.ts';

/**
 * Up to which value a part's order goes out unasked, and by which limit: that of its segment, where one is stated, else the general one.
 *
 * Example: 20,000.00, and 5,000.00 for segment A → 5,000.00 for a part of A (segment-value), 20,000.00 for one of B (order-value).
 */
export function valueLimit(
  {
    autoOrderMaxMinor,
    autoOrderMaxMinorBySegment: by,
  }: Pick<Policy, 'autoOrderMaxMinor' | 'autoOrderMaxMinorBySegment'>,
  segment: Segment | undefined,
): {readonly maxMinor: number; readonly name: 'order-value' | 'segment-value'} {
  const maxMinor = segment === undefined ? undefined : by?.[segment];
  return maxMinor === undefined
    ? {maxMinor: autoOrderMaxMinor, name: 'order-value'}
    : {maxMinor, name: 'segment-value'};
}

/**
 * Who answers a proposal of this value: the role of the highest band that it is beyond, else a planner.
 *
 * Example: bands above 5,000.00 ops and above 50,000.00 admin → 5,000.00 is a planner's, 5,000.01 and 50,000.00 are of ops, 50,000.01
 * is an admin's. A band above 0 of segment A makes every proposal of such a part that role's.
 */
export function approverOf(
  {landedMinor, segment}: Pick<Answered, 'landedMinor' | 'segment'>,
  {approvalBands = []}: Pick<Policy, 'approvalBands'>,
): ApproverRole {
  const beyond = approvalBands.filter(
    ({aboveMinor, segments}) =>
      landedMinor > aboveMinor &&
      (segments === undefined || (segment !== undefined && segments.includes(segment))),
  );
  return beyond.sort((a, b) => b.aboveMinor - a.aboveMinor)[0]?.approverRole ?? 'planner';
}

interface Answered {
  readonly decisionId: string;
  /** The dearer of what was proposed and what is to be ordered: nobody gets round a band by changing a quantity. */
  readonly landedMinor: number;
  /** Of the part; undefined: in a situation from before classes were recorded. */
  readonly segment: Segment | undefined;
  readonly currency: string;
}

/** Whether somebody of this role may answer: the approver of the value may, and an admin always. */
export function mayAnswerFor(
  role: string,
  {decisionId, landedMinor, segment, currency}: Answered,
  policy: Pick<Policy, 'approvalBands'>,
): Result<null, 'approval-limit'> {
  const approver = approverOf({landedMinor, segment}, policy);
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
