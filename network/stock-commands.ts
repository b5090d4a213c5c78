import {z} from 'zod';
import {DepotId, PartyId} from '../domain/ids.ts';
import {ok, refused, type Result} from '../domain/result.ts';
import {checkTrace, type StockPart} from './core/stock-rules.ts';
import {toStockingPieces} from './core/units.ts';
import {type Command, origin, type Work} from './command.ts';
import {fillWaiting} from './fill.ts';
import {noteUse} from './note-use.ts';
import {NamedPart, partNamed} from './part-named.ts';
import {signalGroups} from './settle.ts';
import {settleDiscrepancies} from './stock-statement.ts';

const condition = z
  .enum(['new', 'serviceable', 'unserviceable', 'blocked'])
  .default('new')
  .describe('Condition of the pieces');
const depotId = DepotId.describe('The depot whose shelf it is');

/** The part, by our id or by anybody's number, and how much of it. */
const goods = {
  ...origin,
  part: NamedPart,
  uom: z.string().optional().describe('Unit of the quantity; default the part’s stocking unit'),
  depotId,
  lot: z.string().default('').describe('Lot name, where the part is kept by lot'),
  condition,
  ownerPartyId: PartyId.optional().describe('Default: the depot’s own party'),
};
const serial = z.string().default('').describe('Serial of the one piece, where the part is kept by serial');
const qty = z.int().min(1).max(1_000_000_000).describe('How many, in uom');

export const ReceiveStock = z.object({
  ...goods,
  serial,
  qty,
  fromLoc: z
    .string()
    .regex(/^(supplier|customer|adjustment):\S+$/, 'is supplier:…, customer:… or adjustment:…')
    .describe('Where the pieces come from'),
});
export const IssueStock = z.object({
  ...goods,
  serial,
  qty,
  customerPartyId: PartyId.describe('Who gets it'),
  demandId: z
    .uuid()
    .optional()
    .describe('The demand line that this answers; without it the use is recorded as a line of its own'),
});
export const CountStock = z.object({
  ...goods,
  counted: z.int().min(0).max(1_000_000_000).describe('How many lie there, in uom'),
});

interface Shelf {
  readonly part: StockPart;
  readonly loc: string;
  readonly ownerPartyId: string;
}

async function shelfOf(
  body: Pick<z.infer<typeof CountStock>, 'part' | 'depotId' | 'ownerPartyId'>,
  work: Work,
): Promise<Result<Shelf>> {
  const {books, now} = work;
  const partId = await partNamed(books, body.part, now);
  if (!partId.ok) return partId;
  const part = (await books.stockPart(partId.value))!;
  const party = await books.depotParty(body.depotId);
  if (party === null)
    return refused('unknown-depot', `depot ${body.depotId} is not known; add it to depot.csv`);
  const ownerPartyId = body.ownerPartyId ?? party;
  if (!(await books.partyExists(ownerPartyId))) {
    return refused('unknown-party', `party ${ownerPartyId} is not known; add it to party.csv`);
  }
  return ok({part, loc: `depot:${body.depotId}`, ownerPartyId});
}

interface Piecework extends Shelf {
  readonly pieces: number;
}

/** Part, place and whole pieces of a movement, with lot and serial as the part demands. */
async function pieceworkOf(
  body: z.infer<typeof ReceiveStock> | z.infer<typeof IssueStock>,
  fromLoc: string | null,
  work: Work,
): Promise<Result<Piecework>> {
  const shelf = await shelfOf(body, work);
  if (!shelf.ok) return shelf;
  const {part, loc} = shelf.value;
  const pieces = toStockingPieces(part, body.qty, body.uom ?? part.stockingUom);
  if (!pieces.ok) return pieces;
  const seenAt = body.serial === '' ? null : await work.books.serialLocation(part.partId, body.serial);
  const traced = checkTrace(part, {...body, pieces: pieces.value, fromLoc: fromLoc ?? loc}, seenAt);
  return traced.ok ? ok({...shelf.value, pieces: pieces.value}) : traced;
}

async function signalStock({ports, books, now, cause}: Work, ...partIds: string[]): Promise<void> {
  await signalGroups(ports, books, new Map(partIds.map((partId) => [partId, cause])), 'stock', now);
}

async function onHandOf(
  work: Work,
  {loc, part, ownerPartyId}: Shelf,
  body: {lot: string; condition: string},
): Promise<number> {
  const balances = await work.books.balances([loc], [part.partId]);
  return balances
    .filter(
      (row) => row.ownerPartyId === ownerPartyId && row.lot === body.lot && row.condition === body.condition,
    )
    .reduce((sum, row) => sum + row.qty, 0);
}

