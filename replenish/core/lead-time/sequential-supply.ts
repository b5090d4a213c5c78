import type {DepotSituation, Situation, Source} from '../decision/situation.ts';
import {laterOf} from './time-points.ts';
import type {UncertainTime} from './time-points.ts';

/**
 * The situation with sources that deliver in the order in which they were asked: an order placed now is not here before what the depot
 * still awaits from its usual source, so it comes at the latest of all these times (`laterOf`).
 *
 * Source: orders that do not cross, as in Kaplan (1970), A dynamic inventory model with stochastic lead times, Management Science 16 (7).
 * Example: 10 ± 2 days by itself, an open order expected in 14 ± 3 days → 14.20 ± 2.82.
 */
export function inSequence(situation: Situation): Situation {
  if (!situation.depots.some(({sources}) => sources.some(({sequential}) => sequential))) return situation;
  const depots = situation.depots.map((depot) => ({
    ...depot,
    sources: depot.sources.map((source) => afterAwaited(source, depot)),
  }));
  return {...situation, depots};
}

function afterAwaited(source: Source, {receipts}: DepotSituation): Source {
  if (source.kind !== 'normal' || source.sequential === undefined) return source;
  const {meanH, sdH, shape} = receipts
    .filter(({kind}) => kind === 'normal')
    .reduce<UncertainTime>(laterOf, source);
  const delayed: Source = {...source, meanH, sdH};
  if (shape === undefined) delete delayed.shape;
  else delayed.shape = shape;
  return delayed;
}
