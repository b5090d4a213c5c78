import {ALWAYS, BusinessClock} from '../../../domain/business-time.ts';
import {inScope} from '../../../domain/contract-term.ts';
import type {TermParams, TermType} from '../../../domain/contract-term.ts';
import {windowAt} from '../../../domain/service-level/window.ts';
import type {TermEffect} from '../../../domain/term-effect.ts';
import {DAY_MS, HOUR_MS, startOfDate} from '../../../domain/time.ts';
import type {TermInForce} from './rules.ts';
import type {DepotSituation, Situation, Source} from '../decision/situation.ts';
import {withSpeeds} from './express.ts';

/** A term, and who agreed on it. */
export type SupplyTerm = TermInForce & {readonly termNo: number; readonly parties: readonly string[]};

/** Pieces that a depot ordered from a supplier in a month; `monthAt` is its first instant, UTC. */
export interface OrderedPieces {
  readonly depotId: string;
  readonly supplierId: string;
  readonly monthAt: number;
  readonly pieces: number;
}

type Found<T extends TermType> = Pick<SupplyTerm, 'contractId' | 'termNo' | 'scope'> & {
  readonly params: TermParams<T>;
};

/** Terms of a type about a part at a depot, those that name the part first. */
export function termsAbout<T extends TermType>(
  type: T,
  terms: readonly SupplyTerm[],
  {partId, depotId}: {readonly partId: string; readonly depotId: string},
  agreedBy: (term: SupplyTerm) => boolean,
): Found<T>[] {
  const found = terms.filter(
    (term) => term.type === type && agreedBy(term) && inScope(term.scope, {equipmentId: '', partId, depotId}),
  ) as (SupplyTerm & Found<T>)[];
  const isNamed = ({scope}: Found<T>): number => (scope.partIds === undefined ? 1 : 0);
  return found.sort((a, b) => isNamed(a) - isNamed(b));
}

/**
 * The situation with what its parties agreed with suppliers: minimum and multiple, price, shutdowns, flexibility, last orders and
 * shelves that a supplier keeps. A term binds what one party of its contract buys from the other.
 *
 * Minimum, multiple, price and flexibility are about plain orders and their express; last orders about emergencies too, and a
 * shutdown delays every kind of source.
 *
 * Example: 2 in multiples of 2 by the master data, 5 in multiples of 3 by contract → 5 in multiples of 6.
 */
export function underSupplyTerms(
  situation: Situation,
  terms: readonly SupplyTerm[],
  ordered: readonly OrderedPieces[],
): Situation {
  if (terms.length === 0) return situation;
  const depots = situation.depots.map((depot) => ({
    ...depot,
    sources: depot.sources.map((source) =>
      source.sourceKind === 'supplier' ? bound(source, {situation, depot, terms, ordered}) : source,
    ),
  }));
  return {...situation, depots};
}

/** What a term is held against. */
interface Purchase {
  readonly situation: Situation;
  readonly depot: DepotSituation;
  readonly terms: readonly SupplyTerm[];
  readonly ordered: readonly OrderedPieces[];
}
type Step = (source: Source, purchase: Purchase) => Source;

function bound(source: Source, purchase: Purchase): Source {
  const steps: Record<Source['kind'], readonly Step[]> = {
    normal: [inLots, priced, flexible, leftToSupplier, lastOrdered, delayed],
    emergency: [lastOrdered, delayed],
    repair: [delayed],
  };
  return steps[source.kind].reduce((before, step) => step(before, purchase), source);
}

function agreed<T extends TermType>(
  type: T,
  {sourceId}: Source,
  {situation: {part}, depot, terms}: Purchase,
): Found<T>[] {
  const {partId} = part;
  const {depotId, partyId} = depot;
  return termsAbout(
    type,
    terms,
    {partId, depotId},
    ({parties}) => parties.includes(partyId) && parties.includes(sourceId),
  );
}

function saying(source: Source, effect: TermEffect): Source {
  return {...source, terms: [...(source.terms ?? []), effect]};
}

/** The stricter of master data and contracts. */
const inLots: Step = (source, purchase) =>
  agreed('moq', source, purchase).reduce((before, {contractId, termNo, params}) => {
    const minimum = Math.max(before.minimum, params.min);
    const multiple = leastCommonMultiple(before.multiple, params.multiple);
    if (minimum === before.minimum && multiple === before.multiple) return before;
    const insteadOf = {minimum: before.minimum, multiple: before.multiple};
    return saying(
      {...before, minimum, multiple},
      {term: 'moq', contractId, termNo, minimum, multiple, insteadOf},
    );
  }, source);

