import {setImmediate as breathe} from 'node:timers/promises';
import {refused, ok, type Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {excessOf, type Excess, type HeldStock} from './core/plan/excess.ts';
import {fillRateOf, type DepotTarget, type EvaluatedSplit} from './core/plan/depot-targets.ts';
import {
  curvesOf,
  type PlanCurve,
  type PlanGoal,
  type PlannedPart,
  type Unplanned,
} from './core/plan/network-plan.ts';
import {balanceInput, heldStock, plannedPart} from './core/plan/plan-input.ts';
import {repairFlows, type RepairFlow} from './core/plan/repair-flow.ts';
import {rebalance, type BalanceMove} from './core/plan/rebalance.ts';
import type {Situation} from './core/decision/situation.ts';
import type {CriticalityRun} from './criticality.ts';
import {evaluatedPlan, type EvaluatedPlan} from './evaluated-plan.ts';
import type {LastBuyRequest, LastBuyRun} from './last-buy.ts';
import type {SpreadRequest, SpreadRun} from './spread.ts';
import type {KeptRun, PlanSnapshot, PlanStore} from './plan-ports.ts';
import type {PoliciesRequest, PoliciesRun} from './policies.ts';

export interface PlanRequest {
  /** Of the parts to plan; needed where parts are priced in several. */
  readonly currency?: string | undefined;
  /** Whether the run is kept: targets become the floors of decisions, moves are proposed. */
  readonly apply: boolean;
  readonly actor: string;
}

/** A part at a depot: its target by this run, by the last one, and what is there. */
export interface TargetChange extends DepotTarget {
  /** Null: no run has set one. */
  readonly before: number | null;
  /** On hand + on order − owed. */
  readonly position: number;
  /** Of the change, at the part's unit cost. */
  readonly valueMinor: number;
}

export interface ExcessRow extends Excess {
  readonly partId: string;
  readonly valueMinor: number;
}

export interface TargetRun extends Omit<EvaluatedPlan, 'splits'> {
  readonly unplanned: readonly Unplanned[];
  readonly runId: string | null;
  readonly currency: string;
  /** Active ones. */
  readonly machines: number;
  /** Share of all pieces asked for that the targets fill at once. */
  readonly fillRate: number;
  /** The largest change in money first. */
  readonly targets: readonly TargetChange[];
  /** The most valuable first. */
  readonly excess: readonly ExcessRow[];
  /** Of the parts that a workshop repairs. */
  readonly repairs: readonly RepairFlow[];
}

export interface MoveRow extends BalanceMove {
  readonly partId: string;
}

export interface RebalanceRun {
  readonly runId: string | null;
  readonly currency: string;
  readonly gainMinor: number;
  /** The most gainful first. */
  readonly moves: readonly MoveRow[];
}

/** What planners ask of the whole network. */
export interface Planning {
  targets(goal: PlanGoal, request: PlanRequest & {readonly horizonDays: number}): Promise<Result<TargetRun>>;
  rebalance(request: PlanRequest & {readonly marginMinor: number}): Promise<Result<RebalanceRun>>;
  lastBuy(request: LastBuyRequest): Promise<Result<LastBuyRun>>;
  criticality(request: PlanRequest): Promise<Result<CriticalityRun>>;
  spread(request: SpreadRequest): Promise<Result<SpreadRun>>;
  policies(request: PoliciesRequest): Promise<Result<PoliciesRun>>;
}

/** Targets of every part and depot together, for a budget or an availability (D2), and what lies where it is not needed (D6). */
export async function planTargets(
  store: PlanStore,
  goal: PlanGoal,
  {horizonDays, ...request}: PlanRequest & {readonly horizonDays: number},
  now: EpochMs,
): Promise<Result<TargetRun>> {
  const planned = await store.inSnapshot(now, async (snapshot) => {
    const currency = chooseCurrency(await snapshot.currencies(), request.currency);
    if (!currency.ok) return currency;
    const fleet = await snapshot.fleet();
    const parts = await readParts(snapshot, currency.value, horizonDays);
    const plan = await evaluatedPlan(
      parts.flatMap(({curves}) => curves),
      goal,
      fleet,
    );
    if (typeof plan === 'string') return outOfReach(goal, plan);
    const {splits, ...outcome} = plan;
    const machines = [...fleet.machines.values()].reduce((sum, count) => sum + count, 0);
    const before = await snapshot.targets();
    const repairs = parts.flatMap(({part}) => repairFlows(part));
    const unplanned = parts.flatMap((one) => one.unplanned);
    const made = await compared(parts, splits, before, horizonDays);
    return ok({currency: currency.value, machines, repairs, unplanned, ...outcome, ...made});
  });
  if (!planned.ok) return planned;
  const {targets, excess, repairs, ...rest} = planned.value;
  const {currency} = rest;
  const outcome = {...rest, fillRate: fillRateOf(targets)};
  const kept = {
    kind: 'targets',
    actor: request.actor,
    goal: {...goal, horizonDays, currency},
    outcome,
    now,
  } as const;
  const runId = request.apply ? await store.keepTargets(kept satisfies KeptRun, targets) : null;
  return ok({runId, ...outcome, targets, excess, repairs});
}

/** Transfers between depots that lower what the stock of each part is expected to cost (F5). */
export async function planRebalance(
  store: PlanStore,
  {marginMinor, ...request}: PlanRequest & {readonly marginMinor: number},
  now: EpochMs,
): Promise<Result<RebalanceRun>> {
  const found = await store.inSnapshot(now, async (snapshot) => {
    const currency = chooseCurrency(await snapshot.currencies(), request.currency);
    if (!currency.ok) return currency;
    const moves: MoveRow[] = [];
    await eachSituation(snapshot, currency.value, (situation) => {
      const {shelves, lanes} = balanceInput(situation);
      for (const move of rebalance(shelves, lanes, marginMinor))
        moves.push({partId: situation.part.partId, ...move});
    });
    return ok({currency: currency.value, moves});
  });
  if (!found.ok) return found;
  const moves = found.value.moves.sort((a, b) => b.gainMinor - a.gainMinor || (a.partId < b.partId ? -1 : 1));
  const gainMinor = moves.reduce((sum, move) => sum + move.gainMinor, 0);
  const {currency} = found.value;
  const outcome = {currency, gainMinor};
  const kept = {
    kind: 'rebalance',
    actor: request.actor,
    goal: {marginMinor, currency},
    outcome,
    now,
  } as const;
  const runId = request.apply ? await store.keepMoves(kept satisfies KeptRun, moves) : null;
  return ok({runId, ...outcome, moves});
}

interface PartOfPlan {
  readonly part: PlannedPart;
  readonly held: readonly Omit<HeldStock, 'target'>[];
  readonly curves: readonly PlanCurve[];
  readonly unplanned: readonly Unplanned[];
}

async function readParts(
  snapshot: PlanSnapshot,
  currency: string,
  horizonDays: number,
): Promise<PartOfPlan[]> {
  const parts: PartOfPlan[] = [];
  const repairs = await snapshot.repairs();
  await eachSituation(snapshot, currency, (situation) => {
    const part = plannedPart(situation, (depotId) => repairs(situation.part.partId, depotId));
    parts.push({part, held: heldStock(situation, part, horizonDays), ...curvesOf(part)});
  });
  return parts;
}

/** Of the parts priced in a currency, group by group. */
export async function eachSituation(
  snapshot: PlanSnapshot,
  currency: string,
  work: (situation: Situation) => void,
): Promise<void> {
  for (const groupId of await snapshot.groups())
    for (const situation of await snapshot.situations(groupId))
      if (situation.part.currency === currency) work(situation);
}

async function compared(
  parts: readonly PartOfPlan[],
  splits: readonly EvaluatedSplit[],
  before: ReadonlyMap<string, number>,
  horizonDays: number,
): Promise<Pick<TargetRun, 'targets' | 'excess'>> {
  const changes: TargetChange[] = [];
  const excess: ExcessRow[] = [];
  let next = 0;
  for (const {part, held, curves} of parts) {
    await breathe(); // the same process may be taking messages
    const targets = curves.flatMap(() => splits[next++]!.targets);
    const targetOf = new Map(targets.map(({depotId, baseStock}) => [depotId, baseStock]));
    const positionOf = new Map(held.map(({depotId, position}) => [depotId, position]));
    for (const target of targets) {
      const old = before.get(JSON.stringify([target.partId, target.depotId])) ?? null;
      const valueMinor = (target.baseStock - (old ?? 0)) * part.unitCostMinor;
      changes.push({...target, before: old, position: positionOf.get(target.depotId)!, valueMinor});
    }
    // Where no target could be worked out nothing is said to be too much.
    const stock = held.flatMap((one) => {
      const target = targetOf.get(one.depotId);
      return target === undefined ? [] : [{...one, target}];
    });
    for (const row of excessOf(stock, horizonDays))
      excess.push({partId: part.partId, ...row, valueMinor: row.quantity * part.unitCostMinor});
  }
  changes.sort((a, b) => Math.abs(b.valueMinor) - Math.abs(a.valueMinor) || compareNames(a, b));
  excess.sort((a, b) => b.valueMinor - a.valueMinor || compareNames(a, b));
  return {targets: changes, excess};
}

type Named = {readonly partId: string; readonly depotId: string};

function compareNames(a: Named, b: Named): number {
  if (a.partId !== b.partId) return a.partId < b.partId ? -1 : 1;
  return a.depotId < b.depotId ? -1 : a.depotId > b.depotId ? 1 : 0;
}

/** The one asked for, else the only one there is. */
export function chooseCurrency(all: readonly string[], asked: string | undefined): Result<string> {
  if (asked !== undefined && !all.includes(asked))
    return refused('nothing-to-plan', `no stocked part is priced in ${asked}; name one of ${all.join(', ')}`);
  const [only, ...others] = asked === undefined ? all : [asked];
  if (only === undefined)
    return refused('nothing-to-plan', 'no part lies at any depot; import part_depot.csv first');
  if (others.length > 0)
    return refused('mixed-currencies', `parts are priced in ${all.join(', ')}; plan one currency at a time`);
  return ok(only);
}

function outOfReach(goal: PlanGoal, why: 'out-of-reach' | 'no-machines'): Result<never> {
  if (why === 'no-machines')
    return refused(
      'nothing-to-plan',
      'no active machine asks for a part that can be planned, so its availability cannot be told; import bom_position.csv or installation.csv, or name a budget',
    );
  return goal.kind === 'budget'
    ? refused(
        'goal-out-of-reach',
        'what must be held costs more than the budget; raise it, or review must_stock',
      )
    : refused(
        'goal-out-of-reach',
        'no stock reaches this availability: places that may not stock, or their maxima, leave too many backorders; lower it, or review max_stock',
      );
}
