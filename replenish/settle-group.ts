import {messageOf} from '../domain/fault.ts';
import {InvariantBroken} from '../domain/invariant.ts';
import {HOUR_MS, plusMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {causeId} from '../platform/ids.ts';
import {together} from '../platform/pg.ts';
import {carryOut, orderIdOf} from './carry-out.ts';
import {approverOf} from './core/decision/approval.ts';
import {essenceOf} from './core/decision/essence.ts';
import {reviewReservations} from './core/decision/reservation.ts';
import {standingOf} from './core/decision/standing.ts';
import type {Standing} from './core/decision/standing.ts';
import type {Policy} from './core/decision/policy.ts';
import type {Situation} from './core/decision/situation.ts';
import type {Act, GroupBook, GroupRows} from './group-book.ts';
import type {Committed, GroupWork, Settled, Unplannable} from './ports.ts';

/** A proposal that nobody looked at for this long no longer fits the situation; so long, too, a planner's no is not asked for again. */
export const PROPOSAL_LIFE_MS = 7 * 24 * HOUR_MS;
const TRIES = 5;

/** One look at one group. */
export interface Look {
  readonly groupId: string;
  readonly now: EpochMs;
  readonly policy: Policy;
  readonly settle: (work: GroupWork) => Settled | null;
  /** Outbox targets that orders go to. */
  readonly targets: readonly string[];
}

/**
 * Locks one group, loads it, lets `settle` decide, and writes decision, order, alerts, effects and audit in one transaction.
 * Null when another process holds the group or nothing is pending any more.
 */
export async function decideGroup(book: GroupBook, look: Look): Promise<Committed | Unplannable | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await book.inTransaction((rows) => settleLocked(rows, look), 'repeatable read');
    } catch (error) {
      if (isImpossible(error))
        return book.inTransaction((rows) => setAside(rows, look, messageOf(error)), 'read committed');
      if (tries >= TRIES || !isSerialization(error)) throw error;
    }
  }
}

function isSerialization(error: unknown): boolean {
  return (
    error !== null &&
    typeof error === 'object' &&
    'code' in error &&
    (error.code === '40001' || error.code === '40P01')
  );
}

/** Data that no decision can be reckoned from: the same again however often it is tried, while other groups wait. */
function isImpossible(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError || error instanceof InvariantBroken;
}

async function setAside(rows: GroupRows, {groupId, now}: Look, reason: string): Promise<Unplannable | null> {
  const signalIds = await rows.claim(groupId);
  return signalIds.length === 0 ? null : rows.sayUnplannable({groupId, signalIds, now, reason});
}

async function settleLocked(rows: GroupRows, look: Look): Promise<Committed | Unplannable | null> {
  const {groupId, now, policy, settle} = look;
  const signalIds = await rows.claim(groupId);
  if (signalIds.length === 0) return null;
  const [acts, last, read] = await together([
    rows.latestActs(groupId, now),
    rows.lastDecision(groupId),
    rows.situations(groupId, now, policy),
  ]);
  const asked = acts.filter((act) => stands(act, policy));
  const situations = read.map((situation) => withAsked(situation, asked));
  const settled = settle({groupId, signalIds, situations});
  if (settled === null)
    return rows.sayUnplannable({groupId, signalIds, now, reason: 'no part of it has a shelf at any depot'});
  const essence = essenceOf(settled.situation.part.partId, settled.decision);
  const isSaidAgain = last?.action === 'nothing' && last.essence === essence;
  const said = asked.find((act) => act.essence === essence) ?? (isSaidAgain ? last : undefined);
  const result = said
    ? {decisionId: said.decisionId, groupId, written: false, state: said.state, settled}
    : await writeDecision(rows, look, settled);
  const {decisionId} = result;
  for (const act of acts) {
    if (act.state === 'proposed' && !(asked.includes(act) && settled.wants.includes(act.essence)))
      await rows.withdraw(act.decisionId, now);
  }
  await together([rows.link(signalIds, decisionId), rows.clearUnplannable(groupId, now)]);
  // What holds nothing any more goes first: the same machine may get the next piece.
  const lapses = situations.flatMap((situation) => reviewReservations(situation).lapses);
  await rows.release({decisionId, lapses, now});
  if (result.written && result.state === 'executed') await execute(rows, look, result);
  else if (result.written && settled.decision.option.action !== 'nothing')
    await rows.lookAgain(groupId, decisionId, now);
  await rows.tell({settled, situations, decisionId, now});
  return result;
}

