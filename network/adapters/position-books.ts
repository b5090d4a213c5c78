import {type Queryable, timestamp, together} from '../../platform/pg.ts';
import type {
  BomEntry,
  InstallationRow,
  PositionChange,
  PositionLine,
  PositionRef,
  PositionSituation,
  ServiceArea,
} from '../core/position-change.ts';
import type {PositionFact} from '../core/position-timeline.ts';
import type {PositionBooks, TouchedPosition} from '../ports.ts';
import {LINE_COLUMNS} from './stock-books.ts';

const POSITIONS = `unnest($1::int[], $2::text[]) AS p(equipment_no, position_id)`;

function columnsOf(positions: readonly PositionRef[]): [number[], string[]] {
  return [positions.map(({equipmentNo}) => equipmentNo), positions.map(({positionId}) => positionId)];
}

const seat = ({equipmentNo, positionId}: PositionRef): string => `${equipmentNo} ${positionId}`;

/** Rows by the position or equipment that they belong to. */
function gather<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

export function positionBooks(db: Queryable): PositionBooks {
  return {
    recordFacts: (facts) => recordFacts(db, facts),
    loadPositions: (positions) => loadPositions(db, positions),
    savePositions: async (changes, demandIdOf) => {
      await saveInstallations(db, changes);
      await saveLines(db, changes, demandIdOf);
    },
    async partitionOf(equipmentNo) {
      const {rows} = await db.query<{partition: number}>(
        'SELECT partition_no AS partition FROM network.equipment WHERE equipment_no = $1',
        [equipmentNo],
      );
      return rows[0]!.partition;
    },
    async positionsOf(equipmentNos) {
      const {rows} = await db.query<{equipment_no: number; positions: string[]}>(
        `SELECT e.equipment_no, array_agg(DISTINCT b.position_id ORDER BY b.position_id) AS positions
           FROM network.equipment e JOIN network.bom_position b USING (model_id)
          WHERE e.equipment_no = ANY($1::int[]) GROUP BY e.equipment_no`,
        [equipmentNos],
      );
      return new Map(rows.map((row) => [row.equipment_no, row.positions]));
    },
  };
}

async function recordFacts(
  db: Queryable,
  facts: readonly (PositionRef & PositionFact)[],
): Promise<TouchedPosition[]> {
  if (facts.length === 0) return [];
  const {rows} = await db.query<{equipmentNo: number; positionId: string; cause: string}>(
    `WITH fresh AS (
       INSERT INTO network.position_event (equipment_no, position_id, observed_at, event_key, type, serial, part_id, cause)
       SELECT * FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       ON CONFLICT DO NOTHING RETURNING equipment_no, position_id, event_key)
     SELECT equipment_no AS "equipmentNo", position_id AS "positionId", min(event_key) AS cause
       FROM fresh GROUP BY 1, 2 ORDER BY 1, 2`,
    [
      ...columnsOf(facts),
      facts.map(({at}) => timestamp(at)),
      facts.map(({key}) => key),
      facts.map(({type}) => type),
      facts.map(({serial}) => serial),
      facts.map(({partId}) => partId),
      facts.map(({cause}) => cause),
    ],
  );
  return rows;
}

type Head = Pick<
  PositionSituation,
  'equipmentNo' | 'positionId' | 'equipmentId' | 'customerPartyId' | 'tier'
>;

