import {z} from 'zod';
import {DepotId, PartId, PartyId} from '../domain/ids.ts';
import {ok, refused, type Result} from '../domain/result.ts';
import {DAY_MS, type EpochMs, epochMs, toIso} from '../domain/time.ts';
import {type Command, instantText, origin, type Work} from './command.ts';
import {judgeStatement, ruleFor} from './core/stock-statement.ts';
import {toStockingPieces} from './core/units.ts';
import {fillWaiting} from './fill.ts';
import {NamedPart, partNamed} from './part-named.ts';
import {signalGroups} from './settle.ts';
import type {ShelfName, StatedShelf, Statement} from './stock-ports.ts';

export const StatementQuery = z.object({
  partId: PartId.optional().describe('Only of this part'),
  depotId: DepotId.optional().describe('Only of this depot'),
  source: z.string().min(1).max(64).optional().describe('Only from this source'),
  agrees: z
    .boolean()
    .optional()
    .describe('Only those that agreed with the ledger, or only those that did not'),
});

/** Shelves in one call: 1 to 2 s of the books’ one writer, and a body of some 100 kB. */
export const STATEMENTS_MAX = 500;

const StatedCount = z.object({
  part: NamedPart,
  depotId: DepotId.describe('The depot whose shelf it is'),
  onHand: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .describe('Usable pieces that lie there, whoever owns them, in uom'),
  uom: z.string().optional().describe('Unit of onHand; default the part’s stocking unit'),
  countedAt: instantText.describe('When it was so; what has moved since is taken into account'),
});
type StatedCount = z.infer<typeof StatedCount>;

export const StateStock = z.object({
  ...origin,
  partyId: PartyId.optional().describe(
    'Who states it: then each depot has to be its own; left out: a system of ours',
  ),
  statements: z.array(StatedCount).min(1).max(STATEMENTS_MAX).describe('One for each shelf and instant'),
});

export interface StockStated {
  /** Statements that are kept now. */
  readonly stated: number;
  /** Statements among them that had been made before. */
  readonly known: number;
}

/**
 * What somebody states to lie on shelves. Nothing is booked: each statement is kept and held against the ledger of its instant; a
 * difference beyond the tolerance is one case of the shelf until both agree again or somebody says what was found.
 */
export const stateStock: Command<z.infer<typeof StateStock>, StockStated> = {
  kind: 'state-stock',
  schema: StateStock,
  quarantined: true,
  async work(body, work) {
    const {books, now} = work;
    const read = await statementsIn(body, work);
    if (!read.ok) return read;
    const statements = read.value;
    const kept = await books.keptStatements(statements.map(({statementId}) => statementId));
    const said = statements.find(({statementId, stated}) => (kept.get(statementId) ?? stated) !== stated);
    if (said !== undefined) return contradicted(said, kept.get(said.statementId)!);
    const fresh = statements.filter(({statementId}) => !kept.has(statementId));
    if (fresh.length > 0) {
      const [rules, ledger] = [await books.statementRules(now), await books.ledgerAt(fresh)];
      const rows = fresh.map((row, i) => {
        const {tolerance} = judgeStatement(row.stated, ledger[i]!, ruleFor(rules, row.source));
        return {...row, ledger: ledger[i]!, tolerance};
      });
      await books.keepStatements(rows, now);
      await hearCounts(work, fresh);
      await settleStated(work, fresh);
    }
    return ok({stated: statements.length, known: statements.length - fresh.length});
  },
};

async function settleStated(work: Work, fresh: readonly Statement[]): Promise<void> {
  const {ports, books, now, cause} = work;
  const moved = await settleDiscrepancies(work, fresh, new Set(fresh.map(({statementId}) => statementId)));
  // What was held back may go to who waits.
  if (ports.autoIssue)
    for (const {depotId, partId} of moved) await fillWaiting(ports, books, [depotId], [partId], now);
  await signalGroups(ports, books, new Map(moved.map(({partId}) => [partId, cause])), 'stock', now);
}

/** Every statement with its part and pieces; the first that cannot be taken refuses all, and says which it is. */
async function statementsIn(
  {source, statements, ...body}: z.infer<typeof StateStock>,
  work: Work,
): Promise<Result<readonly Statement[]>> {
  const partyId = body.partyId ?? null;
  const found = new Map<string, Statement>();
  for (const [index, given] of statements.entries()) {
    const read = await statementOf(given, {source, partyId}, work);
    if (!read.ok) return refused(read.reason, `statement ${index + 1}: ${read.detail}`);
    const before = found.get(read.value.statementId);
    if (before !== undefined && before.stated !== read.value.stated)
      return contradicted(read.value, before.stated);
    found.set(read.value.statementId, read.value);
  }
  return ok([...found.values()]);
}

