import {TermScope, readTerm} from '../../domain/contract-term.ts';
import type {TermType} from '../../domain/contract-term.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {sendableTo, whyDepotBarred, whyLaneBarred, whySupplierBarred} from '../core/supply/rules.ts';
import type {OwnedPieces, RuledLane, RuledPart} from '../core/supply/rules.ts';
import type {DepotSituation, Lane, Source} from '../core/decision/situation.ts';
import type {OrderedPieces, SupplyTerm} from '../core/supply/supply-terms.ts';

type Shelf = Pick<DepotSituation, 'depotId' | 'partyId' | 'onHand'>;

/** Approved to do the work of `partId`. */
export interface ApprovedSubstitute {
  readonly partId: string;
  readonly substituteId: string;
  readonly ratio: number;
  readonly models: readonly string[];
}

/** What of a shelf is out of the ordinary. */
interface OddPieces {
  readonly partId: string;
  readonly depotId: string;
  readonly owner: string;
  readonly condition: string;
  readonly lot: string;
  readonly qty: number;
  readonly usableUntil: number | null;
}

export interface TermRow {
  readonly contractId: string;
  readonly termNo: number;
  readonly parties: readonly string[];
  readonly type: string;
  readonly scope: unknown;
  readonly params: unknown;
}

interface RuleRow {
  readonly parts: readonly RuledPart[];
  readonly depots: readonly {readonly depotId: string; readonly forbiddenFlags: readonly string[]}[];
  readonly shelves: readonly OddPieces[];
  readonly repairs: readonly {readonly partId: string; readonly depotId: string; readonly qty: number}[];
  /** What orders are still to fetch from a shelf that is not its owner's. */
  readonly promised: readonly {
    readonly partId: string;
    readonly depotId: string;
    readonly owner: string;
    readonly qty: number;
  }[];
  readonly terms: readonly TermRow[];
  readonly substitutes: readonly ApprovedSubstitute[];
  readonly ordered: readonly (OrderedPieces & {readonly partId: string})[];
}

/** Terms that bind ways and shelves; those that charge for lateness are contract-rows.ts's. */
export const BINDING_TERMS: readonly TermType[] = [
  'exclusivity',
  'lane',
  'usableBy',
  'moq',
  'price',
  'calendar',
  'flex',
  'vmiBand',
  'obsolescence',
  'poolShare',
  'substitution',
];

const list = (row: string): string => `(SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM (${row}) x)`;

