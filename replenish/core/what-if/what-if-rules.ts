import {PenaltyFormula} from '../../../domain/penalty.ts';
import type {DepotSituation, Situation, Source} from '../decision/situation.ts';
import type {Overlay} from './what-if-overlay.ts';
import {remodelled} from './what-if-model.ts';
import type {ModelEvidence} from './what-if-model.ts';
import {retermed} from './what-if-terms.ts';
import type {TermEvidence} from './what-if-terms.ts';
import {mapped, matches, onLanes, onShelves, onSources, replaced} from './what-if-selection.ts';
import {withSpeeds} from '../supply/express.ts';

/** What the books say beside a recorded situation. */
export type WhatIfEvidence = ModelEvidence & TermEvidence;

/** Books without a row. */
export const NOTHING_STORED: WhatIfEvidence = {
  component: () => undefined,
  curve: () => undefined,
  termsAt: () => [],
  orderedBy: () => [],
  isWaived: () => false,
  contractOf: () => undefined,
};

/** One entry of an overlay. */
export interface WhatIfRule {
  /** Where the file has it: 'stock[0]'. */
  readonly path: string;
  /** The situation with the entry laid over; the very same value when nothing of it is selected. */
  apply(situation: Situation): Situation;
}

/**
 * An overlay as rules, in the order in which they are laid over: policy, terms, stock, lead times, costs, contracts, model.
 *
 * Orders that are under way keep their recorded dates, and reservations and the register of backorders stay as they were.
 */
export function rulesOf(overlay: Overlay, evidence: WhatIfEvidence): readonly WhatIfRule[] {
  const {policy, terms, stock, leadTimes, costs, contracts, model} = overlay;
  const each = <E>(
    path: string,
    entries: readonly E[],
    apply: (situation: Situation, entry: E) => Situation,
  ): WhatIfRule[] =>
    entries.map((entry, i) => ({path: `${path}[${i}]`, apply: (situation) => apply(situation, entry)}));
  const changed: WhatIfRule[] =
    policy === undefined
      ? []
      : [{path: 'policy', apply: (s) => ({...s, policy: {...s.policy, ...given(policy)}})}];
  return [
    ...changed,
    ...terms.map((_, i) => ({
      path: `terms[${i}]`,
      apply: (situation: Situation) => retermed(situation, terms, i, evidence),
    })),
    ...each('stock', stock, (s, entry) => onShelves(s, entry, (depot) => restocked(depot, entry))),
    ...each('leadTimes.sources', leadTimes.sources, (s, entry) =>
      onSources(s, entry, (source) => retimedSource(source, entry)),
    ),
    ...each('leadTimes.lanes', leadTimes.lanes, (s, entry) =>
      onLanes(s, entry, (lane) => ({
        ...lane,
        meanH: entry.meanHours ?? lane.meanH * (entry.scale ?? 1),
        sdH: entry.sdHours ?? lane.sdH * (entry.scale ?? 1),
      })),
    ),
    ...each('costs.parts', costs.parts, revalued),
    ...each('costs.sources', costs.sources, (s, entry) =>
      onSources(s, entry, (source) => repricedSource(source, entry)),
    ),
    ...each('costs.lanes', costs.lanes, (s, entry) =>
      onLanes(s, entry, (lane) => ({
        ...lane,
        ...scaledField(lane, 'freightPerKgMinor', entry.freightScale),
        costMinor: entry.costMinor ?? scaled(lane.costMinor, entry.freightScale),
        costPerPieceMinor: entry.costPerPieceMinor ?? scaled(lane.costPerPieceMinor, entry.freightScale),
      })),
    ),
    ...each('costs.holding', costs.holding, (s, entry) =>
      onShelves(s, entry, (depot) => ({
        ...depot,
        holdingRatePerYear: entry.ratePerYear ?? depot.holdingRatePerYear * (entry.scale ?? 1),
      })),
    ),
    ...each('costs.shortage', costs.shortage, (s, entry) =>
      onShelves(s, entry, (depot) => {
        const dearer = <T extends Machine>(one: T): T => reshortened(one, entry);
        return {
          ...depot,
          ...mapped(depot, 'components', dearer),
          ...mapped(depot, 'needs', dearer),
          ...mapped(depot, 'planned', dearer),
        };
      }),
    ),
    ...each('contracts', contracts, recharged),
    ...each('model', model, (s, entry) =>
      onShelves(s, entry, (depot) => ({
        ...depot,
        ...mapped(depot, 'components', (one) => remodelled(one, entry, evidence, s.now)),
      })),
    ),
  ];
}

type Entry<L extends keyof Overlay> = Overlay[L] extends readonly (infer E)[] ? E : never;
type CostEntry<L extends keyof Overlay['costs']> = Overlay['costs'][L][number];

function restocked(depot: DepotSituation, entry: Entry<'stock'>): DepotSituation {
  const onHand = entry.onHand ?? Math.max(0, depot.onHand + (entry.addOnHand ?? 0));
  const {stockFloor: planned, lots, ...plain} = depot;
  const stockFloor = entry.stockFloor === undefined ? planned : entry.stockFloor;
  let left = onHand;
  const kept = lots?.flatMap((lot) => {
    const quantity = Math.min(lot.quantity, left);
    left -= quantity;
    return quantity > 0 ? [{...lot, quantity}] : [];
  });
  return {
    ...plain,
    onHand,
    ...(kept === undefined ? {} : {lots: kept}),
    ...(stockFloor === undefined || stockFloor === null ? {} : {stockFloor}),
    maxStock: entry.maxStock === undefined ? depot.maxStock : entry.maxStock,
    mayStock: entry.mayStock ?? depot.mayStock,
    mustStock: entry.mustStock ?? depot.mustStock,
  };
}

