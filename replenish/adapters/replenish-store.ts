import type {Mode} from '../../domain/decision.ts';
import {messageOf} from '../../domain/fault.ts';
import {InvariantBroken} from '../../domain/invariant.ts';
import type {EpochMs} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {inTransaction, together} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {essenceOf} from '../core/decision/essence.ts';
import {reviewReservations} from '../core/decision/reservation.ts';
import {DEFAULT_POLICY, Policy} from '../core/decision/situation.ts';
import type {Committed, GroupWork, ReplenishStore, Settled, Unplannable} from '../ports.ts';
import {recordAlerts} from './alert-rows.ts';
import {writeDecision} from './decision-rows.ts';
import {claim, clearUnplannable, dirtyGroups, link, sayUnplannable} from './group-signals.ts';
import {carryOut, lookAgain, orderIdOf} from './order-effect.ts';
import {promiseLines} from './promise-rows.ts';
import {release, signalExpired} from './reservation-rows.ts';
import {loadSituations} from './situation-rows.ts';
import {lastDecision, latestActs, stands, withAsked, withdraw} from './standing-acts.ts';
import {watchTerms} from './term-change-rows.ts';

const TRIES = 5;

export interface ReplenishStoreOptions {
  /** Outbox targets that orders go to. */
  readonly targets: readonly string[];
  /** Mode from the configuration; a parameter row overrides it. */
  readonly mode: Mode;
}

/** Replenish's tables in PostgreSQL, through a pool under the role forestock_replenish. */
export function createReplenishStore(pool: Pool, options: ReplenishStoreOptions): ReplenishStore {
  const watchedTerms = watchTerms(pool);
  return {
    dirtyGroups: (groupsMax, coalesceMs) => dirtyGroups(pool, groupsMax, coalesceMs),
    async signalDue(now) {
      await signalExpired(pool, now);
      await watchedTerms(now);
    },
    policy: (now) => policyAt(pool, now, options.mode),
    async decideGroup(groupId, now, policy, settle) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await inTransaction(
            pool,
            (client) => settleLocked(client, options, groupId, now, policy, settle),
            'repeatable read',
          );
        } catch (error) {
          if (isImpossible(error))
            return inTransaction(pool, (client) => setAside(client, groupId, now, messageOf(error)));
          if (tries >= TRIES || !isSerialization(error)) throw error;
        }
      }
    },
  };
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

async function setAside(
  client: Client,
  groupId: string,
  now: EpochMs,
  reason: string,
): Promise<Unplannable | null> {
  const signalIds = await claim(client, groupId);
  return signalIds.length === 0 ? null : sayUnplannable(client, {groupId, signalIds, now, reason});
}

async function policyAt(pool: Pool, now: EpochMs, mode: Mode): Promise<Policy> {
  const stated = (await parameterInForce(pool, 'replenish.policy', now)) as Partial<Policy>;
  return Policy.parse({...DEFAULT_POLICY, mode, ...stated});
}

async function settleLocked(
  client: Client,
  options: ReplenishStoreOptions,
  groupId: string,
  now: EpochMs,
  policy: Policy,
  settle: (work: GroupWork) => Settled | null,
): Promise<Committed | Unplannable | null> {
  const signalIds = await claim(client, groupId);
  if (signalIds.length === 0) return null;
  const [acts, last, read] = await together([
    latestActs(client, groupId, now),
    lastDecision(client, groupId),
    loadSituations(client, groupId, now, policy),
  ]);
  const asked = acts.filter((act) => stands(act, policy));
  const situations = read.map((situation) => withAsked(situation, asked));
  const settled = settle({groupId, signalIds, situations});
  if (settled === null)
    return sayUnplannable(client, {
      groupId,
      signalIds,
      now,
      reason: 'no part of it has a shelf at any depot',
    });
  const essence = essenceOf(settled.situation.part.partId, settled.decision);
  const isSaidAgain = last?.action === 'nothing' && last.essence === essence;
  const said = asked.find((act) => act.essence === essence) ?? (isSaidAgain ? last : undefined);
  const result = said
    ? {decisionId: said.decisionId, groupId, written: false, state: said.state, settled}
    : await writeDecision(client, groupId, now, settled);
  for (const act of acts) {
    if (act.state === 'proposed' && !(asked.includes(act) && settled.wants.includes(act.essence)))
      await withdraw(client, act.decisionId, now);
  }
  await together([link(client, signalIds, result.decisionId), clearUnplannable(client, groupId, now)]);
  // What holds nothing any more goes first: the same machine may get the next piece.
  const lapses = situations.flatMap((situation) => reviewReservations(situation).lapses);
  await release(client, {decisionId: result.decisionId, lapses, now});
  if (result.written && result.state === 'executed') await execute(client, options, result, now);
  else if (result.written && settled.decision.option.action !== 'nothing')
    await lookAgain(client, groupId, result.decisionId, now);
  await recordAlerts(client, {settled, now, decisionId: result.decisionId});
  await promiseLines(client, situations, now);
  return result;
}

async function execute(
  client: Client,
  {targets}: ReplenishStoreOptions,
  {decisionId, groupId, settled}: Committed,
  now: EpochMs,
): Promise<void> {
  const {decision, situation} = settled;
  const {option, reasons, depotId} = decision;
  await carryOut(client, groupId, {
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
