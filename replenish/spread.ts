import {ok, refused, type Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {allocationCost, marginalAllocation, optimalAllocations} from './core/plan/scarce-supply.ts';
import {spreadInput} from './core/plan/spread-input.ts';
import type {PlanStore} from './plan-ports.ts';
import {notHeld, situationOf} from './plan-scope.ts';

/** More pieces than this are no scarce supply of a service part. */
const PIECES_MAX = 1_000;

export interface SpreadRequest {
  readonly partId: string;
  /** Whose pieces they are. */
  readonly depotId: string;
  /** Left out: what its shelf may give. */
  readonly pieces?: number | undefined;
  /** Pieces that go together. */
  readonly lot: number;
}

export interface SpreadRow {
  readonly depotId: string;
  /** On hand + on order − owed, with all that it feeds. */
  readonly position: number;
  readonly expectedDemand: number;
  /** Of one piece that is missing. */
  readonly shortageMinor: number;
  readonly share: number;
  /** What the depot is expected to be short of, in money, without its share and with it. */
  readonly withoutMinor: number;
  readonly withMinor: number;
}

export interface SpreadRun {
  readonly partId: string;
  readonly depotId: string;
  readonly currency: string;
  readonly pieces: number;
  readonly lot: number;
  readonly nextSupplyH: number;
  /** Pieces that pay nowhere, or make no lot. */
  readonly unshared: number;
  readonly withoutMinor: number;
  readonly withMinor: number;
  /** What giving one lot after the other to whom it saves most would leave. */
  readonly byTurnsMinor: number;
  readonly rows: readonly SpreadRow[];
}

/**
 * How the pieces that a depot has, or will have, are best spread over the depots that it fills: least expected shortage cost until it is
 * supplied again, exactly, also in lots (F1). Reads, and writes nothing.
 */
export async function planSpread(
  store: PlanStore,
  {partId, depotId, lot, pieces: asked}: SpreadRequest,
  now: EpochMs,
): Promise<Result<SpreadRun>> {
  return store.inSnapshot(now, async (snapshot) => {
    const found = await situationOf(snapshot, partId);
    if (!found.ok) return found;
    const situation = found.value;
    const input = spreadInput(situation, depotId);
    if (input === undefined) return notHeld(partId, depotId);
    const {claimants, giveable, nextSupplyH} = input;
    if (claimants.length === 0)
      return refused(
        'nobody-asks',
        `depot ${depotId} fills no depot with part ${partId}, and nobody asks it`,
      );
    const pieces = asked ?? giveable;
    if (pieces > PIECES_MAX)
      return refused('too-many-pieces', `${pieces} pieces are spread; name ${PIECES_MAX} at most`);
    const {allocations, cost} = optimalAllocations(claimants, pieces, lot, 1);
    const [shares] = allocations;
    const rows = claimants.map((one, i): SpreadRow => {
      const [without, withShare] = [0, shares![i]!].map((share) =>
        Math.round(allocationCost([one], [share])),
      );
      return {
        depotId: one.depotId,
        position: one.net,
        expectedDemand: one.expectedDemand,
        shortageMinor: one.shortageCost,
        share: shares![i]!,
        withoutMinor: without!,
        withMinor: withShare!,
      };
    });
    return ok({
      partId,
      depotId,
      currency: situation.part.currency,
      pieces,
      lot,
      nextSupplyH,
      unshared: pieces - rows.reduce((sum, {share}) => sum + share, 0),
      withoutMinor: rows.reduce((sum, row) => sum + row.withoutMinor, 0),
      withMinor: Math.round(cost),
      byTurnsMinor: Math.round(allocationCost(claimants, marginalAllocation(claimants, pieces, lot))),
      rows,
    });
  });
}