/** A lead time that the overlay states is learnt from nobody's deliveries; one that it stretches keeps its shape. */
function retimedSource(
  source: Source,
  {scale = 1, meanDays, sdDays}: Overlay['leadTimes']['sources'][number],
): Source {
  const retimed: Source = {
    ...source,
    meanH: meanDays === undefined ? source.meanH * scale : meanDays * 24,
    sdH: sdDays === undefined ? source.sdH * scale : sdDays * 24,
    ...withSpeeds(source, (meanH) => meanH * scale),
  };
  delete retimed.learned;
  if (meanDays !== undefined || sdDays !== undefined) delete retimed.shape;
  return retimed;
}

function repricedSource(source: Source, entry: CostEntry<'sources'>): Source {
  const {expediteFeeMinor} = source;
  return {
    ...source,
    ...scaledField(source, 'freightMinor', entry.freightScale),
    ...scaledField(source, 'freightPerKgMinor', entry.freightScale),
    priceMinor: entry.priceMinor ?? scaled(source.priceMinor, entry.priceScale),
    orderCostMinor: entry.orderCostMinor ?? source.orderCostMinor,
    expediteFeeMinor: entry.expediteFeeMinor ?? expediteFeeMinor,
    minimum: entry.minimum ?? source.minimum,
    multiple: entry.multiple ?? source.multiple,
    ...(source.priceTiers === undefined ? {} : {priceTiers: repricedTiers(source.priceTiers, entry)}),
  };
}

/** A price that the overlay states is that of every size. */
function repricedTiers(
  tiers: NonNullable<Source['priceTiers']>,
  {priceMinor, priceScale}: CostEntry<'sources'>,
): NonNullable<Source['priceTiers']> {
  if (priceMinor !== undefined) return [];
  return tiers.map((tier) => ({...tier, priceMinor: scaled(tier.priceMinor, priceScale)}));
}

function revalued(situation: Situation, {partId, scale, unitCostMinor}: CostEntry<'parts'>): Situation {
  const worth = <T extends {readonly partId: string; readonly unitCostMinor: number}>(part: T): T =>
    matches(partId, part.partId)
      ? {...part, unitCostMinor: unitCostMinor ?? scaled(part.unitCostMinor, scale)}
      : part;
  const part = worth(situation.part);
  const substitutes = replaced(situation.substitutes ?? [], worth);
  if (part === situation.part && (situation.substitutes ?? substitutes) === substitutes) return situation;
  return {...situation, part, ...(situation.substitutes === undefined ? {} : {substitutes})};
}

interface Machine {
  readonly equipmentId: string | null;
  readonly shortageMinorPerH: number;
}

function reshortened<T extends Machine>(machine: T, entry: CostEntry<'shortage'>): T {
  if (!matches(entry.equipmentId, machine.equipmentId)) return machine;
  return {
    ...machine,
    shortageMinorPerH: entry.perHourMinor ?? scaled(machine.shortageMinorPerH, entry.scale),
  };
}

function recharged(situation: Situation, entry: Entry<'contracts'>): Situation {
  if (situation.contracts === undefined) return situation;
  const contracts = replaced(situation.contracts, (contract) => {
    if (!matches(entry.contractId, contract.contractId)) return contract;
    const charges = replaced(contract.charges, (charge) =>
      matches(entry.termNo, charge.termNo)
        ? {...charge, limitH: entry.limitH ?? charge.limitH, formula: formulaOf(charge.formula, entry)}
        : charge,
    );
    return charges === contract.charges ? contract : {...contract, charges};
  });
  return contracts === situation.contracts ? situation : {...situation, contracts};
}

/** A waived charge stays in its place with nothing to pay: the clocks of open needs are kept by place. */
function formulaOf(recorded: PenaltyFormula, {waived, scale, formula}: Entry<'contracts'>): PenaltyFormula {
  const base = waived === true ? PenaltyFormula.parse({}) : (formula ?? recorded);
  if (scale === undefined) return base;
  const by = (sums: {perEventMinor: number; perHourMinor: number}) => ({
    perEventMinor: scaled(sums.perEventMinor, scale),
    perHourMinor: scaled(sums.perHourMinor, scale),
  });
  return {
    ...base,
    ...by(base),
    tiers: base.tiers.map((tier) => ({...tier, ...by(tier)})),
    ...scaledField(base, 'feeMinor', scale),
    ...scaledField(base, 'floorMinor', scale),
    capMinor: base.capMinor === null ? null : scaled(base.capMinor, scale),
  };
}

function scaled(minor: number, scale = 1): number {
  return Math.round(minor * scale);
}

/** A charge that is left out where it is nothing stays left out. */
function scaledField<K extends string>(
  from: {readonly [P in K]?: number | undefined},
  field: K,
  scale: number | undefined,
): {readonly [P in K]?: number} {
  const value = from[field];
  return value === undefined ? {} : ({[field]: scaled(value, scale)} as {readonly [P in K]?: number});
}

function given<T extends object>(fields: T): {[K in keyof T]: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
