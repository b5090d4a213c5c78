import {z} from 'zod';
import {ALWAYS, BusinessClock, type Calendar, type Suspension} from '../../domain/business-time.ts';
import {readTerm} from '../../domain/contract-term.ts';
import {invariant} from '../../domain/invariant.ts';
import {suspensionsOf} from '../../domain/service-level/clause.ts';
import {addsUpWaiting} from '../../domain/service-level/waiting.ts';
import {type EpochMs, epochMs, HOUR_MS} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {type Queryable, timestamp} from '../../platform/pg.ts';
import {SHARE_RULES, ShareRules, type LineCharge, type WaitingLine} from '../core/service-order.ts';
import type {NetworkReads} from '../read-ports.ts';
import type {ShareBooks, ShareOutRow} from '../stock-ports.ts';
import {LINE_COLUMNS} from './stock-books.ts';

/** The contract version that a line's case belongs to: the one in force when it is needed. */
const VERSION = `SELECT c.contract_id, c.version, c.penalty_minor_per_h FROM network.contract c
       WHERE c.contract_id = e.contract_id AND c.status = 'active' AND c.valid @> d.needed_at ORDER BY c.version DESC LIMIT 1`;

/**
 * A demand line `d` and its machine `e` as sharing out knows them. An hour of waiting costs the downtime, plus the contract's plain
 * penalty; a version with typed penalty terms charges by those instead, where they are in the machine's currency.
 */
export const WAITING_COLUMNS = `${LINE_COLUMNS},
  (coalesce(e.downtime_minor_per_h, 0) + coalesce((
     SELECT CASE WHEN EXISTS (SELECT FROM partners.contract_term t WHERE t.contract_id = v.contract_id AND t.version = v.version
                                 AND t.type = 'penalty' AND t.effective @> d.needed_at) THEN 0 ELSE v.penalty_minor_per_h END
       FROM (${VERSION}) v), 0))::bigint AS "perHourMinor",
  (SELECT jsonb_agg(jsonb_build_object('penalty', t.params, 'sla', s.params, 'calendar',
            (SELECT jsonb_build_object('calendarId', k.calendar_id, 'timeZone', k.time_zone, 'hours', k.hours, 'holidays', k.holidays)
               FROM partners.calendar k WHERE k.calendar_id = s.params->>'calendar'),
            'majeure', (SELECT jsonb_agg(f.params) FROM partners.contract_term f
               WHERE f.contract_id = v.contract_id AND f.version = v.version AND f.type = 'forceMajeure' AND f.effective @> d.needed_at
                 AND coalesce((f.scope->'equipmentIds') @> (s.scope->'equipmentIds'), NOT (f.scope ? 'equipmentIds'))
                 AND coalesce((f.scope->'partIds') @> (s.scope->'partIds'), NOT (f.scope ? 'partIds'))
                 AND coalesce((f.scope->'depotIds') @> (s.scope->'depotIds'), NOT (f.scope ? 'depotIds')))) ORDER BY t.term_no)
     FROM (${VERSION}) v JOIN partners.contract_term t USING (contract_id, version)
     JOIN partners.contract_term s ON s.contract_id = v.contract_id AND s.version = v.version AND s.type = 'sla'
      AND s.term_no = (t.params->>'slaTermNo')::int
    WHERE t.type = 'penalty' AND t.effective @> d.needed_at AND s.effective @> d.needed_at AND t.params->>'currency' = e.currency
      AND coalesce(s.scope->'equipmentIds' ? e.equipment_id, true) AND coalesce(s.scope->'partIds' ? d.part_id, true)
      AND coalesce(s.scope->'depotIds' ? d.depot_id, true)) AS terms,
  coalesce((SELECT min(s.transit_h) FROM network.service_area s WHERE s.equipment_no = d.equipment_no AND s.depot_id = d.depot_id
     AND s.valid_from <= d.needed_at AND d.needed_at < s.valid_to), 0) AS "transitH"`;

/** A row of `WAITING_COLUMNS`: each penalty with the service level that it belongs to. */
export interface WaitingRow extends Omit<WaitingLine, 'charges'> {
  readonly terms: readonly {
    readonly penalty: unknown;
    readonly sla: unknown;
    readonly calendar: Calendar | null;
    readonly majeure: readonly unknown[] | null;
  }[] | null; // prettier-ignore
}

