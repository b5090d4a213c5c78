import type {TermType} from '../../../domain/contract-term.ts';
import {whySupplierBarred} from '../supply/rules.ts';
import {underPools, underSubstitutionTerms} from '../supply/stock-terms.ts';
import {underSupplyTerms} from '../supply/supply-terms.ts';
import type {OrderedPieces, SupplyTerm} from '../supply/supply-terms.ts';
import type {DepotSituation, Lane, Situation, Source} from '../decision/situation.ts';
import {changedTerms} from './what-if-term-change.ts';
import type {TermChange} from './what-if-term-change.ts';
import {withSpeeds} from '../supply/express.ts';

/** What the books say of contracts; a recorded situation holds only what came of them. */
export interface TermEvidence {
  /** Terms that bind decisions and were in force at an instant, by contract and number. */
  termsAt(now: number): readonly SupplyTerm[];
  /** Pieces ordered from suppliers in the year of `now`, until then. */
  orderedBy(partId: string, now: number): readonly OrderedPieces[];
  /** Whether somebody had let the source be asked in spite of another one's exclusivity. */
  isWaived(
    at: {readonly partId: string; readonly depotId: string},
    source: Pick<Source, 'sourceId' | 'kind'>,
    now: number,
  ): boolean;
  contractOf(equipmentId: string): string | undefined;
}

/** What closes a supplier is looked at together: of several reasons a source has the first. */
const CLOSING: readonly TermType[] = ['exclusivity', 'obsolescence'];

/**
 * The situation with one change of its contracts' terms, after those before it: what the terms of that type had come to is taken back,
 * and what they come to now is worked out as for a decision of today. The very same situation when nothing changes.
 */
export function retermed(
  situation: Situation,
  changes: readonly TermChange[],
  index: number,
  evidence: TermEvidence,
): Situation {
  const change = changes[index]!;
  const before = changes.slice(0, index).reduce(changedTermsOf, evidence.termsAt(situation.now));
  const after = changedTermsOf(before, change, index);
  const types = CLOSING.includes(change.type) ? CLOSING : [change.type];
  const under = (terms: readonly SupplyTerm[]): Situation =>
    overNetworks(situation, (network) =>
      bound(unbound(network, types, before, evidence), types, terms, evidence),
    );
  const next = under(after);
  return JSON.stringify(next) === JSON.stringify(under(before)) ? situation : next;
}

const changedTermsOf = (terms: readonly SupplyTerm[], change: TermChange, i: number): readonly SupplyTerm[] =>
  changedTerms(terms, change, i + 1);

/** The situation's part and each of its substitutes as it stands in the network. */
function overNetworks(situation: Situation, change: (network: Situation) => Situation): Situation {
  const {substitutes, ...own} = situation;
  const changed = change(own);
  if (substitutes === undefined) return changed;
  return {
    ...changed,
    substitutes: substitutes.map((one) => {
      const {partId, unitCostMinor, depots, lanes} = one;
      const part = {partId, unitCostMinor, currency: situation.part.currency};
      const as = change({...own, part, depots, lanes});
      return {...one, depots: as.depots, lanes: as.lanes};
    }),
  };
}

/** What these terms come to: the functions that a decision of today is loaded through. */
function bound(
  situation: Situation,
  types: readonly TermType[],
  inForce: readonly SupplyTerm[],
  evidence: TermEvidence,
): Situation {
  const terms = inForce.filter(({type}) => types.includes(type));
  const {partId} = situation.part;
  const open = onSuppliers(situation, (source, depotId) => {
    if (source.barred !== undefined) return source;
    const barred = whyExclusive(situation, source, depotId, terms, evidence);
    return barred === null ? source : {...source, barred};
  });
  const supplied = underSupplyTerms(open, terms, evidence.orderedBy(partId, situation.now));
  return substituted(underPools(supplied, terms), terms, evidence);
}

function whyExclusive(
  {part: {partId}, now}: Situation,
  source: Source,
  depotId: string,
  terms: readonly SupplyTerm[],
  evidence: TermEvidence,
): string | null {
  if (source.kind === 'repair') return null;
  const asked = {
    depotId,
    supplierId: source.sourceId,
    emergency: source.kind === 'emergency',
    waived: evidence.isWaived({partId, depotId}, source, now),
  };
  return whySupplierBarred({partId, flags: []}, asked, terms);
}

/** A need forgets its contract when that charges nothing, so the machine is asked for it again. */
function substituted(situation: Situation, terms: readonly SupplyTerm[], evidence: TermEvidence): Situation {
  if (!terms.some(({type}) => type === 'substitution')) return situation;
  const named = onNeeds(situation, (need) => {
    const contractId = need.contractId ?? evidence.contractOf(need.equipmentId ?? '');
    return contractId === undefined ? need : {...need, contractId};
  });
  const ruled = underSubstitutionTerms(named, terms);
  const rules = new Map(
    ruled.depots.flatMap(({needs}) => needs.map((one) => [one.demandId, one.substitution])),
  );
  return onNeeds(situation, (need) => {
    const substitution = rules.get(need.demandId);
    return substitution === undefined ? need : {...need, substitution};
  });
}