/**
 * Whether an act still says what is to be done: the same again is linked to it, not written. One that was carried out, or that nobody
 * answered in time, does not; what was only recorded in shadow is said anew once proposals are wanted.
 */
function stands({state, mode}: Act, policy: Policy): boolean {
  return state === 'rejected' || ((state === 'proposed' || state === 'recorded') && mode === policy.mode);
}

function withAsked(situation: Situation, acts: readonly Act[]): Situation {
  const asked = acts
    .filter(({partId}) => partId === situation.part.partId)
    .map(({depotId, action, essence, state, at, position}) => ({
      depotId,
      action,
      essence,
      ...(state === 'rejected' ? {rejected: true as const} : {}),
      at: Math.round(at),
      ...(position === null ? {} : {position}),
    }));
  return asked.length === 0 ? situation : {...situation, asked};
}

/** Writes a decision with the input it was reckoned from, in the state that mode and limits give it. */
async function writeDecision(rows: GroupRows, {groupId, now}: Look, settled: Settled): Promise<Committed> {
  const {decision, situation} = settled;
  const groupVersion = await rows.raiseVersion(groupId);
  const decisionId = causeId('decision', groupId, groupVersion);
  const {state, reasons} = await standing(rows, settled, now);
  const stated = {...settled, decision: {...decision, reasons}};
  await rows.addDecision({
    decisionId,
    groupId,
    groupVersion,
    settled: stated,
    essence: essenceOf(situation.part.partId, decision),
    orderId: orderIdOf(decision.option, {decisionId, depotId: decision.depotId}),
    state,
    expiresAt: state === 'proposed' ? plusMs(now, PROPOSAL_LIFE_MS) : null,
    now,
  });
  return {decisionId, groupId, written: true, state, settled: stated};
}

/** What the mode and the limits make of the decision. Counters are raised here, in the decision's transaction (I8). */
async function standing(
  rows: GroupRows,
  {decision, situation}: Settled,
  now: EpochMs,
): Promise<{state: string; reasons: Settled['decision']['reasons']}> {
  const {option, reasons} = decision;
  const {policy} = situation;
  const verdict = standingOf(option, policy, situation.part.criticality);
  const held = (limit: Extract<Standing, {state: 'proposed'}>['limit'] | 'orders-per-day') => ({
    state: 'proposed',
    reasons: [
      ...reasons,
      {
        code: 'needs-approval' as const,
        mode: policy.mode,
        limit,
        approverRole: approverOf(
          {landedMinor: option.landedMinor, segment: situation.part.criticality},
          policy,
        ),
      },
    ],
  });
  if (verdict.state === 'recorded') return {state: 'recorded', reasons};
  if (verdict.state === 'proposed') return held(verdict.limit);
  const isLeft = await rows.takeOrderOfDay(now, policy.autoOrdersPerDay);
  return isLeft ? {state: 'executed', reasons} : held('orders-per-day');
}

async function execute(
  rows: GroupRows,
  {targets, now, groupId}: Look,
  {decisionId, settled}: Committed,
): Promise<void> {
  const {decision, situation} = settled;
  const {option, reasons, depotId} = decision;
  await carryOut(rows, groupId, {
    decisionId,
    orderId: orderIdOf(option, {decisionId, depotId}),
    depot: situation.depots.find((depot) => depot.depotId === depotId)!,
    part: situation.part,
    option,
    reasons,
    now,
    targets,
  });
}