export interface Moved {
  readonly partId: string;
  /** In the part's stocking unit. */
  readonly pieces: number;
}

export const receiveStock: Command<z.infer<typeof ReceiveStock>, Moved & {readonly issued: number}> = {
  kind: 'receive-stock',
  schema: ReceiveStock,
  quarantined: true,
  async work(body, work) {
    const checked = await pieceworkOf(body, body.fromLoc, work);
    if (!checked.ok) return checked;
    const {ports, books, now} = work;
    const {part, loc, ownerPartyId, pieces} = checked.value;
    await books.post({
      movementId: ports.causeId('movement', body.source, body.sourceKey),
      ...body,
      partId: part.partId,
      ownerPartyId,
      loc,
      qty: pieces,
      worldAt: now,
    });
    if (body.fromLoc.startsWith('adjustment:'))
      await settleDiscrepancies(work, [{partId: part.partId, depotId: body.depotId}]);
    const issued = ports.autoIssue ? await fillWaiting(ports, books, [body.depotId], [part.partId], now) : 0;
    await signalStock(work, part.partId);
    return ok({partId: part.partId, pieces, issued});
  },
};

export const issueStock: Command<z.infer<typeof IssueStock>, Moved & {readonly demandId: string}> = {
  kind: 'issue-stock',
  schema: IssueStock,
  quarantined: true,
  async work(body, work) {
    const checked = await pieceworkOf(body, null, work);
    if (!checked.ok) return checked;
    const {ports, books, now} = work;
    const {part, loc, ownerPartyId, pieces} = checked.value;
    const onHand = await onHandOf(work, checked.value, body);
    if (onHand < pieces) {
      const what = `depot ${body.depotId} has ${onHand} ${body.condition} pieces of part ${part.partId}${body.lot && ` in lot ${body.lot}`}`;
      return refused('not-enough-stock', `${what}, not ${pieces}; count the shelf or issue what is there`);
    }
    const {source, sourceKey, depotId, customerPartyId, demandId} = body;
    const use = {source, sourceKey, partId: part.partId, pieces, depotId, customerPartyId, demandId};
    const noted = await noteUse(use, work);
    if (!noted.ok) return noted;
    await books.post({
      movementId: ports.causeId('movement', body.source, body.sourceKey),
      ...body,
      partId: part.partId,
      ownerPartyId,
      fromLoc: loc,
      loc: `customer:${body.customerPartyId}`,
      qty: pieces,
      worldAt: now,
    });
    await signalStock(work, part.partId, noted.value.neededPart);
    return ok({partId: part.partId, pieces, demandId: noted.value.demandId});
  },
};

/** A count is a word of whose depot it is. */
async function hearCount({books, now}: Work, depotId: string): Promise<void> {
  const partyId = await books.depotParty(depotId);
  if (partyId !== null) await books.hearFeed({kind: 'stock-counts', partyId, newestAt: now}, now);
}

export const countStock: Command<z.infer<typeof CountStock>, Moved & {readonly difference: number}> = {
  kind: 'count-stock',
  schema: CountStock,
  quarantined: true,
  async work(body, work) {
    const shelf = await shelfOf(body, work);
    if (!shelf.ok) return shelf;
    const {ports, books, now} = work;
    const {part, loc, ownerPartyId} = shelf.value;
    if (part.lotRequired && body.lot === '') {
      return refused('lot-missing', `part ${part.partId} is kept by lot; count each lot by its name`);
    }
    const counted =
      body.counted === 0 ? ok(0) : toStockingPieces(part, body.counted, body.uom ?? part.stockingUom);
    if (!counted.ok) return counted;
    const difference = counted.value - (await onHandOf(work, shelf.value, body));
    await hearCount(work, body.depotId);
    if (difference !== 0) {
      const [fromLoc, to] = difference > 0 ? ['adjustment:count', loc] : [loc, 'adjustment:count'];
      await books.post({
        movementId: ports.causeId('movement', body.source, body.sourceKey),
        ...body,
        serial: '',
        partId: part.partId,
        ownerPartyId,
        fromLoc,
        loc: to,
        qty: Math.abs(difference),
        worldAt: now,
      });
      const settled = await settleDiscrepancies(work, [{partId: part.partId, depotId: body.depotId}]);
      if ((difference > 0 || settled.length > 0) && ports.autoIssue)
        await fillWaiting(ports, books, [body.depotId], [part.partId], now);
      await signalStock(work, part.partId);
    }
    return ok({partId: part.partId, pieces: counted.value, difference});
  },
};