/** By the first price in the part's currency; the others are said to be left aside. */
const priced: Step = (source, purchase) => {
  const {unitCostMinor, currency} = purchase.situation.part;
  const found = agreed('price', source, purchase);
  const said = found
    .filter(({params}) => params.currency !== currency)
    .reduce(
      (before, {contractId, termNo, params}) =>
        saying(before, {term: 'unused', type: 'price', contractId, termNo, currency: params.currency}),
      source,
    );
  const price = found.find(({params}) => params.currency === currency);
  if (price === undefined) return said;
  const {contractId, termNo, params} = price;
  if (params.model === 'volume-tier')
    return {...said, priceTiers: params.tiers!.map((tier) => ({contractId, termNo, ...tier}))};
  const priceMinor =
    params.model === 'fixed' ? params.priceMinor! : Math.round(unitCostMinor * (1 + params.markupPct! / 100));
  const insteadOfMinor = source.priceMinor;
  return saying(
    {...said, priceMinor},
    {term: 'price', contractId, termNo, priceMinor, insteadOfMinor, currency},
  );
};

/** What the period still takes without a surcharge. */
const flexible: Step = (source, purchase) => {
  const [flex] = agreed('flex', source, purchase);
  if (flex === undefined) return source;
  const {contractId, termNo, scope, params} = flex;
  const {basePerPeriod, pct, period, surchargePct, noticeDays} = params;
  const {now, part} = purchase.situation;
  const {from} = windowAt(period, new BusinessClock(ALWAYS), now);
  const taken = purchase.ordered
    .filter(({supplierId, monthAt}) => supplierId === source.sourceId && monthAt >= from)
    .filter(({depotId}) => inScope(scope, {equipmentId: '', partId: part.partId, depotId}))
    .reduce((sum, {pieces}) => sum + pieces, 0);
  const most = Math.floor((basePerPeriod * (100 + pct)) / 100);
  const notice = noticeDays === undefined ? {} : {noticeH: noticeDays * 24};
  return {
    ...source,
    flex: {contractId, termNo, freePieces: Math.max(0, most - taken), surchargePct, ...notice},
  };
};

const leftToSupplier: Step = (source, {situation: {part}, depot: {depotId, partyId}, terms}) => {
  const band = termsAbout('vmiBand', terms, {partId: part.partId, depotId}, ({parties}) =>
    parties.includes(partyId),
  ).find(({params}) => params.supplierPartyId === source.sourceId);
  if (band === undefined) return source;
  const {contractId, termNo, params} = band;
  return {...source, vmiBand: {contractId, termNo, minimum: params.min, maximum: params.max}};
};

/** The last day's orders are still taken. */
const lastOrdered: Step = (source, purchase) => {
  if (source.barred !== undefined) return source;
  const {now} = purchase.situation;
  const over = agreed('obsolescence', source, purchase).find(
    ({params}) => now >= startOfDate(params.lastOrderDate) + DAY_MS,
  );
  if (over === undefined) return source;
  const {contractId, params} = over;
  return {
    ...source,
    barred: `by contract ${contractId} ${source.sourceId} takes no order after ${params.lastOrderDate}`,
  };
};

/** What is ordered while the supplier is shut down is here later by what is left of that. */
const delayed: Step = (source, purchase) => {
  const {now} = purchase.situation;
  const found = agreed('calendar', source, purchase);
  const shut = found.find(({params}) => reopening(now, params.shutdowns) > now);
  if (shut === undefined) return source;
  const reopensAt = reopening(
    now,
    found.flatMap(({params}) => params.shutdowns),
  );
  const {contractId, termNo} = shut;
  const laterH = (reopensAt - now) / HOUR_MS;
  return saying(
    {...source, meanH: source.meanH + laterH, ...withSpeeds(source, (meanH) => meanH + laterH)},
    {term: 'calendar', contractId, termNo, reopensAt, laterH},
  );
};

type Shutdowns = TermParams<'calendar'>['shutdowns'];

/** When a supplier takes orders again; the instant itself while it does. Shutdowns may follow one another. */
function reopening(now: number, shutdowns: Shutdowns): number {
  let at = now;
  for (;;) {
    const shut = shutdowns.find(({from, until}) => startOfDate(from) <= at && at < startOfDate(until));
    if (shut === undefined) return at;
    at = startOfDate(shut.until);
  }
}

/** Example: 4 and 6 → 12. */
function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
