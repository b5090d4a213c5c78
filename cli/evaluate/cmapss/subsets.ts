/** What is known of a published test set without its answers. */
export interface PublishedTest {
  /** Rows in all, and the engines that they are of: their mean is how much of an engine is heard. */
  readonly rows: number;
  readonly engines: number;
  /** Least and most cycles that an engine has left after its last row. */
  readonly left: readonly [least: number, most: number];
}

/**
 * Operating conditions of each subset, by which a file of another one is told from it, and its test set.
 *
 * Source: Saxena et al. (2008), Damage propagation modeling for aircraft engine run-to-failure simulation, and the files published
 * with it.
 */
export const SUBSETS = {
  FD001: {conditions: 1, test: {rows: 13_096, engines: 100, left: [7, 145]}},
  FD002: {conditions: 6, test: {rows: 33_991, engines: 259, left: [6, 194]}},
  FD003: {conditions: 1, test: {rows: 16_596, engines: 100, left: [6, 145]}},
  FD004: {conditions: 6, test: {rows: 41_214, engines: 248, left: [6, 195]}},
} as const satisfies Record<string, {conditions: number; test: PublishedTest}>;

export type Subset = keyof typeof SUBSETS;