async function statementOf(
  {part: named, depotId, onHand, uom, countedAt: text}: StatedCount,
  {source, partyId}: Pick<Statement, 'source' | 'partyId'>,
  {ports, books, now}: Work,
): Promise<Result<Statement>> {
  const countedAt = epochMs(Date.parse(text));
  if (countedAt > now)
    return refused(
      'counted-ahead',
      `${text} is still to come (it is ${toIso(now)}); say when it was counted, in UTC`,
    );
  const depotParty = await books.depotParty(depotId);
  // To a party another's depot is as unknown as one that does not exist.
  if (depotParty === null || (partyId !== null && depotParty !== partyId))
    return refused(
      'unknown-depot',
      `depot ${depotId} is not known${partyId === null ? '; add it to depot.csv' : ` as one of ${partyId}; name a depot of its own`}`,
    );
  const partId = await partNamed(books, named, now);
  if (!partId.ok) return partId;
  const part = (await books.stockPart(partId.value))!;
  const pieces = onHand === 0 ? ok(0) : toStockingPieces(part, onHand, uom ?? part.stockingUom);
  if (!pieces.ok) return pieces;
  const statementId = ports.causeId('stock-statement', source, part.partId, depotId, countedAt);
  return ok({statementId, source, partyId, partId: part.partId, depotId, stated: pieces.value, countedAt});
}

function contradicted(
  {source, partId, depotId, countedAt, stated}: Statement,
  before: number,
): Result<never> {
  return refused(
    'key-reused',
    `${source} has stated ${before} pieces of part ${partId} at depot ${depotId} for ${toIso(countedAt)} before, not ${stated}; state a later count`,
  );
}

/** A statement is a word of whose depot it is. */
async function hearCounts({books, now}: Work, statements: readonly Statement[]): Promise<void> {
  const newest = new Map<string, EpochMs>();
  for (const {depotId, countedAt} of statements)
    newest.set(depotId, epochMs(Math.max(newest.get(depotId) ?? countedAt, countedAt)));
  for (const [depotId, newestAt] of newest) {
    const partyId = (await books.depotParty(depotId))!;
    await books.hearFeed({kind: 'stock-counts', partyId, newestAt}, now);
  }
}

/**
 * Holds the newest statement of each shelf against the ledger as it is now: opens its case, tells it what is true, or closes it. Only a
 * new statement opens one, and none opens again what somebody has looked into.
 *
 * @param fresh  Ids of statements that have just come; without any, the ledger was adjusted.
 * @returns the shelves whose case has opened, closed or come to something else.
 */
export async function settleDiscrepancies(
  {books, now}: Pick<Work, 'books' | 'now'>,
  shelves: readonly ShelfName[],
  fresh: ReadonlySet<string> = new Set(),
): Promise<readonly ShelfName[]> {
  const stated = await books.statedShelves(uniqueShelves(shelves));
  if (stated.length === 0) return [];
  const rules = await books.statementRules(now);
  const moved: ShelfName[] = [];
  for (const shelf of stated) {
    const {difference, agrees} = judgeStatement(shelf.stated, shelf.ledger, ruleFor(rules, shelf.source));
    if (agrees ? shelf.open === null : !isCase(shelf, difference, fresh)) continue;
    if (agrees) await books.clearDiscrepancy(shelf, now);
    else {
      const dueAt = epochMs(now + rules.dueDays[shelf.segment] * DAY_MS);
      await books.raiseDiscrepancy({...shelf, difference, dueAt}, now);
    }
    if (agrees || difference !== shelf.open?.difference || shelf.source !== shelf.open.source)
      moved.push(shelf);
  }
  return moved;
}

function isCase(
  {open, lookedInto, statementId}: StatedShelf,
  difference: number,
  fresh: ReadonlySet<string>,
): boolean {
  if (open !== null) return true;
  return fresh.has(statementId) && lookedInto !== difference;
}

function uniqueShelves(shelves: readonly ShelfName[]): ShelfName[] {
  return [...new Map(shelves.map((shelf) => [`${shelf.partId} ${shelf.depotId}`, shelf])).values()];
}
