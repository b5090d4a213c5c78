import type {EpochMs} from '../../../domain/time.ts';
import type {PartRelation} from '../../../network/core/supersession.ts';

/** A part that is planned at a depot. */
export interface PlannedPart {
  readonly partId: string;
  readonly depotId: string;
  readonly partyId: string;
  readonly groupId: string;
  /** Of the master data; 0 also where nobody typed any. */
  readonly perYear: number;
  /** Of its normal source. */
  readonly leadTimeDays: number;
}

/** What a part was asked for at a depot in one calendar month, as it was asked and beside what is forecast or planned by name. */
export interface AskedMonth {
  readonly partId: string;
  readonly depotId: string;
  readonly month: EpochMs;
  /** By those who record a need whether or not it can be met. */
  readonly recorded: number;
  /** By those who record only what they hand out. */
  readonly handedOut: number;
}

/** A time without a usable piece on the shelf. */
export interface StockOut {
  readonly partId: string;
  readonly depotId: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** Pieces of a part installed where a depot serves, in components without a failure forecast of their own. */
export interface InstalledPieces {
  readonly partId: string;
  readonly depotId: string;
  readonly classId: string;
  readonly pieces: number;
}

/** All that one night's forecast of demand is made from. */
export interface DemandBooks {
  /** Midnight: the demand before it is known. */
  readonly asOf: EpochMs;
  /** The first month that is looked at. */
  readonly from: EpochMs;
  /** Sorted by part and depot. */
  readonly planned: readonly PlannedPart[];
  readonly asked: readonly AskedMonth[];
  readonly stockOuts: readonly StockOut[];
  /** Since when a depot's demand is on record. */
  readonly depotSince: ReadonlyMap<string, EpochMs>;
  /** The first sign of a part anywhere. */
  readonly partSince: ReadonlyMap<string, EpochMs>;
  readonly relations: readonly PartRelation[];
  readonly installed: readonly InstalledPieces[];
}
