import type {EpochMs} from '../../domain/time.ts';
import {DAY_MS} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {Term} from '../../domain/service-level/clause.ts';
import type {Contract, ContractWithTerms} from '../core/contract.ts';
import {loadTerms} from './clause-rows.ts';

const COLUMNS = `c.contract_id AS "contractId", c.version, c.party_a AS "partyA", c.party_b AS "partyB", c.type, c.tier,
  CASE WHEN isfinite(lower(c.valid)) THEN lower(c.valid) END AS "validFrom", CASE WHEN isfinite(upper(c.valid)) THEN upper(c.valid) END AS "validTo",
  c.status, c.penalty_minor_per_h AS "penaltyMinorPerH"`;

/** Each contract's version in force at an instant, with the terms that count then. */
export async function contractsInForce(
  db: Queryable,
  filter: {readonly partyId?: string | undefined; readonly limit: number},
  at: EpochMs,
): Promise<ContractWithTerms[]> {
  const {rows} = await db.query<Contract>(
    `SELECT ${COLUMNS} FROM network.contract_in_force($1) c
      WHERE ($2::text IS NULL OR $2 IN (c.party_a, c.party_b)) ORDER BY c.contract_id COLLATE "C" LIMIT $3`,
    [timestamp(at), filter.partyId ?? null, filter.limit],
  );
  return withTerms(db, rows, (term) => term.from <= at && at < term.to);
}

/** Every version of one contract, the newest first, with all its terms. */
export async function contractVersions(db: Queryable, contractId: string): Promise<ContractWithTerms[]> {
  const {rows} = await db.query<Contract>(
    `SELECT ${COLUMNS} FROM network.contract c WHERE c.contract_id = $1 ORDER BY c.version DESC`,
    [contractId],
  );
  return withTerms(db, rows, () => true);
}

async function withTerms(
  db: Queryable,
  rows: readonly Contract[],
  counts: (term: Term) => boolean,
): Promise<ContractWithTerms[]> {
  const terms = (
    await loadTerms(
      db,
      rows.map((row) => row.contractId),
    )
  ).filter(counts);
  return rows.map((row) => ({
    ...row,
    terms: terms.filter((term) => term.contractId === row.contractId && term.version === row.version),
  }));
}

/** In force at $1, but not any more at $2, when no other version has taken over either. */
const EXPIRING = `
  SELECT ${COLUMNS} FROM network.contract_in_force($1) c
   WHERE upper(c.valid) <= $2
     AND NOT EXISTS (SELECT FROM network.contract n WHERE n.contract_id = c.contract_id AND n.status = 'active' AND n.valid @> upper(c.valid))`;

/** Contracts that end within so many days and are not renewed, the first to end first. */
export async function expiringContracts(
  db: Queryable,
  {now, withinDays}: {readonly now: EpochMs; readonly withinDays: number},
): Promise<Contract[]> {
  const {rows} = await db.query<Contract>(`${EXPIRING} ORDER BY upper(c.valid), c.contract_id`, [
    timestamp(now),
    timestamp(now + withinDays * DAY_MS),
  ]);
  return rows;
}
