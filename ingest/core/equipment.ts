import type {EquipmentId} from '../../domain/ids.ts';

/** What a class says about one signal: its unit and the values that are physically possible, in that unit. */
export interface SignalLimits {
  readonly unit: string;
  readonly minValue: number;
  readonly maxValue: number;
  readonly normalLow?: number;
  readonly normalHigh?: number;
}

/** What the door must know about one equipment to judge its messages. */
export interface EquipmentEntry {
  readonly equipmentId: EquipmentId;
  readonly equipmentNo: number;
  readonly partitionNo: number;
  readonly siteId: string;
  /** The customer: carried by its dead letters and alerts. */
  readonly partyId: string;
  readonly expectedIntervalS: number;
  /** Signal name → limits; shared by all equipment of the class. */
  readonly signals: ReadonlyMap<string, SignalLimits>;
  /** Positions of the model's bill of material, past ones included: late events may speak of them. */
  readonly positions: ReadonlySet<string>;
}
