import {ok, type Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {
  criticalities,
  exposureOf,
  type CriticalityClass,
  type CriticalityReason,
  type Exposure,
} from './core/plan/criticality.ts';
import {plannedPart} from './core/plan/plan-input.ts';
import type {PlanStore} from './plan-ports.ts';
import {chooseCurrency, eachSituation, type PlanRequest} from './planning.ts';

/** A part's class: what its failures say, what the master data says, and which of the two holds. */
export interface CriticalityRow {
  readonly partId: string;
  readonly derived: CriticalityClass;
  /** In part.csv; it wins. Null: left out there. */
  readonly stated: CriticalityClass | null;
  readonly inForce: CriticalityClass;
  /** The class in force until now. */
  readonly before: CriticalityClass;
  readonly reason: CriticalityReason;
}

export interface CriticalityRun {
  readonly runId: string | null;
  readonly currency: string;
  /** The most exposed first. */
  readonly parts: readonly CriticalityRow[];
}

/** Classes of the parts from what their failures cost (D7); kept, they set service floors and thresholds where the master data states none. */
export async function planCriticality(
  store: PlanStore,
  request: PlanRequest,
  now: EpochMs,
): Promise<Result<CriticalityRun>> {
  const found = await store.inSnapshot(now, async (snapshot) => {
    const currency = chooseCurrency(await snapshot.currencies(), request.currency);
    if (!currency.ok) return currency;
    const classes = await snapshot.criticalities();
    const parts: {partId: string; exposure: Exposure}[] = [];
    await eachSituation(snapshot, currency.value, (situation) => {
      const {partId} = situation.part;
      parts.push({partId, exposure: exposureOf(situation, plannedPart(situation))});
    });
    const rows = [...criticalities(parts)].map(([partId, {criticality, reason}]): CriticalityRow => {
      const {stated, inForce: before} = classes.get(partId)!;
      return {partId, derived: criticality, stated, inForce: stated ?? criticality, before, reason};
    });
    return ok({currency: currency.value, parts: rows});
  });
  if (!found.ok) return found;
  const {currency, parts} = found.value;
  const count = (name: CriticalityClass): number => parts.filter(({inForce}) => inForce === name).length;
  const run = {
    kind: 'criticality',
    actor: request.actor,
    goal: {currency},
    outcome: {currency, A: count('A'), B: count('B'), C: count('C')},
    now,
  } as const;
  const runId = request.apply ? await store.keepCriticality(run, parts) : null;
  return ok({runId, currency, parts});
}