/** All that binds a part family, in one look: most families are bound by nothing. */
const RULES = `
  SELECT ${list(`SELECT part_id AS "partId", flags FROM network.part WHERE part_id = ANY($1::text[]) AND flags <> '{}'`)} AS parts,
    ${list(`SELECT depot_id AS "depotId", forbidden_flags AS "forbiddenFlags" FROM network.depot WHERE forbidden_flags <> '{}'`)} AS depots,
    ${list(`SELECT b.part_id AS "partId", substr(b.loc, 7) AS "depotId", b.owner_party_id AS owner, b.condition, b.lot, b.qty,
                   (extract(epoch FROM t.usable_until) * 1000)::bigint AS "usableUntil"
              FROM network.stock_balance b LEFT JOIN network.lot t ON t.part_id = b.part_id AND t.lot = b.lot AND isfinite(t.usable_until)
              LEFT JOIN network.part_depot p ON p.part_id = b.part_id AND b.loc = 'depot:' || p.depot_id
             WHERE b.part_id = ANY($1::text[]) AND b.loc LIKE 'depot:%' AND b.qty > 0 AND b.condition <> 'blocked'
               AND (b.condition = 'unserviceable' OR t.usable_until IS NOT NULL OR b.owner_party_id <> p.party_id)
             ORDER BY t.usable_until, b.lot, b.owner_party_id`)} AS shelves,
    ${list(`SELECT part_id AS "partId", substr(to_loc, 7) AS "depotId", sum(qty - shipped_qty)::int AS qty FROM network.supply_order
             WHERE part_id = ANY($1::text[]) AND kind = 'repair' AND state IN ('released', 'confirmed', 'shipped') GROUP BY 1, 2`)} AS repairs,
    ${list(`SELECT o.part_id AS "partId", substr(o.from_loc, 7) AS "depotId", o.owner_party_id AS owner, sum(o.qty - o.shipped_qty)::int AS qty
              FROM network.supply_order o JOIN network.part_depot p ON p.part_id = o.part_id AND o.from_loc = 'depot:' || p.depot_id
             WHERE o.part_id = ANY($1::text[]) AND o.owner_party_id <> p.party_id AND o.state IN ('released', 'confirmed', 'shipped')
             GROUP BY 1, 2, 3`)} AS promised,
    ${list(`SELECT t.contract_id AS "contractId", t.term_no AS "termNo", ARRAY[c.party_a, c.party_b] AS parties, t.type, t.scope, t.params
              FROM partners.contract_term t JOIN network.contract_in_force($2) c USING (contract_id, version)
             WHERE t.type IN (${BINDING_TERMS.map((type) => `'${type}'`).join(', ')}) AND t.effective @> $2::timestamptz
               AND (t.scope->'partIds' IS NULL OR t.scope->'partIds' ?| $1::text[])
               AND (t.type <> 'substitution' OR t.contract_id IN (
                     SELECT e.contract_id FROM network.demand_line l JOIN network.equipment e USING (equipment_no)
                      WHERE l.state = 'open' AND l.part_id = ANY($1::text[])))
             ORDER BY t.contract_id COLLATE "C", t.term_no`)} AS terms,
    ${list(`SELECT o.part_id AS "partId", substr(o.to_loc, 7) AS "depotId", o.supplier_party_id AS "supplierId", sum(o.qty)::int AS pieces,
                   (extract(epoch FROM date_trunc('month', o.ordered_at, 'UTC')) * 1000)::bigint AS "monthAt"
              FROM network.supply_order o
             WHERE o.part_id = ANY($1::text[]) AND o.kind IN ('purchase', 'expedite') AND o.supplier_party_id IS NOT NULL
               AND o.state NOT IN ('proposed', 'cancelled', 'rejected') AND o.ordered_at >= date_trunc('year', $2::timestamptz, 'UTC')
               AND EXISTS (SELECT FROM partners.contract_term t WHERE t.type = 'flex')
             GROUP BY 1, 2, 3, 5 ORDER BY 1, 2, 3, 5`)} AS ordered,
    ${list(`SELECT "partId", "substituteId", max(ratio) AS ratio, models FROM (
              SELECT from_part AS "partId", to_part AS "substituteId", ratio, models, valid_from, valid_to FROM network.part_relation
               WHERE kind = 'substitute' AND approval = 'approved'
              UNION ALL
              SELECT to_part, from_part, ratio, models, valid_from, valid_to FROM network.part_relation
               WHERE kind = 'substitute' AND approval = 'approved' AND direction = 'two-way' AND ratio = 1) r
             WHERE "partId" = ANY($1::text[]) AND "substituteId" = ANY($1::text[]) AND valid_from <= $2 AND valid_to > $2
             GROUP BY 1, 2, 4 ORDER BY 1, 2, 4`)} AS substitutes`;

/** What rules make of the ways and shelves of a part family at an instant. */
export interface Rules {
  readonly substitutes: readonly ApprovedSubstitute[];
  /** In force, by contract and number. */
  readonly terms: readonly SupplyTerm[];
  /** This year's orders of a part, where a term counts them. */
  ordered(partId: string): readonly OrderedPieces[];
  /** Of a shelf: what lasts not for ever, what of its party's own waits for repair, and what has expired already. */
  shelf(
    partId: string,
    depotId: string,
    partyId: string,
  ): Pick<DepotSituation, 'lots' | 'repairable'> & {readonly expired: number};
  lane(partId: string, lane: RuledLane, from: Shelf, to: Shelf): Pick<Lane, 'barred' | 'sendable'>;
  /** @param lanes of the part between the depots, barred ones told. */
  source(
    partId: string,
    source: Pick<Source, 'sourceKind' | 'sourceId' | 'kind'> & {readonly waived: boolean},
    to: Shelf,
    from: Shelf | undefined,
    lanes: readonly Lane[],
  ): Pick<Source, 'barred' | 'sendable'>;
}