async function loadPositions(db: Queryable, positions: readonly PositionRef[]): Promise<PositionSituation[]> {
  if (positions.length === 0) return [];
  const at = columnsOf(positions);
  const rowsOf = async <T extends object>(sql: string): Promise<T[]> => (await db.query<T>(sql, at)).rows;
  const [heads, facts, bom, areas, installations, lines, unusable] = await together([
    rowsOf<Head>(
      `SELECT p.equipment_no AS "equipmentNo", p.position_id AS "positionId", e.equipment_id AS "equipmentId",
            e.customer_party_id AS "customerPartyId",
            coalesce((SELECT c.tier FROM network.contract c WHERE c.contract_id = e.contract_id AND c.status = 'active'
                       ORDER BY c.version DESC LIMIT 1), 'standard') AS tier
       FROM ${POSITIONS} JOIN network.equipment e USING (equipment_no) ORDER BY 1, 2`,
    ),
    rowsOf<PositionRef & PositionFact>(
      `SELECT equipment_no AS "equipmentNo", position_id AS "positionId", observed_at AS at, event_key AS key, type, serial,
            part_id AS "partId", cause
       FROM ${POSITIONS} JOIN network.position_event USING (equipment_no, position_id)`,
    ),
    rowsOf<PositionRef & BomEntry>(
      `SELECT equipment_no AS "equipmentNo", position_id AS "positionId", b.valid_from AS "validFrom", b.valid_to AS "validTo",
            b.class_id AS "classId", b.part_id AS "partId", b.qty
       FROM ${POSITIONS} JOIN network.equipment e USING (equipment_no) JOIN network.bom_position b USING (model_id, position_id)
      ORDER BY b.valid_from DESC`,
    ),
    rowsOf<{equipmentNo: number} & ServiceArea>(
      `SELECT equipment_no AS "equipmentNo", depot_id AS "depotId", valid_from AS "validFrom", valid_to AS "validTo", priority,
            transit_h AS "transitH"
       FROM network.service_area WHERE equipment_no = ANY($1::int[]) AND $2::text[] IS NOT NULL`,
    ),
    rowsOf<PositionRef & InstallationRow>(
      `SELECT equipment_no AS "equipmentNo", position_id AS "positionId", installed_at AS "installedAt", removed_at AS "removedAt",
            removal_cause AS "removalCause", component_id AS "componentId", source_key AS "sourceKey"
       FROM ${POSITIONS} JOIN network.installation USING (equipment_no, position_id)`,
    ),
    rowsOf<PositionRef & PositionLine>(
      `SELECT p.equipment_no AS "eventEquipmentNo", p.position_id AS "positionId", ${LINE_COLUMNS}, d.source_key AS "sourceKey", d.cause
       FROM ${POSITIONS} JOIN network.position_event v USING (equipment_no, position_id)
       JOIN network.demand_line d ON d.source = 'event' AND d.source_key = v.event_key
      ORDER BY d.requested_at, d.demand_id`,
    ),
    rowsOf<PositionRef & {serial: string; why: string}>(UNUSABLE_SERIALS),
  ]);
  const stocking = await stockingDepots(db, bom, areas);
  const [factsBy, bomBy, installationsBy, linesBy, unusableBy] = [
    gather(facts, seat),
    gather(bom, seat),
    gather(installations, seat),
    gather(lines, seat),
    gather(unusable, seat),
  ];
  const areasBy = gather(areas, ({equipmentNo}) => String(equipmentNo));
  return heads.map((head) => ({
    ...head,
    facts: factsBy.get(seat(head)) ?? [],
    bom: bomBy.get(seat(head)) ?? [],
    serviceAreas: areasBy.get(String(head.equipmentNo)) ?? [],
    stocking,
    installations: installationsBy.get(seat(head)) ?? [],
    lines: linesBy.get(seat(head)) ?? [],
    unusableSerials: new Map((unusableBy.get(seat(head)) ?? []).map(({serial, why}) => [serial, why])),
  }));
}

/** A serial told for a position that is another kind of component, or that sits in another place at that time. */
const UNUSABLE_SERIALS = `
  SELECT p.equipment_no AS "equipmentNo", p.position_id AS "positionId", v.serial,
         CASE WHEN v.serial !~ '^[^\\s/+#]{1,128}$' THEN 'serial "' || left(v.serial, 40) || '" is no id; correct it and resubmit'
              WHEN other.equipment_no IS NOT NULL THEN 'serial ' || v.serial || ' is installed in ' || elsewhere.equipment_id
                   || ' ' || other.position_id || '; report its removal there, then resubmit'
              ELSE 'serial ' || v.serial || ' is a component of class ' || c.class_id || '; correct the serial and resubmit' END AS why
    FROM ${POSITIONS}
    JOIN network.position_event v USING (equipment_no, position_id)
    JOIN network.equipment e ON e.equipment_no = p.equipment_no
    LEFT JOIN network.component c ON c.component_id = v.serial
    LEFT JOIN network.installation other ON other.component_id = v.serial
         AND (other.equipment_no, other.position_id) <> (p.equipment_no, p.position_id)
         AND other.installed_at <= v.observed_at AND (other.removed_at IS NULL OR other.removed_at > v.observed_at)
    LEFT JOIN network.equipment elsewhere ON elsewhere.equipment_no = other.equipment_no
   WHERE v.serial IS NOT NULL
     AND (v.serial !~ '^[^\\s/+#]{1,128}$' OR other.equipment_no IS NOT NULL
          OR (c.component_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM network.bom_position b
                 WHERE b.model_id = e.model_id AND b.position_id = p.position_id AND b.class_id = c.class_id)))`;

