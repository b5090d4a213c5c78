import {z} from 'zod';
import {toIso} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {type Queryable, timestamp} from '../../platform/pg.ts';
import {ISSUABLE_CONDITIONS} from '../core/stock-rules.ts';
import {STATEMENT_RULES, StatementRules} from '../core/stock-statement.ts';
import type {Discrepancy, ShelfName, StatedShelf, StatementBooks} from '../stock-ports.ts';

/** network.held_back reads these alerts. */
const ALERT = 'stock-discrepancy';
const RULES = 'network.stock-statements';
const USABLE = `('${ISSUABLE_CONDITIONS.join(`', '`)}')`;

const subjectOf = ({partId, depotId}: ShelfName): string => `${partId}@${depotId}`;

/**
 * Usable pieces of a shelf at an instant: those of now without what came since and with what left since. An adjustment moves no piece: it
 * says what was there all along, so the books of then are read as it has corrected them.
 */
const ledgerAt = (part: string, depot: string, at: string): string => `
  SELECT least((SELECT coalesce(sum(b.qty), 0) FROM network.stock_balance b
                 WHERE b.loc = 'depot:' || ${depot} AND b.part_id = ${part} AND b.condition IN ${USABLE})
             - (SELECT coalesce(sum(m.qty), 0) FROM network.stock_movement m WHERE m.part_id = ${part} AND m.to_loc = 'depot:' || ${depot}
                   AND m.condition IN ${USABLE} AND m.world_at > ${at} AND m.from_loc NOT LIKE 'adjustment:%')
             + (SELECT coalesce(sum(m.qty), 0) FROM network.stock_movement m WHERE m.part_id = ${part} AND m.from_loc = 'depot:' || ${depot}
                   AND m.condition IN ${USABLE} AND m.world_at > ${at} AND m.to_loc NOT LIKE 'adjustment:%'), 2147483647)::int AS pieces`;

const STATED_SHELVES = `
  SELECT s.*, l.pieces AS ledger, d.party_id AS "depotPartyId", replenish.criticality_in_force(p) AS segment,
         p.unit_cost_minor AS "unitCostMinor", p.currency,
         (SELECT jsonb_build_object('source', a.body->'source', 'difference', a.body->'difference') FROM replenish.alert a
           WHERE a.kind = '${ALERT}' AND a.subject = s."partId" || '@' || s."depotId" AND a.state <> 'cleared') AS open,
         (SELECT CASE WHEN a.resolution IS NOT NULL AND NOT EXISTS (SELECT FROM network.stock_statement t
                         WHERE t.part_id = s."partId" AND t.depot_id = s."depotId" AND t.agrees AND t.received_at >= a.updated_at)
                      THEN (a.body->>'difference')::int END
            FROM replenish.alert a WHERE a.kind = '${ALERT}' AND a.subject = s."partId" || '@' || s."depotId"
           ORDER BY a.opened_at DESC LIMIT 1) AS "lookedInto"
    FROM unnest($1::text[], $2::text[]) AS n(part_id, depot_id)
    CROSS JOIN LATERAL (
      SELECT t.statement_id AS "statementId", t.source, t.party_id AS "partyId", t.part_id AS "partId", t.depot_id AS "depotId", t.stated,
             t.counted_at AS "countedAt"
        FROM network.stock_statement t WHERE t.part_id = n.part_id AND t.depot_id = n.depot_id
       ORDER BY t.counted_at DESC, t.statement_id LIMIT 1) s
    CROSS JOIN LATERAL (${ledgerAt('s."partId"', 's."depotId"', 's."countedAt"')}) l
    JOIN network.part p ON p.part_id = s."partId" JOIN network.depot d ON d.depot_id = s."depotId"
   ORDER BY n.part_id, n.depot_id`;

