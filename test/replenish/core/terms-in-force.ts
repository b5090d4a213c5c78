import {TermScope, readTerm} from '../../../domain/contract-term.ts';
import type {SupplyTerm} from '../../../replenish/core/supply/supply-terms.ts';

/** A term of contract K-1 between OWN and the supplier SUP. */
export function agreed(
  type: string,
  params: unknown,
  {scope = {}, ...more}: Partial<Omit<SupplyTerm, 'scope'>> & {scope?: Record<string, string[]>} = {},
): SupplyTerm {
  const read = readTerm(type, params);
  if (!read.ok) throw new Error(read.detail);
  const by = {contractId: 'K-1', termNo: 1, parties: ['OWN', 'SUP']};
  return {...read.value, ...by, scope: TermScope.parse(scope), ...more} as SupplyTerm;
}
