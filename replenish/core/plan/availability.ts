/** Pieces of a part in the active machines of one model whose needs show at a depot. */
export interface CarriedPieces {
  readonly partId: string;
  readonly depotId: string;
  readonly modelId: string;
  readonly pieces: number;
}

/** The machines that a plan is for. */
export interface Fleet {
  /** Active machines by model. */
  readonly machines: ReadonlyMap<string, number>;
  readonly carried: readonly CarriedPieces[];
}

/** What is planned together: a part at the depots of one curve, and whether anybody asks for it there. */
export interface ServedPart {
  readonly partId: string;
  readonly depotIds: readonly string[];
  readonly isAskedFor: boolean;
}

/** Pieces that ask for a served part, by model and together. */
export interface PiecesServed {
  readonly byModel: ReadonlyMap<string, number>;
  readonly pieces: number;
}

export interface ModelAvailability {
  readonly modelId: string;
  readonly machines: number;
  /** Null: no planned part is on record in it. */
  readonly availability: number | null;
}

export interface FleetAvailability {
  /** Share of the machines below that wait for no part; null: it cannot be told. */
  readonly availability: number | null;
  /** Machines of the models that carry a planned part. */
  readonly machinesTold: number;
  /** The least available first, then those that nothing can be told of. */
  readonly fleets: readonly ModelAvailability[];
}

/**
 * Which pieces of the fleet each served part is for. A part that is asked for and that no machine on record carries is counted as if every
 * active machine had one: whoever waits for it may be any of them.
 */
export function piecesServed(fleet: Fleet, parts: readonly ServedPart[]): readonly PiecesServed[] {
  const carried = new Map<string, CarriedPieces[]>();
  for (const one of fleet.carried) {
    const key = JSON.stringify([one.partId, one.depotId]);
    const known = carried.get(key);
    if (known === undefined) carried.set(key, [one]);
    else known.push(one);
  }
  return parts.map(({partId, depotIds, isAskedFor}) => {
    const byModel = new Map<string, number>();
    for (const depotId of depotIds)
      for (const {modelId, pieces} of carried.get(JSON.stringify([partId, depotId])) ?? [])
        byModel.set(modelId, (byModel.get(modelId) ?? 0) + pieces);
    return withTotal(byModel.size === 0 && isAskedFor ? fleet.machines : byModel);
  });
}

function withTotal(byModel: ReadonlyMap<string, number>): PiecesServed {
  return {byModel, pieces: [...byModel.values()].reduce((sum, pieces) => sum + pieces, 0)};
}

/**
 * Availability of the fleet, model by model: a machine runs when none of its pieces waits, each of them short as often as the others of its
 * kind.
 *
 *   A = Π (1 − EBO_i / (N · Z_i)) ^ Z_i,  Z_i pieces of part i in each of the N machines of the model
 *
 * Machines of other models that carry the part share its backorders. The whole fleet is the mean over its machines.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2.
 * Example: 10 machines with two pieces of a part, 0.4 short on average, and one of another, 0.1 short → 0.98² · 0.99 = 0.9508.
 */
export function fleetAvailability(
  {machines}: Fleet,
  served: readonly PiecesServed[],
  backorders: readonly number[],
): FleetAvailability {
  const logs = new Map<string, number>();
  served.forEach(({byModel, pieces}, i) => {
    const log = Math.log(Math.max(0, 1 - backorders[i]! / pieces));
    for (const [modelId, own] of byModel)
      logs.set(modelId, (logs.get(modelId) ?? 0) + (own / (machines.get(modelId) ?? 1)) * log);
  });
  const fleets = [...machines].map(([modelId, count]): ModelAvailability => ({
    modelId,
    machines: count,
    availability: logs.has(modelId) ? Math.exp(logs.get(modelId)!) : null,
  }));
  const told = fleets.filter(({availability}) => availability !== null);
  const machinesTold = told.reduce((sum, one) => sum + one.machines, 0);
  const running = told.reduce((sum, one) => sum + one.machines * one.availability!, 0);
  const rank = ({availability}: ModelAvailability): number => availability ?? 2;
  return {
    availability: machinesTold === 0 ? null : running / machinesTold,
    machinesTold,
    fleets: fleets.sort((a, b) => rank(a) - rank(b) || (a.modelId < b.modelId ? -1 : 1)),
  };
}

/** From here on the logarithm is continued by its tangent, up to where every piece is short: a part that no stock can save must not hide what others do. */
const SHORT_SHARE_MAX = 0.9;

/**
 * What backorders of a part take from the logarithm of the fleet's availability, in machines: additive over parts, so that marginal analysis
 * may add it up.
 *
 *   loss = −N Z · ln(1 − EBO / (N Z))
 *
 * A fleet whose losses add up to −N · ln(goal) is available as often as the goal says or more: the mean over machines is never below their
 * geometric mean.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2. Example: 20 pieces, 0.4 short → 0.40405.
 */
export function availabilityLoss(pieces: number, backorders: number): number {
  if (pieces === 0) return 0;
  const short = Math.min(1, backorders / pieces);
  const beyond = Math.max(0, short - SHORT_SHARE_MAX);
  return pieces * (beyond / (1 - SHORT_SHARE_MAX) - Math.log1p(beyond - short));
}
