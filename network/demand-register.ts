import {z} from 'zod';
import {DepotId, PartId} from '../domain/ids.ts';
import {refused, ok, type Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {PPM} from '../domain/quantity.ts';
import {coverLines, standingOf, type LineStanding} from './core/backorder.ts';
import type {NetworkPorts} from './ports.ts';
import type {DemandEventRow, DemandRow, NetworkReads} from './read-ports.ts';

type Clock = NetworkPorts['worldClock'];

export const DemandQuery = z.object({
  partId: PartId.optional().describe('Only this part'),
  depotId: DepotId.optional().describe('Only this depot'),
  state: z.enum(['open', 'filled', 'cancelled']).optional(),
  overdueOnly: z.boolean().default(false).describe('Only backorders: open lines whose need is past'),
  limit: z.int().min(1).max(10_000).default(500).describe('Rows at most, 1 to 10000'),
});

/** A line of the register: the books' row, its standing now, and what will fill it. */
export interface RegisterLine extends DemandRow, LineStanding {
  /**
   * 'agreed' when the customer was told a date, 'shelf' when pieces lie there, else the order that brings them, else the source
   * that will.
   */
  readonly coveredBy: string | null;
  /** P(filled by `promisedAt`); null where the date was agreed or confirmed by others. */
  readonly promiseConfidence: number | null;
}

/** The register of needs, oldest first; with `overdueOnly` the backorder register (E1). */
export async function listDemand(
  reads: NetworkReads,
  {overdueOnly, ...filter}: z.infer<typeof DemandQuery>,
  clock: Clock,
): Promise<RegisterLine[]> {
  const now = clock.now();
  const rows = await reads.demand(overdueOnly ? {...filter, state: 'open', neededBefore: now} : filter);
  return register(reads, rows, now);
}

/** These lines of it, oldest first. */
export async function demandLines(
  reads: NetworkReads,
  demandIds: readonly string[],
  clock: Clock,
): Promise<RegisterLine[]> {
  if (demandIds.length === 0) return [];
  return register(reads, await reads.demand({demandIds, limit: demandIds.length}), clock.now());
}

/** One line with the steps of its life. */
export async function showDemand(
  reads: NetworkReads,
  demandId: string,
  clock: Clock,
): Promise<Result<{readonly line: RegisterLine; readonly events: readonly DemandEventRow[]}>> {
  const [line] = await register(reads, await reads.demand({demandId, limit: 1}), clock.now());
  if (line === undefined)
    return refused('unknown-demand', `demand line ${demandId} is not known; look it up in the register`);
  return ok({line, events: await reads.demandEvents(demandId)});
}

async function register(
  reads: NetworkReads,
  rows: readonly DemandRow[],
  now: EpochMs,
): Promise<RegisterLine[]> {
  const open = rows.filter(({state}) => state === 'open').map(({demandId}) => demandId);
  const supplies = await reads.demandSupply(open, now);
  const covers = new Map(
    supplies.flatMap(({waiting, onHand, confirmed}) => [...coverLines(waiting, onHand, confirmed, now)]),
  );
  return rows.map((row) => {
    const cover = covers.get(row.demandId);
    return {
      ...row,
      ...standingOf(row, row.unitCostMinor, now),
      promisedAt: row.promisedAt ?? cover?.at ?? null,
      coveredBy: isAgreed(row) ? 'agreed' : (cover?.by ?? row.promisedBy),
      promiseConfidence: row.promisePpm === null ? null : row.promisePpm / PPM,
    };
  });
}

/** A date without a confidence is one that people agreed on. */
function isAgreed({promisedAt, promisePpm}: DemandRow): boolean {
  return promisedAt !== null && promisePpm === null;
}
