import {type EpochMs, toIso} from '../../domain/time.ts';
import type {DemandLine} from './demand-line.ts';
import {
  foldPosition,
  type InstallationSpan,
  type PositionDemand,
  type PositionFact,
  FAILURE_ANSWER_MS,
} from './position-timeline.ts';

export interface PositionRef {
  readonly equipmentNo: number;
  readonly positionId: string;
}

export interface InstallationRow {
  readonly installedAt: EpochMs;
  readonly removedAt: EpochMs | null;
  readonly removalCause: string | null;
  readonly componentId: string;
  readonly sourceKey: string;
}

export interface BomEntry {
  readonly validFrom: EpochMs;
  readonly validTo: EpochMs;
  readonly classId: string;
  readonly partId: string;
  readonly qty: number;
}

export interface ServiceArea {
  readonly depotId: string;
  readonly validFrom: EpochMs;
  readonly validTo: EpochMs;
  readonly priority: number;
  readonly transitH: number;
}

export interface PositionLine extends DemandLine {
  readonly sourceKey: string;
  readonly cause: string;
}

/** All that deciding about one position needs. */
export interface PositionSituation extends PositionRef {
  readonly equipmentId: string;
  readonly customerPartyId: string;
  readonly tier: string;
  readonly facts: readonly PositionFact[];
  readonly bom: readonly BomEntry[];
  readonly serviceAreas: readonly ServiceArea[];
  /** Depots that may stock the position's parts, as 'depot part'. */
  readonly stocking: ReadonlySet<string>;
  readonly installations: readonly InstallationRow[];
  readonly lines: readonly PositionLine[];
  /** Serials of this position that are another kind of component, or sit in another machine at that time. */
  readonly unusableSerials: ReadonlyMap<string, string>;
}

export interface PlannedInstallation extends InstallationRow {
  readonly classId: string;
  readonly partId: string;
  readonly inferred: boolean;
}

export interface LineChange {
  readonly kind: 'insert' | 'update';
  /** For an update the line that exists; for an insert null: its id comes from its key. */
  readonly demandId: string | null;
  readonly sourceKey: string;
  readonly partId: string;
  readonly depotId: string;
  readonly equipmentNo: number;
  readonly customerPartyId: string;
  readonly tier: string;
  readonly qty: number;
  readonly requestedAt: EpochMs;
  readonly cause: string;
}

export interface Trouble {
  readonly reason: 'unknown-position' | 'no-serving-depot' | 'serial-unusable';
  readonly detail: string;
  readonly ref: string;
}

export interface PositionChange extends PositionRef {
  readonly equipmentId: string;
  /** Rows to take out by `installedAt`, then rows to put in. */
  readonly remove: readonly EpochMs[];
  readonly insert: readonly PlannedInstallation[];
  readonly lines: readonly LineChange[];
  /** Lines that turned out to speak of a need that another line carries. */
  readonly withdrawn: readonly PositionLine[];
  readonly troubles: readonly Trouble[];
}

/**
 * What the books must change so that one position says what its facts say. Deciding twice changes nothing the second time.
 */
export function changePosition(situation: PositionSituation): PositionChange {
  const {equipmentNo, positionId, equipmentId} = situation;
  const lineByKey = new Map(situation.lines.map((line) => [line.sourceKey, line]));
  const timeline = foldPosition(situation.facts, (key) => answeredUntil(lineByKey.get(key)));
  const troubles: Trouble[] = [];
  if (situation.bom.length === 0) {
    const detail = `equipment ${equipmentId}: its model has no position "${positionId}"; add it to bom_position.csv and resubmit`;
    return {
      equipmentNo,
      positionId,
      equipmentId,
      remove: [],
      insert: [],
      lines: [],
      withdrawn: [],
      troubles: [{reason: 'unknown-position', detail, ref: positionId}],
    };
  }
  const planned = timeline.installations.map((span) => planInstallation(situation, span, troubles));
  const same = (a: InstallationRow, b: InstallationRow): boolean =>
    a.installedAt === b.installedAt &&
    a.removedAt === b.removedAt &&
    a.removalCause === b.removalCause &&
    a.componentId === b.componentId &&
    a.sourceKey === b.sourceKey;
  const remove = situation.installations.filter((row) => !planned.some((plan) => same(row, plan)));
  const insert = planned.filter((plan) => !situation.installations.some((row) => same(row, plan)));
  const lines = timeline.demands.flatMap((demand) => changeLine(situation, demand, troubles));
  const kept = new Set(lines.map(({line}) => line?.demandId));
  return {
    equipmentNo,
    positionId,
    equipmentId,
    remove: remove.map(({installedAt}) => installedAt),
    insert,
    lines: lines.flatMap(({change}) => (change === null ? [] : [change])),
    withdrawn: situation.lines.filter(({demandId, state}) => state !== 'cancelled' && !kept.has(demandId)),
    troubles,
  };
}

