import {z} from 'zod';
import {TERM_TYPES, TermScope, readTerm} from '../../../domain/contract-term.ts';
import type {TermType, TypedTerm} from '../../../domain/contract-term.ts';
import type {SupplyTerm} from '../supply/supply-terms.ts';

const NOT_ASKED = 'no decision depends on it';
const OWNERS = 'whose pieces lay on a shelf is not kept with a decision';
const CHARGES = 'what it charges is varied by "contracts"';

/** Why terms of a type cannot be laid over a recorded decision; null: they can. */
const WHY_NOT: Readonly<Record<TermType, string | null>> = {
  moq: null,
  price: null,
  calendar: null,
  flex: null,
  vmiBand: null,
  exclusivity: null,
  obsolescence: null,
  poolShare: null,
  substitution: null,
  delivery: NOT_ASKED,
  sla: CHARGES,
  penalty: CHARGES,
  bonus: CHARGES,
  ownership: OWNERS,
  usableBy: OWNERS,
  lane: 'what flags a part and a lane had is not kept with a decision',
  review: NOT_ASKED,
  terminate: NOT_ASKED,
  escalation: NOT_ASKED,
  aging: NOT_ASKED,
  buyback: NOT_ASKED,
  dataShare: NOT_ASKED,
  audit: NOT_ASKED,
  forceMajeure: NOT_ASKED,
  warranty: NOT_ASKED,
  capacityShare: NOT_ASKED,
};
const VARIED = TERM_TYPES.filter((type) => WHY_NOT[type] === null);

/** A change of the terms that bind decisions: one more, other ones in their place, or none any more. */
export interface TermChange {
  readonly type: TermType;
  readonly contractId?: string | undefined;
  readonly termNo?: number | undefined;
  /** Of a term that is added. */
  readonly parties?: readonly [string, string] | undefined;
  readonly scope?: TermScope | undefined;
  /** Null: terms that are selected are in force no more. */
  readonly term: TypedTerm | null;
}

/**
 * With `parties` a term is added. Else the terms in force that `type`, `contractId` and `termNo` name have other `params`, or are `lapsed`.
 * The parameters are those of the contract's own terms, all of them.
 */
export const TermChange = z
  .strictObject({
    type: z.string(),
    contractId: z.string().min(1).optional(),
    termNo: z.int().min(1).optional(),
    parties: z.tuple([z.string().min(1), z.string().min(1)]).optional(),
    scope: TermScope.optional(),
    params: z.record(z.string(), z.unknown()).optional(),
    lapsed: z.literal(true).optional(),
  })
  .transform(({type, params, lapsed, ...named}, context): TermChange => {
    const refuse = (message: string, path: string[] = []): never => {
      context.addIssue({code: 'custom', message, path});
      return z.NEVER;
    };
    const isKnown = (one: string): one is TermType => (TERM_TYPES as readonly string[]).includes(one);
    if (!isKnown(type)) return refuse(`"${type}" is no term type: one of ${VARIED.join(', ')}`, ['type']);
    const why = WHY_NOT[type];
    if (why !== null) return refuse(`a ${type} term cannot be varied: ${why}`, ['type']);
    if ((params === undefined) === (lapsed === undefined)) return refuse('names either params or lapsed');
    if (named.parties !== undefined) {
      if (lapsed === true) return refuse('a term that is added is not lapsed');
      if (type === 'substitution' && named.contractId === undefined)
        return refuse('is agreed in the contract of a machine: name its contractId');
    }
    if (params === undefined) return {type, ...named, term: null};
    const read = readTerm(type, params);
    if (!read.ok) return refuse(read.detail, ['params']);
    const {value} = read;
    if (value.type === 'calendar' && value.params.frozenDays > 0)
      return refuse('freezes orders under way, which stay as they were recorded: leave frozenDays out', [
        'params',
      ]);
    return {type, ...named, term: value};
  });

/**
 * Terms in force with a change laid over. An added one comes before the recorded ones, so that of those that name the part, and of those
 * that do not, it counts first.
 *
 * @param no Of the entry in its file; an added term has it as its number where it is given none.
 */
export function changedTerms(
  terms: readonly SupplyTerm[],
  change: TermChange,
  no: number,
): readonly SupplyTerm[] {
  const {type, contractId, termNo, parties, scope, term} = change;
  if (parties !== undefined && term !== null) {
    const by = {contractId: contractId ?? 'what-if', termNo: termNo ?? no};
    return [{...term, ...by, parties, scope: scope ?? {}}, ...terms];
  }
  return terms.flatMap((one) => {
    const isMeant =
      one.type === type &&
      (contractId ?? one.contractId) === one.contractId &&
      (termNo ?? one.termNo) === one.termNo;
    if (!isMeant) return [one];
    return term === null ? [] : [{...one, ...term, scope: scope ?? one.scope}];
  });
}
