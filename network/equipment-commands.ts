import {z} from 'zod';
import {DepotId, EquipmentId, PartyId, SiteId} from '../domain/ids.ts';
import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import {epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {type MasterData, readFolder, toRawFolder} from './core/master-data.ts';
import {mistakeText} from './core/mistake.ts';
import type {PositionFact} from './core/position-timeline.ts';
import {cellText} from './core/cell.ts';
import {type Command, instantText, origin, type Work} from './command.ts';
import {importInto} from './import-master-data.ts';
import {partNamed} from './part-named.ts';
import {settlePositions, signalGroups} from './settle.ts';

export const RepairReportBody = z.object({
  ...origin,
  equipmentId: EquipmentId.describe('The machine'),
  positionId: z.string().min(1).describe('Where in the machine: a position of its model'),
  reportedAt: instantText.describe('When the work was done, or found impossible'),
  finding: z.enum(['failed', 'planned', 'no-fault-found']).describe('What it turned out to be'),
  failureMode: z.string().max(200).optional().describe('ISO 14224 failure mode code'),
  partId: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Part used, when it was not the position’s own: our id, or anybody’s number of that day'),
  qty: z.int().min(1).optional().describe('Pieces used, in the part’s stocking unit'),
  serial: z.string().min(1).max(128).optional().describe('Serial of the component put in'),
  partyId: PartyId.optional().describe(
    'Whose log it goes into: who did the work; default the machine’s customer',
  ),
  partMissing: z.boolean().default(false).describe('The part was not there: the machine still waits'),
  note: z.string().max(4000).optional().describe('For the record'),
});
type RepairReportBody = z.infer<typeof RepairReportBody>;

/** What a report says happened: a job, a failure that still waits for its part, or nothing. */
function factOf(body: RepairReportBody, partId: string | null, key: string): PositionFact | null {
  const at = epochMs(Date.parse(body.reportedAt));
  const {serial = null} = body;
  if (body.finding === 'no-fault-found') return null;
  if (body.partMissing) return {key, at, type: 'failure', serial: null, partId: null, cause: null};
  return {
    key,
    at,
    type: 'repair-report',
    serial,
    partId,
    cause: body.finding === 'failed' ? 'failure' : 'planned',
  };
}

export const reportRepair: Command<RepairReportBody, {readonly reportId: string}> = {
  kind: 'report-repair',
  schema: RepairReportBody,
  quarantined: true,
  async work(body, work) {
    const {ports, books, now, cause} = work;
    const {equipmentId, positionId} = body;
    const reportedAt = epochMs(Date.parse(body.reportedAt));
    const log = await logOf(body, reportedAt, books);
    if (!log.ok) return log;
    const {equipmentNo, partyId} = log.value;
    const known = (await books.positionsOf([equipmentNo])).get(equipmentNo) ?? [];
    if (!known.includes(positionId)) {
      const detail = `equipment ${equipmentId} has no position "${positionId}" (known: ${known.join(', ')}); correct it and resubmit`;
      return refused('unknown-position', detail);
    }
    // The number of the day of the work: it may have passed to another part since.
    const part =
      body.partId === undefined ? ok(null) : await partNamed(books, {number: body.partId}, reportedAt);
    if (!part.ok) return part;
    const reportId = ports.causeId('repair-report', body.source, body.sourceKey);
    const {source, sourceKey, finding, partMissing, failureMode = null, qty = null, note = null} = body;
    const report = {
      reportId,
      source,
      sourceKey,
      partyId,
      equipmentNo,
      positionId,
      reportedAt,
      failureMode,
      partId: part.value,
      qty,
    };
    await books.saveReport({...report, partMissing, finding, note});
    await books.hearFeed({kind: 'repair-reports', partyId, newestAt: reportedAt}, now);
    const fact = factOf(body, part.value, `report:${cause}`);
    if (fact === null) return ok({reportId});
    const touched = await books.recordFacts([{equipmentNo, positionId, ...fact}]);
    await signalGroups(ports, books, await settlePositions(ports, books, touched), 'repair', now);
    return ok({reportId});
  },
};

/**
 * The machine, and the party whose log a report on it goes into. To a named party every machine but its own is unknown: it
 * learns from the answer nothing about the others.
 */
async function logOf(
  {equipmentId, partyId}: RepairReportBody,
  at: EpochMs,
  books: Work['books'],
): Promise<Result<{readonly equipmentNo: number; readonly partyId: string}>> {
  const equipmentNo = (await books.equipmentNos([equipmentId])).get(equipmentId);
  const reporter =
    equipmentNo === undefined ? null : await books.reporter({equipmentNo, partyId: partyId ?? null, at});
  if (equipmentNo !== undefined && reporter !== null) return ok({equipmentNo, partyId: reporter});
  return partyId === undefined
    ? refused(
        'unknown-equipment',
        `equipment ${equipmentId} is not known; add it to equipment.csv and resubmit`,
      )
    : refused(
        'unknown-equipment',
        `equipment ${equipmentId} is not known as a machine that ${partyId} uses, houses, serves or has under contract; correct the id, or add what is missing to the master data`,
      );
}

export const AddEquipment = z.object({
  ...origin,
  equipmentId: EquipmentId,
  modelId: z.string().min(1),
  siteId: SiteId,
  customerPartyId: PartyId,
  contractId: z.string().min(1).optional(),
  downtimeMinorPerH: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  criticality: z.enum(['A', 'B', 'C']).default('B'),
  commissionedAt: instantText.optional().describe('Default: now'),
  expectedIntervalS: z.int().min(1).optional().describe('Seconds between its words; default: its class’s'),
  attributes: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  depots: z
    .array(z.object({depotId: DepotId, priority: z.int().min(1).default(1), transitH: z.number().min(0)}))
    .min(1)
    .describe('Who serves it, first asked first'),
  positions: z
    .array(
      z.object({
        positionId: z.string().min(1),
        serial: z.string().min(1),
        installedAt: instantText.optional(),
      }),
    )
    .default([])
    .describe(
      'What is installed where; positions left out get an inferred component from the day of commissioning',
    ),
});
type AddEquipment = z.infer<typeof AddEquipment>;

/** One equipment goes the way of a whole folder, so it meets the same rules. Sent again it updates the master data. */
export const addEquipment: Command<AddEquipment, {readonly equipmentNo: number; readonly partition: number}> =
  {
    kind: 'add-equipment',
    schema: AddEquipment,
    quarantined: true,
    async work(body, work) {
      const {ports, books} = work;
      const outcome = await importInto(ports, books, toRawFolder(await rowsOf(body, work)), {
        actor: body.source,
        unreadable: [],
      });
      if (!outcome.ok) return refused('invalid-equipment', outcome.mistakes.map(mistakeText).join('\n'));
      const equipmentNo = (await books.equipmentNos([body.equipmentId])).get(body.equipmentId)!;
      return ok({equipmentNo, partition: await books.partitionOf(equipmentNo)});
    },
  };

async function rowsOf(body: AddEquipment, {books, now}: Work): Promise<MasterData> {
  const {equipmentId: equipment_id} = body;
  const commissioned = body.commissionedAt ?? toIso(now);
  const {bom_position: bom} = await books.readMaster(readFolder({}).folder);
  const ofModel = bom.filter(({cells}) => cells['model_id'] === body.modelId);
  const told = new Map(body.positions.map((position) => [position.positionId, position]));
  const isNew = !(await books.equipmentNos([equipment_id])).has(equipment_id);
  const positions = new Set([
    ...told.keys(),
    ...(isNew ? ofModel.map(({cells}) => cellText(cells['position_id'])) : []),
  ]);
  return {
    equipment: [
      {
        equipment_id,
        model_id: body.modelId,
        site_id: body.siteId,
        customer_party_id: body.customerPartyId,
        contract_id: body.contractId ?? '',
        downtime_minor_per_h: body.downtimeMinorPerH,
        currency: body.currency,
        criticality: body.criticality,
        commissioned_at: commissioned,
        expected_interval_s: body.expectedIntervalS ?? '',
        ...Object.fromEntries(
          Object.entries(body.attributes).map(([name, value]) => [`attr_${name}`, value]),
        ),
      },
    ],
    service_area: body.depots.map(({depotId, priority, transitH}) => ({
      equipment_id,
      depot_id: depotId,
      priority,
      transit_h: transitH,
    })),
    installation: [...positions].sort().map((position_id) => {
      const {serial, installedAt = commissioned} = told.get(position_id) ?? {serial: undefined};
      const entry = ofModel.findLast(({cells}) => cells['position_id'] === position_id);
      return {
        equipment_id,
        position_id,
        installed_at: installedAt,
        component_id: serial ?? `inferred:${equipment_id}:${position_id}:${installedAt}`,
        class_id: cellText(entry?.cells['class_id']),
        part_id: cellText(entry?.cells['part_id']),
        inferred: serial === undefined,
      };
    }),
  };
}
