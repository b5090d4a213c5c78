import type {Option} from '../../../domain/decision.ts';
import {HOUR_MS} from '../../../domain/time.ts';
import type {DepotPlan} from '../decision/depot-plan.ts';
import {comingPieces, isDue} from '../demand/dated-need.ts';
import {owedPieces} from '../decision/shelf.ts';
import type {RiskyComponent, Situation} from '../decision/situation.ts';

/** A shelf that is empty with more than even odds is expected to be empty. */
const LIKELY = 0.5;
/** Forecasts that an impact names at most. */
const BEHIND_MAX = 3;

/** What customers of one depot will feel if nothing more is done (B3). */
export interface Impact {
  readonly depotId: string;
  readonly partyId: string;
  readonly verdict: 'open' | 'keep' | 'clear';
  /** Expected downtime and penalty within the horizon, minor units. */
  readonly moneyMinor: number;
  readonly currency: string;
  /** Expected piece-hours short. */
  readonly shortageH: number;
  readonly horizonH: number;
  /** When the shelf is more likely empty than not; null when that is not within the horizon. */
  readonly emptyAt: number | null;
  readonly backordered: number;
  /** Its own pieces; position and target as its decision reckons, with all it feeds. */
  readonly shelf: {
    readonly onHand: number;
    readonly onOrder: number;
    readonly owed: number;
    readonly position: number;
    readonly target: number;
  };
  /** The machine most likely to need the part, or the one that waits. */
  readonly equipmentId: string | null;
  readonly positionId: string | null;
  readonly probabilityPpm: number;
  /** Of one that may stand: the forecasts it rests on, of that machine's component, then of the likeliest to fail. */
  readonly behind: readonly Pick<RiskyComponent, 'componentId' | 'asOf' | 'modelVersion' | 'revision'>[];
  /** The cheapest way out that is allowed, null when there is none. */
  readonly remedy: Option | null;
}

export function backorderImpacts(
  situation: Situation,
  plans: ReadonlyMap<string, DepotPlan>,
  options: ReadonlyMap<string, readonly Option[]>,
): Impact[] {
  return [...plans.values()].map((plan) => impact(situation, plan, options.get(plan.depot.depotId) ?? []));
}

function impact({now, part, policy}: Situation, plan: DepotPlan, options: readonly Option[]): Impact {
  const {depot, risks, outlook, net, arrivals, waitingMinor: moneyMinor} = plan;
  const named = depot.needs.filter((need) => need.equipmentId !== null);
  const waiting = named.find(isDue) ?? named[0];
  const risky = risks
    .map(({component, within}) => ({component, probability: within(outlook.horizonH)}))
    .reduce<{component: (typeof depot.components)[number]; probability: number} | null>(
      (worst, one) => (worst === null || one.probability > worst.probability ? one : worst),
      null,
    );
  const emptyAfterH = outlook.emptyAfterH(net, arrivals, LIKELY);
  const remedies = options
    .filter(
      (option) => option.action !== 'nothing' && option.excluded === null && option.totalMinor < moneyMinor,
    )
    .sort((a, b) => a.totalMinor - b.totalMinor);
  const equipmentId = waiting?.equipmentId ?? risky?.component.equipmentId ?? null;
  const positionId = waiting === undefined ? (risky?.component.positionId ?? null) : null;
  const isNamed = (one: RiskyComponent): boolean =>
    one.equipmentId === equipmentId && (positionId === null || one.positionId === positionId);
  // Hysteresis: between the two thresholds an open alert stays, with what is true now, and a cleared one stays cleared.
  const verdict =
    moneyMinor >= policy.alertOpenMinor ? 'open' : moneyMinor < policy.alertClearMinor ? 'clear' : 'keep';
  return {
    depotId: depot.depotId,
    partyId: depot.partyId,
    verdict,
    moneyMinor,
    currency: part.currency,
    shortageH: Math.round((moneyMinor / plan.shortageMinorPerH) * 10) / 10,
    horizonH: Math.round(outlook.horizonH),
    emptyAt: emptyAfterH === null ? null : Math.round(now + emptyAfterH * HOUR_MS),
    backordered: Math.max(0, -net - comingPieces(depot)),
    shelf: {
      onHand: depot.onHand,
      onOrder: depot.receipts.reduce((sum, {quantity}) => sum + quantity, 0),
      owed: owedPieces(depot),
      position: plan.position,
      target: plan.target,
    },
    equipmentId,
    positionId,
    probabilityPpm: Math.round((risky?.probability ?? 0) * 1_000_000),
    behind: verdict === 'clear' ? [] : likeliest(depot.components, isNamed),
    remedy: remedies[0] ?? null,
  };
}

/** The named component first, then those that are likeliest to fail. */
function likeliest(
  components: readonly RiskyComponent[],
  isNamed: (one: RiskyComponent) => boolean,
): Impact['behind'] {
  return [...components]
    .sort(
      (a, b) => Number(isNamed(b)) - Number(isNamed(a)) || b.cumulativePpm.at(-1)! - a.cumulativePpm.at(-1)!,
    )
    .slice(0, BEHIND_MAX)
    .map(({componentId, asOf, modelVersion, revision}) => ({componentId, asOf, modelVersion, revision}));
}