export function statementBooks(db: Queryable): StatementBooks {
  return {
    async statementRules(now) {
      const read = StatementRules.safeParse(await parameterInForce(db, RULES, now));
      if (read.success) return read.data;
      // Statements are held against the ledger by the rules as delivered rather than not at all.
      const body = {reason: z.prettifyError(read.error)};
      await db.query(
        `SELECT platform.record_audit($1, 'forestock', 'parameter.unreadable', '${RULES}', $2)`,
        [timestamp(now), JSON.stringify(body)],
      );
      return STATEMENT_RULES;
    },
    async ledgerAt(counts) {
      const {rows} = await db.query<{pieces: number}>(
        `SELECT l.pieces FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS n(part_id, depot_id, at, place)
           CROSS JOIN LATERAL (${ledgerAt('n.part_id', 'n.depot_id', 'n.at')}) l ORDER BY n.place`,
        [
          counts.map(({partId}) => partId),
          counts.map(({depotId}) => depotId),
          counts.map(({countedAt}) => timestamp(countedAt)),
        ],
      );
      return rows.map(({pieces}) => pieces);
    },
    async keptStatements(statementIds) {
      const {rows} = await db.query<{id: string; stated: number}>(
        'SELECT statement_id AS id, stated FROM network.stock_statement WHERE statement_id = ANY($1::uuid[])',
        [statementIds],
      );
      return new Map(rows.map(({id, stated}) => [id, stated]));
    },
    async keepStatements(statements, now) {
      await db.query(
        `INSERT INTO network.stock_statement (statement_id, source, part_id, depot_id, party_id, stated, counted_at, ledger, tolerance, received_at)
         SELECT n.*, $10 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[], $8::int[], $9::int[]) AS n`,
        [
          statements.map(({statementId}) => statementId),
          statements.map(({source}) => source),
          statements.map(({partId}) => partId),
          statements.map(({depotId}) => depotId),
          statements.map(({partyId}) => partyId),
          statements.map(({stated}) => stated),
          statements.map(({countedAt}) => timestamp(countedAt)),
          statements.map(({ledger}) => ledger),
          statements.map(({tolerance}) => tolerance),
          timestamp(now),
        ],
      );
    },
    async statedShelves(shelves) {
      const {rows} = await db.query<StatedShelf>(STATED_SHELVES, [
        shelves.map(({partId}) => partId),
        shelves.map(({depotId}) => depotId),
      ]);
      return rows;
    },
    async raiseDiscrepancy(found, now) {
      const {partId, depotId, source, stated, ledger, difference, dueAt} = found;
      const countedAt = toIso(found.countedAt);
      const facts = {partId, depotId, source, stated, ledger, difference, countedAt};
      await db.query('SELECT replenish.open_case($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
        causeId('alert', ALERT, found.statementId),
        ALERT,
        subjectOf(found),
        found.depotPartyId,
        timestamp(now),
        Math.abs(difference) * found.unitCostMinor,
        found.currency,
        JSON.stringify({...facts, why: whyOf(found)}),
        timestamp(dueAt),
      ]);
    },
    async clearDiscrepancy(shelf, now) {
      const {source, stated, ledger} = shelf;
      const body = {source, stated, ledger, countedAt: toIso(shelf.countedAt)};
      await db.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [
        ALERT,
        subjectOf(shelf),
        timestamp(now),
        JSON.stringify(body),
      ]);
    },
    async heldBack(depotId, partIds, now) {
      const {rows} = await db.query<{partId: string; pieces: number}>(
        `SELECT n.part_id AS "partId", h.pieces FROM unnest($2::text[]) AS n(part_id)
           CROSS JOIN LATERAL network.held_back(n.part_id, $1, $3) h WHERE h.pieces <> 0`,
        [depotId, partIds, timestamp(now)],
      );
      return new Map(rows.map(({partId, pieces}) => [partId, pieces]));
    },
  };
}

/** Example: 'wms states 7 of 2026-01-05 06:00 UTC, the ledger had 10: 3 less; count the shelf, or say what was found, by 2026-01-10' */
function whyOf({source, stated, countedAt, ledger, difference, dueAt}: Discrepancy): string {
  const minute = toIso(countedAt).slice(0, 16).replace('T', ' ');
  const odd = `${Math.abs(difference)} ${difference < 0 ? 'less' : 'more'}`;
  return `${source} states ${stated} of ${minute} UTC, the ledger had ${ledger}: ${odd}; count the shelf, or say what was found, by ${toIso(dueAt).slice(0, 10)}`;
}
