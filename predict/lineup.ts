import type {Roles} from './core/model-lifecycle.ts';
import type {Scorer} from './core/score.ts';

/** The models that are loaded, and what each is to which equipment class. A run keeps to the one that it began with. */
export interface Lineup {
  readonly scorer: Scorer;
  readonly roles: Roles;
}
