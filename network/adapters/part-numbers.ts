import type {EpochMs} from '../../domain/time.ts';
import {type Queryable, timestamp} from '../../platform/pg.ts';
import type {PartReference} from '../core/part-reference.ts';
import type {NumberMeanings} from '../stock-ports.ts';

const COLUMNS = `scheme, number, revision, part_id AS "partId", valid_from AS "validFrom", valid_to AS "validTo"`;

export async function meaningsOf(db: Queryable, number: string): Promise<NumberMeanings> {
  const references = await db.query<PartReference>(
    `SELECT ${COLUMNS} FROM network.part_xref WHERE network.part_number_key(number) = network.part_number_key($1)
      ORDER BY scheme, revision, part_id, valid_from`,
    [number],
  );
  const own = await db.query<{partId: string}>(
    `SELECT part_id AS "partId" FROM network.part WHERE network.part_number_key(part_id) = network.part_number_key($1) ORDER BY 1`,
    [number],
  );
  return {references: references.rows, ownParts: own.rows.map(({partId}) => partId)};
}

export async function numbersOf(
  db: Queryable,
  partIds: readonly string[],
  at: EpochMs,
): Promise<PartReference[]> {
  if (partIds.length === 0) return [];
  const {rows} = await db.query<PartReference>(
    `SELECT ${COLUMNS} FROM network.part_xref WHERE part_id = ANY($1::text[]) AND valid_from <= $2 AND valid_to > $2
      ORDER BY part_id, scheme, number, revision`,
    [partIds, timestamp(at)],
  );
  return rows;
}