async function stockingDepots(
  db: Queryable,
  bom: readonly BomEntry[],
  areas: readonly ServiceArea[],
): Promise<Set<string>> {
  const {rows} = await db.query<{place: string}>(
    `SELECT depot_id || ' ' || part_id AS place FROM network.part_depot
      WHERE may_stock AND part_id = ANY($1::text[]) AND depot_id = ANY($2::text[])`,
    [[...new Set(bom.map(({partId}) => partId))], [...new Set(areas.map(({depotId}) => depotId))]],
  );
  return new Set(rows.map(({place}) => place));
}

async function saveInstallations(db: Queryable, changes: readonly PositionChange[]): Promise<void> {
  const removed = changes.flatMap((change) => change.remove.map((installedAt) => ({...change, installedAt})));
  const added = changes.flatMap(({equipmentNo, positionId, insert}) =>
    insert.map((row) => ({equipmentNo, positionId, ...row})),
  );
  if (removed.length > 0) {
    await db.query(
      `DELETE FROM network.installation i USING unnest($1::int[], $2::text[], $3::timestamptz[]) AS p(equipment_no, position_id, at)
        WHERE i.equipment_no = p.equipment_no AND i.position_id = p.position_id AND i.installed_at = p.at`,
      [...columnsOf(removed), removed.map(({installedAt}) => timestamp(installedAt))],
    );
  }
  if (added.length === 0) return;
  await db.query(
    `INSERT INTO network.component (component_id, class_id, part_id, inferred)
     SELECT DISTINCT ON (1) * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) ON CONFLICT DO NOTHING`,
    [
      added.map(({componentId}) => componentId),
      added.map(({classId}) => classId),
      added.map(({partId}) => partId),
      added.map(({inferred}) => inferred),
    ],
  );
  await db.query(
    `INSERT INTO network.installation (equipment_no, position_id, installed_at, removed_at, removal_cause, component_id, source_key)
     SELECT * FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])`,
    [
      ...columnsOf(added),
      added.map(({installedAt}) => timestamp(installedAt)),
      added.map(({removedAt}) => (removedAt === null ? null : timestamp(removedAt))),
      added.map(({removalCause}) => removalCause),
      added.map(({componentId}) => componentId),
      added.map(({sourceKey}) => sourceKey),
    ],
  );
}

async function saveLines(
  db: Queryable,
  changes: readonly PositionChange[],
  demandIdOf: (sourceKey: string) => string,
): Promise<void> {
  const lines = changes.flatMap((change) => change.lines);
  const inserted = lines.filter(({kind}) => kind === 'insert');
  const updated = lines.filter(({kind}) => kind === 'update');
  if (inserted.length > 0) {
    await db.query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty,
                                        requested_at, needed_at, cause)
       SELECT id, 'event', key, part, depot, equipment, customer, tier, qty, at, at, cause
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::int[], $9::timestamptz[], $10::text[])
              AS d(id, key, part, depot, equipment, customer, tier, qty, at, cause)`,
      [
        inserted.map(({sourceKey}) => demandIdOf(sourceKey)),
        inserted.map(({sourceKey}) => sourceKey),
        inserted.map(({partId}) => partId),
        inserted.map(({depotId}) => depotId),
        inserted.map(({equipmentNo}) => equipmentNo),
        inserted.map(({customerPartyId}) => customerPartyId),
        inserted.map(({tier}) => tier),
        inserted.map(({qty}) => qty),
        inserted.map(({requestedAt}) => timestamp(requestedAt)),
        inserted.map(({cause}) => cause),
      ],
    );
  }
  if (updated.length > 0) {
    await db.query(
      `UPDATE network.demand_line d SET source_key = u.key, cause = u.cause, requested_at = u.at, needed_at = u.at
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS u(id, key, cause, at) WHERE d.demand_id = u.id`,
      [
        updated.map(({demandId}) => demandId),
        updated.map(({sourceKey}) => sourceKey),
        updated.map(({cause}) => cause),
        updated.map(({requestedAt}) => timestamp(requestedAt)),
      ],
    );
  }
}