function answeredUntil(line: PositionLine | undefined): EpochMs | null {
  // What failed again before the line was called off was called off with it.
  if (line === undefined || line.state === 'cancelled') return line?.cancelledAt ?? null;
  if (line.state === 'open') return Number.MAX_SAFE_INTEGER as EpochMs;
  return line.filledAt === null ? null : ((line.filledAt + FAILURE_ANSWER_MS) as EpochMs);
}

/** The entry valid then; outside every validity the nearest that exists, for a machine may be older than its papers. */
function bomAt(situation: PositionSituation, at: EpochMs): BomEntry {
  return situation.bom.find(({validFrom, validTo}) => validFrom <= at && at < validTo) ?? situation.bom[0]!;
}

function planInstallation(
  situation: PositionSituation,
  span: InstallationSpan,
  troubles: Trouble[],
): PlannedInstallation {
  const {installedAt, removedAt, removalCause, serial, sourceKey} = span;
  const bom = bomAt(situation, installedAt);
  const unusable = serial === null ? undefined : situation.unusableSerials.get(serial);
  if (unusable !== undefined) troubles.push({reason: 'serial-unusable', detail: unusable, ref: sourceKey});
  const inferred = serial === null || unusable !== undefined;
  return {
    installedAt,
    removedAt,
    removalCause,
    componentId: inferred ? inferredComponentId(situation, installedAt) : serial,
    sourceKey,
    classId: bom.classId,
    partId: span.partId ?? bom.partId,
    inferred,
  };
}

/** Example: 'inferred:CH-0001:compressor:2026-01-05T10:00:00.000Z'. */
function inferredComponentId({equipmentId, positionId}: PositionSituation, installedAt: EpochMs): string {
  return `inferred:${equipmentId}:${positionId}:${toIso(installedAt)}`;
}

function changeLine(
  situation: PositionSituation,
  demand: PositionDemand,
  troubles: Trouble[],
): {readonly line: PositionLine | undefined; readonly change: LineChange | null}[] {
  const line = demand.keys.flatMap((key) => situation.lines.filter(({sourceKey}) => sourceKey === key))[0];
  const bom = bomAt(situation, demand.requestedAt);
  if (line !== undefined) {
    const unchanged =
      line.sourceKey === demand.key && line.cause === demand.cause && line.requestedAt === demand.requestedAt;
    if (unchanged) return [{line, change: null}];
    const {demandId, partId, depotId, qty} = line;
    return [{line, change: {...common(situation, demand), kind: 'update', demandId, partId, depotId, qty}}];
  }
  const depotId = servingDepot(situation, bom.partId, demand.requestedAt);
  if (depotId === null) {
    const detail = `equipment ${situation.equipmentId}: no depot serves it at ${toIso(demand.requestedAt)}; add one in service_area.csv and resubmit`;
    troubles.push({reason: 'no-serving-depot', detail, ref: demand.key});
    return [];
  }
  const {partId, qty} = bom;
  return [
    {line, change: {...common(situation, demand), kind: 'insert', demandId: null, partId, depotId, qty}},
  ];
}

function common(
  {equipmentNo, customerPartyId, tier}: PositionSituation,
  {key, requestedAt, cause}: PositionDemand,
): Pick<LineChange, 'sourceKey' | 'equipmentNo' | 'customerPartyId' | 'tier' | 'requestedAt' | 'cause'> {
  return {sourceKey: key, equipmentNo, customerPartyId, tier, requestedAt, cause};
}

/** Depots that serve an equipment at `at`, first asked first: by priority, then the shorter way, then id. */
export function serviceOrder(areas: readonly ServiceArea[], at: EpochMs): ServiceArea[] {
  return areas
    .filter(({validFrom, validTo}) => validFrom <= at && at < validTo)
    .toSorted(
      (a, b) => a.priority - b.priority || a.transitH - b.transitH || (a.depotId < b.depotId ? -1 : 1),
    );
}

/** The first serving depot that stocks the part; when none does, the first: there the need will show as a backorder. */
function servingDepot(situation: PositionSituation, partId: string, at: EpochMs): string | null {
  const order = serviceOrder(situation.serviceAreas, at);
  const stocking = order.find(({depotId}) => situation.stocking.has(`${depotId} ${partId}`));
  return (stocking ?? order[0])?.depotId ?? null;
}
