import {coveredClasses} from '../../predict/core/class-spec.ts';
import type {Scorer} from '../../predict/core/score.ts';
import type {Lineup} from '../../predict/lineup.ts';

const NO_MODELS: Scorer = {
  backend: 'none',
  models: [],
  score: async () => [],
  close: async () => undefined,
};

/** Every model of the scorer as champion of its classes; without one, the age laws alone. */
export function lineupOf(scorer = NO_MODELS): Lineup {
  return {
    scorer,
    roles: {
      champions: (equipmentClassId) =>
        scorer.models.filter(({spec}) => coveredClasses(spec).includes(equipmentClassId)),
      shadows: () => [],
    },
  };
}
