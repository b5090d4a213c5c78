import {ok, refused, type Result} from '../domain/result.ts';
import type {Situation} from './core/decision/situation.ts';
import type {PlanSnapshot} from './plan-ports.ts';

/** One part as it stands at all its depots, or why nothing can be planned of it. */
export async function situationOf(
  snapshot: Pick<PlanSnapshot, 'groupOf' | 'situations'>,
  partId: string,
): Promise<Result<Situation>> {
  const groupId = await snapshot.groupOf(partId);
  const situations = groupId === null ? [] : await snapshot.situations(groupId);
  const situation = situations.find(({part}) => part.partId === partId);
  if (situation === undefined)
    return refused('unknown-part', `part ${partId} lies at no depot; add it to part.csv and part_depot.csv`);
  return ok(situation);
}

export function notHeld(partId: string, depotId: string): Result<never> {
  return refused('unknown-depot', `depot ${depotId} does not hold part ${partId}; add it to part_depot.csv`);
}
