import {refused, ok, type Result} from '../domain/result.ts';
import {YEAR_DAYS, type EpochMs} from '../domain/time.ts';
import {lastBuy, needSummary, type LastBuyPoint, type NeedSummary} from './core/plan/last-buy.ts';
import {lastBuyInput, type FleetEnds, type LastBuyTerms} from './core/plan/last-buy-input.ts';
import {meanAskedFor} from './core/demand/remaining-need.ts';
import type {Situation} from './core/decision/situation.ts';
import type {LastOrderTerm, PlanSnapshot, PlanStore} from './plan-ports.ts';
import {notHeld, situationOf} from './plan-scope.ts';

/** Beyond this a part is no service part whose last pieces are counted. */
const PIECES_MAX = 1_000;

export interface LastBuyRequest extends Omit<LastBuyTerms, 'until' | 'salvageShare'> {
  /** Left out: what a contract buys back at, else nothing. */
  readonly salvageShare?: number | undefined;
  readonly partId: string;
  /** With the depots that it fills; left out: all. */
  readonly depotId?: string | undefined;
  /** Left out: when the last contract ends, where each machine's contract does. */
  readonly until?: number | undefined;
}

/** The last order of a part, with what it was worked out from. */
export interface LastBuyRun {
  readonly partId: string;
  readonly depotIds: readonly string[];
  readonly currency: string;
  readonly until: number;
  readonly endOfLife: boolean;
  /** What a contract agrees for the part's end; null: none does. */
  readonly lastOrder: LastOrderTerm | null;
  readonly sourceId: string | null;
  readonly ratePerYear: number;
  readonly fleet: FleetEnds;
  readonly repairedShare: number;
  readonly position: number;
  readonly need: NeedSummary;
  readonly priceMinor: number;
  readonly holdingMinorPerYear: number;
  readonly salvageMinor: number;
  /** Of one need that no piece is left for. */
  readonly shortageMinor: number;
  readonly best: LastBuyPoint;
  readonly curve: readonly LastBuyPoint[];
}

/** How many pieces of a part to buy when they can be bought once more (G4, E4). Reads, and writes nothing. */
export async function planLastBuy(
  store: PlanStore,
  request: LastBuyRequest,
  now: EpochMs,
): Promise<Result<LastBuyRun>> {
  return store.inSnapshot(now, async (snapshot) => {
    const scope = await scopeOf(snapshot, request, now);
    if (!scope.ok) return scope;
    const {situation, depotIds, fleet, until} = scope.value;
    const {part} = situation;
    const repairs = await snapshot.repairs();
    const lastOrder = await snapshot.lastOrderTerm(part.partId, depotIds);
    const salvageShare = request.salvageShare ?? lastOrder?.buybackShare ?? 0;
    const {life, position, costs, lot, sourceId} = lastBuyInput(
      situation,
      new Set(depotIds),
      fleet,
      {...request, salvageShare, until},
      (depotId) => repairs(part.partId, depotId),
    );
    const asked = meanAskedFor(life, Infinity);
    if (asked > PIECES_MAX)
      return refused(
        'moves-too-fast',
        `part ${part.partId}: ${Math.round(asked)} pieces are still asked for, more than ${PIECES_MAX}; name an earlier day`,
      );
    const {best, curve, need} = lastBuy(life, position, costs, lot);
    return ok({
      partId: part.partId,
      depotIds,
      currency: part.currency,
      until,
      endOfLife: part.endOfLife === true,
      lastOrder,
      sourceId,
      ratePerYear: YEAR_DAYS * life.ratePerDay,
      fleet,
      repairedShare: life.repairedShare,
      position,
      need: needSummary(life, need),
      priceMinor: Math.round(costs.price),
      holdingMinorPerYear: Math.round(costs.holdingPerDay * YEAR_DAYS),
      salvageMinor: Math.round(costs.salvage),
      shortageMinor: Math.round(costs.shortage),
      best: inWholeMinor(best),
      curve: curve.map(inWholeMinor),
    });
  });
}

interface Scope {
  readonly situation: Situation;
  readonly depotIds: readonly string[];
  readonly fleet: FleetEnds;
  readonly until: number;
}

/** What the order is for, and until when. */
async function scopeOf(
  snapshot: PlanSnapshot,
  {partId, depotId, until: asked}: LastBuyRequest,
  now: EpochMs,
): Promise<Result<Scope>> {
  const found = await situationOf(snapshot, partId);
  if (!found.ok) return found;
  const situation = found.value;
  const depotIds =
    depotId === undefined ? situation.depots.map((depot) => depot.depotId) : filledBy(situation, depotId);
  if (depotId !== undefined && depotIds.length === 0) return notHeld(partId, depotId);
  const fleet = await snapshot.fleetEnds(partId, depotIds);
  const until = asked ?? lastEnd(fleet);
  if (until === null)
    return refused(
      'no-end',
      `part ${partId}: not every machine has a contract that ends; say until when it is served`,
    );
  if (until <= now) return refused('no-end', `part ${partId} is served until the past; name a later day`);
  return ok({situation, depotIds, fleet, until});
}

/** A depot and those that it fills. */
function filledBy({depots}: Situation, depotId: string): string[] {
  const own = depots.some((depot) => depot.depotId === depotId) ? [depotId] : [];
  const filled = depots.filter(({parentDepotId}) => parentDepotId === depotId);
  return [...own, ...filled.map((depot) => depot.depotId)];
}

/** When the last machine is no longer served, if that is known of each. */
function lastEnd(fleet: FleetEnds): number | null {
  const ends = fleet.map(({endsAt}) => endsAt);
  return ends.length === 0 || ends.includes(null) ? null : Math.max(...(ends as number[]));
}

/** Rounded part by part, so that the parts add up to the total. */
function inWholeMinor(point: LastBuyPoint): LastBuyPoint {
  const [price, holding, shortage, salvage] = [point.price, point.holding, point.shortage, point.salvage].map(
    Math.round,
  ) as [number, number, number, number];
  return {...point, price, holding, shortage, salvage, total: price + holding + shortage - salvage};
}
