import {inScope} from '../../../domain/contract-term.ts';
import type {TermParams, TermScope, TypedTerm} from '../../../domain/contract-term.ts';

/** A term in force, with the contract it stands in. */
export type TermInForce = TypedTerm & {readonly contractId: string; readonly scope: TermScope};

/** What rules ask of a part. */
export interface RuledPart {
  readonly partId: string;
  /** Export class, dangerous goods and the like, as the company names them. */
  readonly flags: readonly string[];
}

/** A way between two depots, or into one. */
export interface RuledLane {
  readonly fromDepotId: string;
  readonly toDepotId: string;
  readonly mode: string;
  /** What it does not carry. */
  readonly forbiddenFlags: readonly string[];
}

/**
 * Why a lane may not be used for a part: what the lane does not carry, or a contract forbids, or lets pass with a licence only.
 * Null: it may. A term that names no flags is about every part.
 *
 * Example: an air lane that carries no lithium, a part flagged lithium → 'air from A to B carries no lithium'.
 */
export function whyLaneBarred(
  part: RuledPart,
  lane: RuledLane,
  terms: readonly TermInForce[],
): string | null {
  const {fromDepotId, toDepotId, mode} = lane;
  const flag = part.flags.find((one) => lane.forbiddenFlags.includes(one));
  if (flag !== undefined) return `${mode} from ${fromDepotId} to ${toDepotId} carries no ${flag}`;
  for (const {contractId, params} of termsOf('lane', terms, part, toDepotId)) {
    if ((params.fromDepotId ?? fromDepotId) !== fromDepotId || (params.toDepotId ?? toDepotId) !== toDepotId)
      continue;
    if (params.partFlags.length > 0 && !params.partFlags.some((one) => part.flags.includes(one))) continue;
    const goods = params.partFlags.length === 0 ? 'this part' : params.partFlags.join(', ');
    return params.rule === 'forbidden'
      ? `contract ${contractId} forbids ${goods} from ${fromDepotId} to ${toDepotId}`
      : `contract ${contractId} asks for a licence to send ${goods} from ${fromDepotId} to ${toDepotId}`;
  }
  return null;
}

/** Why a depot may not take a part in, or null. Example: a depot without a store for lithium → 'B stores no lithium'. */
export function whyDepotBarred(
  part: RuledPart,
  depot: {readonly depotId: string; readonly forbiddenFlags: readonly string[]},
): string | null {
  const flag = part.flags.find((one) => depot.forbiddenFlags.includes(one));
  return flag === undefined ? null : `${depot.depotId} stores no ${flag}`;
}

/** Why a supplier may not be asked: another one is contracted for the part at this depot. Null: it may. */
export function whySupplierBarred(
  part: RuledPart,
  source: {
    readonly depotId: string;
    readonly supplierId: string;
    readonly emergency: boolean;
    /** Somebody allowed it in spite of the contract. */
    readonly waived: boolean;
  },
  terms: readonly TermInForce[],
): string | null {
  if (source.waived) return null;
  const bound = termsOf('exclusivity', terms, part, source.depotId).filter(
    ({params}) => !(source.emergency && params.emergencyExcepted),
  );
  if (bound.length === 0 || bound.some(({params}) => params.supplierPartyId === source.supplierId))
    return null;
  const [{contractId, params}] = bound as [(typeof bound)[number]];
  return `contract ${contractId} binds it to ${params.supplierPartyId}`;
}

/** Pieces of one owner on a shelf. */
export interface OwnedPieces {
  readonly ownerPartyId: string;
  readonly pieces: number;
}

/**
 * Whose pieces of a shelf a party may be sent: its own first, else those of an owner who agreed, the most numerous. An order
 * moves the pieces of one owner. Null: nobody's.
 *
 * Example: 1 of ours and 3 of a partner who lets us use them → 1 of ours; none of ours → 3 of the partner's.
 */
export function sendableTo(
  part: RuledPart,
  partyId: string,
  shelf: {readonly depotId: string; readonly owned: readonly OwnedPieces[]},
  terms: readonly TermInForce[],
): OwnedPieces | null {
  const there = shelf.owned.filter(({pieces}) => pieces > 0);
  const own = there.find(({ownerPartyId}) => ownerPartyId === partyId);
  if (own !== undefined) return own;
  const agreed = new Set<string>(
    termsOf('usableBy', terms, part, shelf.depotId)
      .filter(({params}) => (params.partyIds as readonly string[]).includes(partyId))
      .map(({params}) => params.ownerPartyId),
  );
  return (
    there
      .filter(({ownerPartyId}) => agreed.has(ownerPartyId))
      .sort((a, b) => b.pieces - a.pieces || (a.ownerPartyId < b.ownerPartyId ? -1 : 1))[0] ?? null
  );
}

function termsOf<T extends 'lane' | 'exclusivity' | 'usableBy'>(
  type: T,
  terms: readonly TermInForce[],
  {partId}: RuledPart,
  depotId: string,
): {readonly contractId: string; readonly params: TermParams<T>}[] {
  return terms.flatMap((term) =>
    // Rules of supply are about places and parts; a term about single machines says nothing of them.
    term.type === type && inScope(term.scope, {equipmentId: '', partId, depotId})
      ? [{contractId: term.contractId, params: term.params as TermParams<T>}]
      : [],
  );
}