export async function loadRules(db: Queryable, family: readonly string[], now: EpochMs): Promise<Rules> {
  const {rows} = await db.query<RuleRow>(RULES, [family, timestamp(now)]);
  const {parts, depots, shelves, repairs, promised, terms: written, substitutes, ordered} = rows[0]!;
  const terms = written.flatMap(supplyTerm);
  const partOf = (partId: string): RuledPart =>
    parts.find((part) => part.partId === partId) ?? {partId, flags: []};
  const oddAt = (partId: string, depotId: string): OddPieces[] =>
    shelves.filter((row) => row.partId === partId && row.depotId === depotId);
  const entry = (partId: string, depotId: string): string | null => {
    const depot = depots.find((one) => one.depotId === depotId);
    return depot === undefined ? null : whyDepotBarred(partOf(partId), depot);
  };
  const sent = (partId: string, from: Shelf, to: Shelf): Pick<Lane, 'barred' | 'sendable'> => {
    const taken = promised.filter((row) => row.partId === partId && row.depotId === from.depotId);
    const owned = ownersOf(from, oddAt(partId, from.depotId).filter(isUsable(now)), taken);
    if (from.onHand === 0 || (owned.length === 1 && owned[0]!.ownerPartyId === to.partyId)) return {};
    const sendable = sendableTo(partOf(partId), to.partyId, {depotId: from.depotId, owned}, terms);
    if (sendable !== null) return {sendable};
    const owners = owned.map(({ownerPartyId}) => ownerPartyId).join(', ');
    return {barred: `what lies at ${from.depotId} is ${owners}’s, and no contract lets ${to.partyId} use it`};
  };
  return {
    substitutes,
    terms,
    ordered: (partId) => ordered.filter((row) => row.partId === partId),
    shelf(partId, depotId, partyId) {
      const odd = oddAt(partId, depotId);
      const usable = odd.filter(({condition}) => condition !== 'unserviceable');
      const expired = sum(usable.filter((row) => !isUsable(now)(row)));
      const lots = usable
        .filter(isUsable(now))
        .flatMap(({lot, qty, usableUntil}) =>
          usableUntil === null ? [] : [{lot, quantity: qty, usableUntil}],
        );
      const away = repairs.find((row) => row.partId === partId && row.depotId === depotId)?.qty ?? 0;
      const waiting = odd.filter(({condition, owner}) => condition === 'unserviceable' && owner === partyId);
      const broken = sum(waiting) - away;
      return {expired, ...(lots.length > 0 ? {lots} : {}), ...(broken > 0 ? {repairable: broken} : {})};
    },
    lane(partId, lane, from, to) {
      const barred = entry(partId, to.depotId) ?? whyLaneBarred(partOf(partId), lane, terms);
      return barred === null ? sent(partId, from, to) : {barred};
    },
    source(partId, {sourceKind, sourceId, kind, waived}, to, from, lanes) {
      const closed = entry(partId, to.depotId);
      if (closed !== null) return {barred: closed};
      if (sourceKind === 'depot') {
        const ways = lanes.filter((lane) => lane.fromDepotId === sourceId && lane.toDepotId === to.depotId);
        // Where no lane is known, contracts alone say what may go this way.
        const unnamed = {fromDepotId: sourceId, toDepotId: to.depotId, mode: 'any', forbiddenFlags: []};
        const barred =
          ways.length === 0
            ? (whyLaneBarred(partOf(partId), unnamed, terms) ?? undefined)
            : ways.every((lane) => lane.barred !== undefined)
              ? ways[0]!.barred
              : undefined;
        if (barred !== undefined) return {barred};
        return from === undefined ? {} : sent(partId, from, to);
      }
      if (kind === 'repair') return {};
      const asked = {depotId: to.depotId, supplierId: sourceId, emergency: kind === 'emergency', waived};
      const barred = whySupplierBarred(partOf(partId), asked, terms);
      return barred === null ? {} : {barred};
    },
  };
}

const sum = (rows: readonly OddPieces[]): number => rows.reduce((total, {qty}) => total + qty, 0);

function isUsable(now: EpochMs): (row: OddPieces) => boolean {
  return ({condition, usableUntil}) =>
    condition !== 'unserviceable' && (usableUntil === null || usableUntil > now);
}

/** Pieces on a shelf by owner, without those that were promised: what is not known to be another's is the depot's own party's. */
function ownersOf(
  {partyId, onHand}: Shelf,
  odd: readonly OddPieces[],
  promised: readonly {readonly owner: string; readonly qty: number}[],
): OwnedPieces[] {
  const foreign = new Map<string, number>();
  for (const {owner, qty} of odd) if (owner !== partyId) foreign.set(owner, (foreign.get(owner) ?? 0) + qty);
  for (const {owner, qty} of promised)
    if (foreign.has(owner)) foreign.set(owner, Math.max(0, foreign.get(owner)! - qty));
  const others = [...foreign]
    .map(([ownerPartyId, pieces]) => ({ownerPartyId, pieces: Math.min(pieces, onHand)}))
    .filter(({pieces}) => pieces > 0);
  const own = onHand - others.reduce((total, {pieces}) => total + pieces, 0);
  return own > 0 ? [{ownerPartyId: partyId, pieces: own}, ...others] : others;
}

/** Terms were read by their types when they came in; what a later version wrote is left out. */
export function supplyTerm({type, scope, params, ...term}: TermRow): SupplyTerm[] {
  const typed = readTerm(type, params);
  const about = TermScope.safeParse(scope);
  return typed.ok && about.success ? [{...term, ...typed.value, scope: about.data}] : [];
}