/** The situation without what terms of these types had come to. */
function unbound(
  situation: Situation,
  types: readonly TermType[],
  was: readonly SupplyTerm[],
  evidence: TermEvidence,
): Situation {
  const takenBack: Partial<Record<TermType, (before: Situation) => Situation>> = {
    moq: (s) => onSuppliers(s, inAnyLot),
    price: (s) => onSuppliers(s, atListPrice),
    calendar: (s) => onSuppliers(s, neverShut),
    flex: (s) => onSuppliers(s, (source) => without(source, 'flex')),
    vmiBand: (s) => onSuppliers(s, (source) => without(source, 'vmiBand')),
    exclusivity: (s) => onSuppliers(s, (source, depotId) => reopened(s, source, depotId, was, evidence)),
    poolShare: (s) => ({...s, lanes: s.lanes.map((lane) => outOfPool(lane, was))}),
    substitution: (s) => onNeeds(s, (need) => without(need, 'substitution')),
  };
  return types.reduce((before, type) => takenBack[type]?.(before) ?? before, situation);
}

type Effect = NonNullable<Source['terms']>[number];

function effectsOf<T extends Effect['term']>({terms = []}: Pick<Source, 'terms'>, term: T) {
  return terms.filter((one): one is Extract<Effect, {term: T}> => one.term === term);
}

/** A way with only those effects that are kept. */
function keeping<W extends Source | Lane>(way: W, isKept: (effect: Effect) => boolean): W {
  const terms = way.terms?.filter(isKept) ?? [];
  return terms.length > 0 ? {...way, terms} : without(way, 'terms');
}

function without<T extends object>(from: T, key: keyof T): T {
  return Object.fromEntries(Object.entries(from).filter(([field]) => field !== key)) as T;
}

/** The first effect knows what the master data say; one that was recorded without that leaves its own lot as theirs. */
function inAnyLot(source: Source): Source {
  const [first] = effectsOf(source, 'moq');
  return {...keeping(source, ({term}) => term !== 'moq'), ...first?.insteadOf};
}

function atListPrice(source: Source): Source {
  const [price] = effectsOf(source, 'price');
  const plain = keeping(
    source,
    (one) => one.term !== 'price' && !(one.term === 'unused' && one.type === 'price'),
  );
  return {...without(plain, 'priceTiers'), priceMinor: price?.insteadOfMinor ?? source.priceMinor};
}

function neverShut(source: Source): Source {
  const laterH = effectsOf(source, 'calendar').reduce((sum, effect) => sum + effect.laterH, 0);
  if (laterH === 0) return source;
  return {
    ...keeping(source, ({term}) => term !== 'calendar'),
    meanH: source.meanH - laterH,
    ...withSpeeds(source, (meanH) => meanH - laterH),
  };
}

/** A source that is closed in the very words of a term in force then was closed by that term. */
function reopened(
  situation: Situation,
  source: Source,
  depotId: string,
  was: readonly SupplyTerm[],
  evidence: TermEvidence,
): Source {
  if (source.barred === undefined) return source;
  const open = without(source, 'barred');
  const over = was.filter(({type}) => type === 'obsolescence');
  const depots = situation.depots
    .filter((depot) => depot.depotId === depotId)
    .map((depot) => ({...depot, sources: [open]}));
  const closed = [
    whyExclusive(situation, source, depotId, was, evidence),
    underSupplyTerms({...situation, depots}, over, []).depots[0]?.sources[0]?.barred,
  ];
  return closed.includes(source.barred) ? open : source;
}

function outOfPool(lane: Lane, was: readonly SupplyTerm[]): Lane {
  const free = without(
    keeping(lane, (one) => one.term !== 'poolShare' && !(one.term === 'unused' && one.type === 'poolShare')),
    'pool',
  );
  const isShut = was.some(
    ({type, contractId}) => type === 'poolShare' && lane.barred?.startsWith(`contract ${contractId} lends `),
  );
  return isShut ? without(free, 'barred') : free;
}

function onSuppliers(situation: Situation, change: (source: Source, depotId: string) => Source): Situation {
  const depots = situation.depots.map((depot) => ({
    ...depot,
    sources: depot.sources.map((source) =>
      source.sourceKind === 'supplier' ? change(source, depot.depotId) : source,
    ),
  }));
  return {...situation, depots};
}

type Need = DepotSituation['needs'][number];

function onNeeds(situation: Situation, change: (need: Need) => Need): Situation {
  return {
    ...situation,
    depots: situation.depots.map((depot) => ({...depot, needs: depot.needs.map(change)})),
  };
}
