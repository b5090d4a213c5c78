import type {EpochMs} from '../../domain/time.ts';
import {together} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {Policy} from '../core/decision/policy.ts';
import type {Situation} from '../core/decision/situation.ts';
import {withinReach} from '../core/demand/planned-need.ts';
import {inSequence} from '../core/lead-time/sequential-supply.ts';
import {underFreezes, underPools, underSubstitutionTerms} from '../core/supply/stock-terms.ts';
import {underSupplyTerms} from '../core/supply/supply-terms.ts';
import {withContracts} from './contract-rows.ts';
import {loadLearnedSupply, withLearnedSupply} from './learned-supply.ts';
import type {LearnedSupply} from './learned-supply.ts';
import {loadShocks} from './override-rows.ts';
import {criticalityInForce} from './plan-criticality-rows.ts';
import {withRecurrence} from './recurring-rows.ts';
import {loadReservations} from './reservation-rows.ts';
import {loadRules} from './rule-rows.ts';
import {loadShelves} from './shelf-rows.ts';
import type {ShelvesUnder} from './shelf-rows.ts';
import {withSubstitutes} from './substitute-rows.ts';
import {loadWays} from './way-rows.ts';
import type {WaysUnder} from './way-rows.ts';

// The queries of a situation are named: the server keeps their plans, which cost as much as running them. What they read from is master
// data and open items, so a plan stays good until the server's own statistics renew it. They are sent together: round trips, not
// queries, are what a decision waits for.

/** The situations of every plannable part of a group, as one consistent read (the caller's transaction is repeatable read). */
export async function loadSituations(
  db: Queryable,
  groupId: string,
  now: EpochMs,
  policy: Policy,
): Promise<readonly Situation[]> {
  const {rows} = await db.query<PartRow>(PARTS, [groupId]);
  const family = rows.map((row) => row.part_id);
  const planned = rows.filter((row) => row.planned);
  const [reservations, rules, withShocks, read] = await together([
    loadReservations(db, family),
    loadRules(db, family, now),
    loadShocks(db, family, now),
    together(planned.map((row) => loadPart(db, row.part_id, now))),
  ]);
  const situations: Situation[] = [];
  for (const [i, row] of planned.entries()) {
    const {shelves, ways, supply} = read[i]!;
    const {depots, lanes} = ways(rules, shelves(rules, reservations));
    const stands = {groupId, now, part: partOf(row), depots, lanes, policy};
    const priced = await withContracts(db, underSubstitutionTerms(stands, rules.terms));
    const learned = withLearnedSupply(priced, supply, now);
    const bound = underSupplyTerms(inSequence(learned), rules.terms, rules.ordered(row.part_id));
    const due = supply.awaited.map((order) => ({...order, dueAt: order.promisedAt ?? order.expectedAt}));
    situations.push(withinReach(withShocks(underFreezes(underPools(bound, rules.terms), rules.terms, due))));
  }
  return withSubstitutes(await withRecurrence(db, situations), rules.substitutes);
}

interface ReadPart {
  readonly shelves: ShelvesUnder;
  readonly ways: WaysUnder;
  readonly supply: LearnedSupply;
}

async function loadPart(db: Queryable, partId: string, now: EpochMs): Promise<ReadPart> {
  const [shelves, ways, supply] = await together([
    loadShelves(db, partId, now),
    loadWays(db, partId, now),
    loadLearnedSupply(db, partId, now),
  ]);
  return {shelves, ways, supply};
}

interface PartRow {
  readonly part_id: string;
  readonly unit_cost_minor: number;
  readonly currency: string;
  readonly weight_g: number;
  readonly shelf_life_d: number | null;
  readonly criticality: 'A' | 'B' | 'C';
  readonly ends: boolean;
  /** Whether it lies at any depot. */
  readonly planned: boolean;
}
const PARTS = `
  SELECT p.part_id, p.unit_cost_minor, p.currency, ${criticalityInForce('p')} AS criticality, p.weight_g, p.shelf_life_d, 'end-of-life' = ANY(p.flags) AS ends, EXISTS (SELECT FROM network.part_depot d WHERE d.part_id = p.part_id) AS planned
    FROM network.part p WHERE p.group_id = $1 ORDER BY p.part_id`;

function partOf(row: PartRow): Situation['part'] {
  const {part_id: partId, unit_cost_minor: unitCostMinor, currency, criticality, weight_g: weightG} = row;
  const life = row.shelf_life_d === null ? {} : {shelfLifeD: row.shelf_life_d};
  return {
    partId,
    unitCostMinor,
    currency,
    criticality,
    weightG,
    ...life,
    ...(row.ends ? {endOfLife: true} : {}),
  };
}
