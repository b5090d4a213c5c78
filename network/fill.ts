import type {EpochMs} from '../domain/time.ts';
import {byService, type DemandLine, fill, outstanding} from './core/demand-line.ts';
import {ISSUABLE_CONDITIONS} from './core/stock-rules.ts';
import {supersessionChain} from './core/supersession.ts';
import type {NetworkBooks, NetworkPorts, StockBalance} from './ports.ts';

type Ports = Pick<NetworkPorts, 'causeId'>;

/** Takes what the line's depot has for it; the rest stays open as a backorder. Returns the pieces issued. */
export async function fillLine(
  ports: Ports,
  books: NetworkBooks,
  demandId: string,
  now: EpochMs,
): Promise<number> {
  const line = await books.demandLine(demandId);
  if (line === null || outstanding(line) === 0) return 0;
  const chain = supersessionChain(line.partId, await books.relations(), now);
  // One old piece is used before one new; a successor that takes two for one is a planner's decision, not a clerk's.
  const parts = chain.filter(({ratio}) => ratio === 1).map(({partId}) => partId);
  const balances = await books.balances([`depot:${line.depotId}`], parts);
  return issue(ports, books, line, inIssueOrder(balances, parts), now);
}

/** Gives what these depots have to the lines that wait there: by contract tier, then by who needed it first. */
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
  const waiting = await books.openLines(depotIds, [...served].sort());
  let issued = 0;
  for (const line of waiting.toSorted(byService)) issued += await fillLine(ports, books, line.demandId, now);
  return issued;
}

function inIssueOrder(balances: readonly StockBalance[], parts: readonly string[]): StockBalance[] {
  const rank = (balance: StockBalance): number =>
    parts.indexOf(balance.partId) * ISSUABLE_CONDITIONS.length +
    (ISSUABLE_CONDITIONS as readonly string[]).indexOf(balance.condition);
  return balances
    .filter(({condition, qty}) => qty > 0 && (ISSUABLE_CONDITIONS as readonly string[]).includes(condition))
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) ||
        (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : a.ownerPartyId < b.ownerPartyId ? -1 : 1),
    );
}

async function issue(
  ports: Ports,
  books: NetworkBooks,
  demand: DemandLine,
  balances: readonly StockBalance[],
  now: EpochMs,
): Promise<number> {
  let line = demand;
  for (const balance of balances) {
    const qty = Math.min(outstanding(line), balance.qty);
    if (qty === 0) break;
    const sourceKey = `issue:${line.demandId}:${line.filledQty}`;
    await books.post({
      ...balance,
      movementId: ports.causeId('movement', 'demand', sourceKey),
      source: 'demand',
      sourceKey,
      serial: '',
      fromLoc: balance.loc,
      loc: `customer:${line.customerPartyId ?? 'unknown'}`,
      qty,
      worldAt: now,
    });
    line = fill(line, qty, now);
    const filled = {type: 'filled', qty, partId: balance.partId, pieces: qty} as const;
    await books.saveLine(line, {...filled, source: 'demand', sourceKey, worldAt: now});
  }
  return line.filledQty - demand.filledQty;
}
