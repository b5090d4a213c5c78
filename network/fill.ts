import {groupBy} from '../domain/group-by.ts';
import type {EpochMs} from '../domain/time.ts';
import {fill, outstanding} from './core/demand-line.ts';
import {ISSUABLE_CONDITIONS, lotKey} from './core/stock-rules.ts';
import {supersessionChain, type PartRelation} from './core/supersession.ts';
import {SHARE_RULES, type WaitingLine} from './core/service-order.ts';
import {shareOut, type Claim, type Share} from './core/share-out.ts';
import type {NetworkBooks, NetworkPorts} from './ports.ts';
import type {StockBalance} from './stock-ports.ts';

type Ports = Pick<NetworkPorts, 'causeId'>;

/**
 * Gives what these depots have to the lines that wait there for these parts. Who gets what is decided in one place only
 * (core/share-out.ts), also for a need that has just come up; where not every line can be served, the reasons are kept.
 *
 * @returns the pieces issued.
 */
export async function fillWaiting(
  ports: Ports,
  books: NetworkBooks,
  depotIds: readonly string[],
  partIds: readonly string[],
  now: EpochMs,
): Promise<number> {
  const relations = await books.relations();
  // A successor that came in also serves those who wait for its predecessors.
  const served = new Set(partIds);
  for (const {fromPart} of relations) {
    const chain = supersessionChain(fromPart, relations, now);
    if (chain.some(({partId}) => partIds.includes(partId))) served.add(fromPart);
  }
  const waiting = await books.waitingLines(depotIds, [...served].sort());
  const groups = await books.groupsOf([...new Set(waiting.map(({partId}) => partId))]);
  const places = groupBy(waiting, ({depotId, partId}) => JSON.stringify([depotId, groups.get(partId)]));
  let issued = 0;
  for (const key of [...places.keys()].sort()) {
    const [depotId, groupId] = JSON.parse(key) as [string, string];
    issued += await fillPlace(ports, books, {depotId, groupId}, places.get(key)!, relations, now);
  }
  return issued;
}

/** A shelf, and the family of parts that may stand in for each other on it. */
interface Place {
  readonly depotId: string;
  readonly groupId: string;
}

async function fillPlace(
  ports: Ports,
  books: NetworkBooks,
  place: Place,
  lines: readonly WaitingLine[],
  relations: readonly PartRelation[],
  now: EpochMs,
): Promise<number> {
  // One old piece is used before one new; a successor that takes two for one is a planner's decision, not a clerk's.
  const chains = new Map(
    [...new Set(lines.map(({partId}) => partId))].map((first): [string, string[]] => [
      first,
      supersessionChain(first, relations, now).flatMap(({partId, ratio}) => (ratio === 1 ? [partId] : [])),
    ]),
  );
  const partsFor = (line: WaitingLine): string[] => chains.get(line.partId)!;
  const family = [...new Set([...chains.values()].flat())].sort();
  const expired = await books.expiredLots(family, now);
  const shelf: Pile[] = (await books.balances([`depot:${place.depotId}`], family)).filter(
    (row) => isIssuable(row) && !expired.has(lotKey(row)),
  );
  for (const [partId, pieces] of await books.heldBack(place.depotId, family, now))
    takeFrom(inIssueOrder(shelf, [partId]).toReversed(), pieces);
  let waiting = lines;
  let issued = 0;
  // One round serves a chain. In a family that branches a piece may be left that one line alone can use.
  for (;;) {
    const claims = waiting
      .map((line): Claim => ({line, reach: piecesOf(shelf, partsFor(line))}))
      .filter(({line, reach}) => outstanding(line) > 0 && reach > 0);
    if (claims.length === 0) return issued;
    const offer = {claims, supply: piecesOf(shelf, family), family};
    const shares = await sharesOf(ports, books, place, offer, now);
    const givenTo = new Map(shares.map(({demandId, given}) => [demandId, given]));
    const after: WaitingLine[] = [];
    for (const {line} of claims) {
      const given = givenTo.get(line.demandId)!;
      const served = await issue(ports, books, line, inIssueOrder(shelf, partsFor(line)), given, now);
      issued += served.filledQty - line.filledQty;
      after.push(served);
    }
    waiting = after;
  }
}