/** The lines with their charges; lines of one calendar have one clock. */
export function waitingLinesOf<R extends WaitingRow>(rows: readonly R[]): (Omit<R, 'terms'> & WaitingLine)[] {
  const clocks = new Map<string, BusinessClock>();
  const clockOf = (calendar: Calendar): BusinessClock => {
    const clock = clocks.get(calendar.calendarId) ?? new BusinessClock(calendar);
    clocks.set(calendar.calendarId, clock);
    return clock;
  };
  return rows.map(({terms, ...line}) => {
    if (terms === null) return line;
    const charges = terms.flatMap(({penalty, sla, calendar, majeure}): LineCharge[] => {
      const [level, charge] = [readTerm('sla', sla), readTerm('penalty', penalty)];
      invariant(
        level.ok && level.value.type === 'sla' && charge.ok && charge.value.type === 'penalty',
        CHECKED,
      );
      const {metric, target, withinH, exclusions} = level.value.params;
      // An hour adds to the sum of a window, whichever line waits: it favours none.
      if (addsUpWaiting(metric)) return [];
      const responds = metric === 'responseH';
      if (responds && line.filledQty > 0) return []; // its clock has stopped
      const startAt = responds ? line.requestedAt : line.neededAt;
      const limitH = metric === 'fillRate' ? withinH : target;
      const clock = clockOf(calendar ?? ALWAYS).without([
        ...suspensionsOf(exclusions),
        ...(majeure ?? []).flatMap(declaredIn),
      ]);
      return [{startAt, limitH, clock, formula: charge.value.params}];
    });
    return {...line, charges};
  });
}
const CHECKED = 'a term was checked when it was imported';

function declaredIn(params: unknown): Suspension[] {
  const read = readTerm('forceMajeure', params);
  invariant(read.ok && read.value.type === 'forceMajeure', CHECKED);
  return suspensionsOf(read.value.params.declared);
}

/** An order that is overdue may come at any time, but nobody counts on it within this. */
const OVERDUE_MIN_H = 6;

export function shareBooks(db: Queryable): ShareBooks {
  return {
    async waitingLines(depotIds, partIds) {
      const {rows} = await db.query<WaitingRow>(
        `SELECT ${WAITING_COLUMNS} FROM network.demand_line d LEFT JOIN network.equipment e USING (equipment_no)
          WHERE d.state = 'open' AND d.depot_id = ANY($1::text[]) AND d.part_id = ANY($2::text[])`,
        [depotIds, partIds],
      );
      return waitingLinesOf(rows);
    },
    async nextSupplyAt(depotId, partIds, now) {
      const {rows} = await db.query<{at: EpochMs | null}>(
        `SELECT min(coalesce(promised_at, expected_at)) AS at FROM network.supply_order
          WHERE part_id = ANY($2::text[]) AND to_loc = 'depot:' || $1 AND state IN ('released', 'confirmed', 'shipped') AND qty > received_qty`,
        [depotId, partIds],
      );
      const at = rows[0]?.at ?? null;
      return at === null ? null : epochMs(Math.max(at, now + OVERDUE_MIN_H * HOUR_MS));
    },
    async shareRules(now) {
      const read = ShareRules.safeParse(await parameterInForce(db, 'network.share-out', now));
      if (read.success) return read.data;
      // Pieces go out by the rules as delivered rather than not at all.
      const body = {reason: z.prettifyError(read.error)};
      await db.query(
        `SELECT platform.record_audit($1, 'forestock', 'parameter.unreadable', 'network.share-out', $2)`,
        [timestamp(now), JSON.stringify(body)],
      );
      return SHARE_RULES;
    },
    async keepShares({shareOutId, groupId, depotId, worldAt, nextSupplyAt, supply, asked, shares}) {
      await db.query(
        `INSERT INTO network.share_out (share_out_id, group_id, depot_id, world_at, next_supply_at, supply, asked, shares)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [
          shareOutId,
          groupId,
          depotId,
          timestamp(worldAt),
          nextSupplyAt === null ? null : timestamp(nextSupplyAt),
          supply,
          asked,
          JSON.stringify(shares),
        ],
      );
    },
  };
}

/** Newest first; `null` filters nothing. */
export async function readShareOuts(
  db: Queryable,
  {depotId, partId, demandId, limit}: Parameters<NetworkReads['shareOuts']>[0],
): Promise<ShareOutRow[]> {
  const {rows} = await db.query<ShareOutRow>(
    `SELECT share_out_id AS "shareOutId", group_id AS "groupId", depot_id AS "depotId", world_at AS "worldAt",
            next_supply_at AS "nextSupplyAt", supply, asked, shares
       FROM network.share_out
      WHERE ($1::text IS NULL OR depot_id = $1)
        AND ($2::text IS NULL OR group_id = (SELECT group_id FROM network.part WHERE part_id = $2))
        AND ($3::text IS NULL OR shares @> jsonb_build_array(jsonb_build_object('demandId', $3::text)))
      ORDER BY world_at DESC, share_out_id LIMIT $4`,
    [depotId ?? null, partId ?? null, demandId ?? null, limit],
  );
  return rows;
}
