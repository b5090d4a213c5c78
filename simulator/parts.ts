/** A spare part of the reference network. Costs and lead times are assumptions in the range such parts trade at. */
export interface PartModel {
  readonly partId: string;
  /** Planning group: a part with its successors and substitutes. */
  readonly groupId: string;
  readonly name: string;
  readonly componentClassId: string;
  readonly costEur: number;
  readonly criticality: 'A' | 'B' | 'C';
  readonly supplierId: string;
  /** Supplier to central warehouse, days. */
  readonly leadMeanD: number;
  readonly leadSdD: number;
  readonly moq: number;
  readonly multiple: number;
  readonly repairable: boolean;
  readonly lotRequired: boolean;
  /** Transport rules: 'lithium' and 'oil' may not fly on every lane. */
  readonly flags: string;
}

export const SUPPLIERS: Readonly<Record<string, string>> = {
  'SUP-BEAR': 'Reference supplier: bearings and gears',
  'SUP-DRIVE': 'Reference supplier: motors and drives',
  'SUP-FLOW': 'Reference supplier: valves and pumps',
  'SUP-ELEC': 'Reference supplier: electronics',
  'SUP-FILT': 'Reference supplier: filters',
};

type Row = readonly [partId: string, groupId: string, name: string, componentClassId: string, costEur: number, criticality: 'A' | 'B' | 'C', supplierId: string, leadMeanD: number, leadSdD: number, moq: number, multiple: number, repairable: boolean, lotRequired: boolean, flags: string]; // prettier-ignore
const part = ([partId, groupId, name, componentClassId, costEur, criticality, supplierId, leadMeanD, leadSdD, moq, multiple, repairable, lotRequired, flags]: Row): PartModel => ({partId, groupId, name, componentClassId, costEur, criticality, supplierId, leadMeanD, leadSdD, moq, multiple, repairable, lotRequired, flags}); // prettier-ignore

/* prettier-ignore */
export const PARTS: readonly PartModel[] = [
  part(['BRG-6310-C3', 'BRG-6310', 'Bearing set 6310, first series', 'compressor-bearing', 390, 'A', 'SUP-BEAR', 28, 7, 1, 1, false, true, '']),
  part(['BRG-6310-C4', 'BRG-6310', 'Bearing set 6310, second series', 'compressor-bearing', 420, 'A', 'SUP-BEAR', 24, 6, 2, 1, false, true, '']),
  part(['FAN-910-EC', 'FAN-910', 'Condenser fan motor 910 mm, EC', 'fan-motor', 1250, 'B', 'SUP-DRIVE', 18, 5, 1, 1, false, false, '']),
  part(['EXV-25', 'EXV-25', 'Electronic expansion valve 25', 'expansion-valve', 680, 'B', 'SUP-FLOW', 14, 4, 1, 1, false, false, '']),
  part(['PCB-CH-7', 'PCB-CH', 'Chiller control board 7', 'control-board', 1900, 'A', 'SUP-ELEC', 42, 14, 1, 1, true, false, 'lithium']),
  part(['BRG-AIR-75', 'BRG-AIR', 'Air end bearing set', 'air-end-bearing', 2400, 'A', 'SUP-BEAR', 35, 9, 1, 1, false, true, '']),
  part(['MOT-IE4-90', 'MOT-IE4', 'Drive motor IE4, 90 kW', 'drive-motor', 5200, 'A', 'SUP-DRIVE', 45, 12, 1, 1, true, false, '']),
  part(['SEP-220', 'SEP-220', 'Oil separator element 220', 'oil-separator', 185, 'C', 'SUP-FILT', 9, 3, 12, 12, false, true, '']),
  part(['UNL-50', 'UNL-50', 'Unload valve 50', 'unload-valve', 340, 'B', 'SUP-FLOW', 14, 4, 2, 1, false, false, '']),
  part(['GBX-RV-40', 'GBX-RV', 'Joint gearbox RV-40', 'joint-gearbox', 2900, 'A', 'SUP-BEAR', 40, 11, 1, 1, true, false, 'oil']),
  part(['SRV-M-15', 'SRV-M', 'Servo motor 1.5 kW', 'servo-motor', 1450, 'A', 'SUP-DRIVE', 21, 6, 1, 1, true, false, '']),
  part(['VAC-30', 'VAC-30', 'Vacuum pump 30', 'vacuum-pump', 760, 'B', 'SUP-FLOW', 16, 5, 1, 1, false, false, '']),
  part(['VAC-30-ALT', 'VAC-30', 'Vacuum pump 30, second source', 'vacuum-pump', 840, 'B', 'SUP-ELEC', 10, 3, 1, 1, false, false, '']),
  part(['DRV-S-15', 'DRV-S', 'Servo drive 1.5 kW', 'servo-drive', 1680, 'A', 'SUP-ELEC', 38, 12, 1, 1, true, false, '']),
];

/** The first series is no longer bought from this many days before the network's start. */
export const SUPERSEDED = {from: 'BRG-6310-C3', to: 'BRG-6310-C4', daysBeforeStart: 400} as const;
export const SUBSTITUTE = {from: 'VAC-30', to: 'VAC-30-ALT'} as const;

/** Parts that the network still buys: all but superseded ones. */
export const BOUGHT_PARTS = PARTS.filter((candidate) => candidate.partId !== SUPERSEDED.from);

/** The part fitted into a component class today; substitutes are a planner's choice, never the standard. */
export function standardPartOf(componentClassId: string): PartModel {
  const found = BOUGHT_PARTS.find(
    (candidate) => candidate.componentClassId === componentClassId && candidate.partId !== SUBSTITUTE.to,
  );
  if (!found) throw new RangeError(`component class ${componentClassId}: no part in the reference network`);
  return found;
}