interface Offer {
  readonly claims: readonly Claim[];
  readonly supply: number;
  /** The parts of the lines and those that are issued for them. */
  readonly family: readonly string[];
}

/** Who gets what; where that leaves somebody waiting, the reasons are kept. */
async function sharesOf(
  ports: Ports,
  books: NetworkBooks,
  place: Place,
  {claims, supply, family}: Offer,
  now: EpochMs,
): Promise<readonly Share[]> {
  const asked = claims.reduce((sum, {line}) => sum + outstanding(line), 0);
  if (claims.every(({reach}) => reach >= asked))
    return shareOut(claims, {now, nextSupplyAt: null, rules: SHARE_RULES});
  const nextSupplyAt = await books.nextSupplyAt(place.depotId, family, now);
  const shares = shareOut(claims, {now, nextSupplyAt, rules: await books.shareRules(now)});
  const cause = shares.flatMap(({demandId, open}) => [demandId, open]);
  const shareOutId = ports.causeId('share-out', place.depotId, place.groupId, now, ...cause);
  if (claims.length > 1)
    await books.keepShares({shareOutId, ...place, worldAt: now, nextSupplyAt, supply, asked, shares});
  return shares;
}

function isIssuable({condition, qty}: StockBalance): boolean {
  return qty > 0 && (ISSUABLE_CONDITIONS as readonly string[]).includes(condition);
}

function piecesOf(shelf: readonly StockBalance[], parts: readonly string[]): number {
  return shelf.reduce((sum, {partId, qty}) => sum + (parts.includes(partId) ? qty : 0), 0);
}

interface Pile extends StockBalance {
  qty: number;
}

function inIssueOrder(piles: readonly Pile[], parts: readonly string[]): Pile[] {
  const rank = (pile: Pile): number =>
    parts.indexOf(pile.partId) * ISSUABLE_CONDITIONS.length +
    (ISSUABLE_CONDITIONS as readonly string[]).indexOf(pile.condition);
  return piles
    .filter(({partId}) => parts.includes(partId))
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) ||
        (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : a.ownerPartyId < b.ownerPartyId ? -1 : 1),
    );
}

/** What is in dispute is given to nobody, as long as there are other pieces; of a dispute about more pieces than there are nothing is taken. */
function takeFrom(piles: readonly Pile[], pieces: number): void {
  let left = pieces;
  for (const pile of piles) {
    const taken = Math.max(0, Math.min(left, pile.qty));
    pile.qty -= taken;
    left -= taken;
  }
}

/** Takes up to `most` pieces from the piles. @returns the line as it is then. */
async function issue(
  ports: Ports,
  books: NetworkBooks,
  demand: WaitingLine,
  piles: readonly Pile[],
  most: number,
  now: EpochMs,
): Promise<WaitingLine> {
  let line: WaitingLine = demand;
  for (const pile of piles) {
    const qty = Math.min(outstanding(line), pile.qty, most - (line.filledQty - demand.filledQty));
    if (qty === 0) continue;
    const sourceKey = `issue:${line.demandId}:${line.filledQty}`;
    await books.post({
      ...pile,
      movementId: ports.causeId('movement', 'demand', sourceKey),
      source: 'demand',
      sourceKey,
      serial: '',
      fromLoc: pile.loc,
      loc: `customer:${line.customerPartyId ?? 'unknown'}`,
      qty,
      worldAt: now,
    });
    pile.qty -= qty;
    line = {...line, ...fill(line, qty, now)};
    const filled = {type: 'filled', qty, partId: pile.partId, pieces: qty} as const;
    await books.saveLine(line, {...filled, source: 'demand', sourceKey, worldAt: now});
  }
  return line;
}
