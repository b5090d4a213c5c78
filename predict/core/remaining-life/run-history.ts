/** What is recorded of one unit, cycle by cycle: up to its failure where it teaches, up to now where it is asked about. */
export interface RunHistory {
  readonly unit: string;
  /** Whether the first row is the unit's first cycle: then its age and its state when new are known. A unit that joined mid-life has neither. */
  readonly sinceNew: boolean;
  /** A row a cycle: what the unit was told to do (flight level, speed, load). */
  readonly settings: readonly Float64Array[];
  /** A row a cycle: what its sensors said. */
  readonly signals: readonly Float64Array[];
}

/**
 * Cycles left after row `row` of a history that ends with the failure.
 *
 * Example: of 192 rows the last (191) has 0 left, row 150 has 41.
 */
export function cyclesLeft({signals}: RunHistory, row: number): number {
  return signals.length - 1 - row;
}

/** What was known after `rows` cycles; with `from` also of a unit that joined after as many. Rows are shared, not copied. */
export function cutHistory(history: RunHistory, rows: number, from = 0): RunHistory {
  return {
    unit: history.unit,
    sinceNew: history.sinceNew && from === 0,
    settings: history.settings.slice(from, rows),
    signals: history.signals.slice(from, rows),
  };
}
