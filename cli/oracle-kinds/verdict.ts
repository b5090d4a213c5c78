import {compare, type Comparison} from './compare.ts';
import {ORACLE_KINDS} from './kinds.ts';
import type {OracleCase} from './oracle.ts';

/** How one case went. */
export interface Verdict {
  readonly id: string;
  readonly kind: string;
  readonly passed: boolean;
  /** The comparison nearest to, or furthest beyond, its tolerance. */
  readonly worst: Comparison | null;
  readonly detail: string;
}

/** Puts one case to the product's functions and compares every expected value. */
export function judge({id, kind, input, expected, tol}: OracleCase): Verdict {
  const known = ORACLE_KINDS.get(kind);
  if (!known) return {id, kind, passed: false, worst: null, detail: `no product function for kind ${kind}`};
  try {
    const comparisons = compare(expected, known.answer(input, expected), tol, known);
    const failed = comparisons.filter(({strain}) => !(strain <= 1));
    const worst = comparisons.reduce<Comparison | null>(
      (far, one) => (far && far.strain >= one.strain ? far : one),
      null,
    );
    const passed = comparisons.length > 0 && failed.length === 0;
    const detail = passed
      ? `${comparisons.length} values agree`
      : `${failed.length} of ${comparisons.length} values differ: ${failed
          .map(({field}) => field)
          .slice(0, 5)
          .join(', ')}`;
    return {id, kind, passed, worst, detail};
  } catch (error) {
    return {
      id,
      kind,
      passed: false,
      worst: null,
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}
