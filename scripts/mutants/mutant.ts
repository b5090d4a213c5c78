/** A known bug, as the change that brings it back and the tests that must notice. */
export interface Mutant {
  readonly name: string;
  /** What it did to somebody. */
  readonly bug: string;
  readonly edits: readonly Edit[];
  /** Each has to be red. */
  readonly tests: readonly NamedTest[];
}

/** `text` stands in the file exactly once. */
export interface Edit {
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
}

export interface NamedTest {
  readonly project: 'unit' | 'pg' | 'mqtt' | 'nats' | 'sim';
  readonly file: string;
  /** As vitest's -t takes it, without its special characters. */
  readonly name: string;
}
