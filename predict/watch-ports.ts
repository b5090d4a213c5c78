import type {EpochMs} from '../domain/time.ts';
import type {Breach} from './core/watch-rules.ts';
import type {Reference, WatchFigures} from './core/watch-figures.ts';
import type {Slice, WatchedMachine} from './core/watch-tally.ts';

/** A version that decisions read for a class. */
export interface Champion {
  readonly modelVersionId: string;
  readonly equipmentClassId: string;
  /** Since when; what it said before does not count against it. */
  readonly since: EpochMs;
}

export interface SliceReference extends Slice {
  readonly firstAt: EpochMs;
  /** null: its first weeks are not over. */
  readonly reference: Reference | null;
}

/** What a machine sent of a signal, on average. */
export interface InputMean {
  readonly signal: string;
  readonly depotId: string | null;
  readonly mean: number;
}

export interface WatchRow extends Slice {
  readonly figures: WatchFigures;
  readonly breaches: readonly Breach[];
}

/** The database, as watching sees it. */
export interface WatchStore {
  /** What somebody has stated of the rules (core/watch-rules.ts), unchecked. */
  rules(now: EpochMs): Promise<Readonly<Record<string, unknown>>>;
  /** The next machines after a number, with what was said of their components at the midnights from `from` to `to`. */
  machines(
    after: number,
    midnights: {readonly from: EpochMs; readonly to: EpochMs},
  ): Promise<{readonly machines: readonly WatchedMachine[]; readonly last: number | null}>;
  champions(): Promise<readonly Champion[]>;
  references(): Promise<readonly SliceReference[]>;
  /** By signal and machine of a class, over (from, to]. */
  inputs(
    equipmentClassId: string,
    span: {readonly from: EpochMs; readonly to: EpochMs},
  ): Promise<readonly InputMean[]>;
  save(night: EpochMs, rows: readonly WatchRow[], references: readonly SliceReference[]): Promise<void>;
  /** The ladder passes over the champion from now on; one alert says so. @returns false when it was no champion any more. */
  fallBack(champion: Champion, row: WatchRow, now: EpochMs): Promise<boolean>;
}
