import type {Arrival} from '../../../domain/decision.ts';
import type {DepotSituation, Situation, Source} from '../decision/situation.ts';

/**
 * The situation with sources that deliver in the order in which they were asked: an order placed now is not here before what the depot
 * still awaits from its usual source. The later of the two by mean stands for the maximum of both.
 *
 * Source: orders that do not cross, as in Kaplan (1970), A dynamic inventory model with stochastic lead times, Management Science 16 (7).
 * Example: 10 ± 2 days by itself, an open order expected in 14 ± 3 days → 14 ± 3.
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
  const last = receipts
    .filter(({kind}) => kind === 'normal')
    .reduce<Arrival>((latest, one) => (one.meanH > latest.meanH ? one : latest), source);
  return {...source, meanH: last.meanH, sdH: last.sdH};
}
