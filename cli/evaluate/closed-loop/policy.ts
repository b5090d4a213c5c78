import type {EpochMs} from '../../../domain/time.ts';
import type {Books} from './books.ts';

/** Looks after one part: it is asked after every demand and receipt, and at the instants that it names. */
export interface Policy {
  /** Ascending. */
  readonly looksAt: readonly EpochMs[];
  act(books: Books): void;
}
