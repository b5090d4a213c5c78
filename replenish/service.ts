import type {EpochMs} from '../domain/time.ts';
import {decide} from './core/decision/decide.ts';
import {essenceOf} from './core/decision/essence.ts';
import type {Committed, GroupWork, ReplenishStore, Settled, Unplannable} from './ports.ts';

export interface ReplenishPorts {
  readonly store: ReplenishStore;
  readonly now: () => EpochMs;
  readonly decided: (committed: Committed) => void;
  readonly setAside: (unplannable: Unplannable) => void;
}

export interface ReplenishOptions {
  readonly groupsMax: number;
  /** Signals of one group within this wall time are one decision; 0 on a stepped clock. */
  readonly coalesceMs: number;
}

/** Decides every dirty group once. Returns how many it settled; 0 means nothing is pending. */
export async function decideDirtyGroups(ports: ReplenishPorts, options: ReplenishOptions): Promise<number> {
  const now = ports.now();
  await ports.store.signalDue(now);
  const groups = await ports.store.dirtyGroups(options.groupsMax, options.coalesceMs);
  if (groups.length === 0) return 0;
  const policy = await ports.store.policy(now);
  let settled = 0;
  for (const groupId of groups) {
    const committed = await ports.store.decideGroup(groupId, now, policy, settleGroup);
    if (committed === null) continue;
    settled += 1;
    if ('settled' in committed) ports.decided(committed);
    else ports.setAside(committed);
  }
  return settled;
}

/**
 * The parts of a family compete: the action that saves most is this group's decision, the rest follows in the next. One that was asked
 * for already lets the others speak first.
 */
export function settleGroup({situations}: GroupWork): Settled | null {
  const settled = situations.map((situation) => {
    const decision = decide(situation);
    const essence = essenceOf(situation.part.partId, decision);
    const isAsked = situation.asked?.some((one) => one.essence === essence) === true;
    return {situation, decision, isAsked};
  });
  const acting = settled.filter(({decision}) => decision.option.action !== 'nothing');
  acting.sort(
    (a, b) =>
      Number(a.isAsked) - Number(b.isAsked) ||
      b.decision.savingMinor - a.decision.savingMinor ||
      (a.situation.part.partId < b.situation.part.partId ? -1 : 1),
  );
  const chosen = acting[0] ?? settled[0];
  if (chosen === undefined) return null;
  const {situation, decision} = chosen;
  return {
    situation,
    decision,
    others: settled.filter((one) => one !== chosen),
    wants: settled.flatMap((one) => one.decision.wants),
  };
}
