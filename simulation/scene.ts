import type {Fault} from './installation.ts';

/** What a story is about: a part of the product, the world around it, and what has to hold. */
export interface Scene {
  readonly faults: readonly Fault[];
  /** After the storm everything has to be done within so long. */
  readonly healedWithinMs: number;
  start(): void;
  /** What the world outside does while the storm lasts. @returns how long that is, and until when most of it happens. */
  plan(stormMs: number): {readonly stormMs: number; readonly busyMs: number};
  /** Ends what still is out of order. */
  heal(): void;
  /** What is said after the storm, so long after it; all has to be done before the next. */
  readonly lastWords: readonly {readonly afterMs: number; readonly say: () => void}[];
  /** Nothing is left to do. */
  isDone(): boolean;
  /** What has grown beyond its limit. */
  overgrown(): string | undefined;
  /** Compares the end with the beginning; says what does not hold to the world's ledger. */
  reconcile(): void;
  /** How much was asked of it: messages and effects. */
  size(): {readonly messages: number; readonly effects: number};
}
