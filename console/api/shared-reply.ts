import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {applyShare, isWhole, sharedFields, sharedKind} from '../../partners/api.ts';
import type {ShareInForce, SharedData, SharedRow, SharedWay} from '../../partners/api.ts';
import type {CsvColumn} from './csv-columns.ts';
import {csvListOf} from './csv-list.ts';
import {boundsOf} from './permissions.ts';
import type {ConsolePorts} from './ports.ts';
import type {Route} from './route.ts';

/** Rows that are sent as a whole at most: they are added up and kept in memory. */
const ROWS_MAX = 10_000;
const PAGE_ROWS = 500;

type Asked = Parameters<Route['handle']>[0];
type Body = Readonly<Record<string, unknown>>;

/**
 * What a route answers, as it goes over the wire. Whatever a party reads passes here, in whichever form it is sent on: it gets its own and
 * what its share grants, and each sending under a share is put on record. Staff that names a party sees what that party would.
 */
export async function answerOf(
  route: Route,
  asked: Asked,
  ports: ConsolePorts,
  way: SharedWay,
): Promise<Result<Body>> {
  const prepared = await prepare(route, asked, ports);
  if (!prepared.ok) return prepared;
  await prepared.value.record(way);
  return ok(prepared.value.body);
}

/** The same, to be put on record once it has left. */
export async function prepare(
  route: Route,
  asked: Asked,
  ports: ConsolePorts,
): Promise<Result<{readonly body: Body; readonly record: (way: SharedWay) => Promise<void>}>> {
  const name = nameOf(route, asked);
  if (name === null) {
    const answer = written(route, await route.handle(asked, ports));
    return answer.ok ? ok({body: answer.value, record: () => Promise.resolve()}) : answer;
  }
  const held = await heldBy(name, ports);
  if (held === null && sharedKind(name.data).own.length === 0)
    return refused(
      'not-shared',
      `no ${name.data} are shared with ${name.partyId}; whoever runs the installation can agree on it (forestock share agree)`,
    );
  const isWholly = held !== null && isWhole(held.share);
  // A part of the whole, beside the whole, would tell what adding up hides.
  if (isWholly && asked.caller.reach.kind === 'party' && asked.caller.reach.segments !== null)
    return refused(
      'shared-as-a-whole',
      `${name.data} are sent to ${name.partyId} as a whole, and you see the segments ${asked.caller.reach.segments.join(', ')} alone; ask somebody of ${name.partyId} who sees all`,
    );
  const answer = isWholly
    ? await wholeOf(route, asked, ports, held)
    : await rowByRow(route, asked, ports, held);
  if (!answer.ok) return answer;
  const {body, rows, isNew} = answer.value;
  return ok({
    body,
    async record(way) {
      if (held === null || asked.caller.reach.kind !== 'party') return;
      const isState = isWholly && isNew && held.share.everyHours !== null;
      await ports.dataShares.record(held.share, {way, rows, isState});
    },
  });
}

/** The columns of a file: what a party is not sent has none. */
export async function sharedColumns(
  route: Route,
  columns: readonly CsvColumn[],
  asked: Asked,
  ports: ConsolePorts,
): Promise<readonly CsvColumn[]> {
  const name = nameOf(route, asked);
  if (name === null) return columns;
  const fields = sharedFields(name.data, (await heldBy(name, ports))?.share ?? null);
  return columns.filter(({field}) => fields.includes(field));
}

/**
 * A route that parties read says what it shares, and its rows have the fields of the catalogue, those that may be missing as such: else a
 * new field would reach parties unasked, or be promised to them for nothing.
 */
export function requireShared(route: Route): void {
  const {method, path, permission, shares, reply} = route;
  const isRead = method === 'GET' && boundsOf(permission).includes('party');
  invariant(!isRead || shares !== undefined, `GET ${path} is read by parties: say in shares what of`);
  if (shares === undefined) return;
  const {own, more, groups} = sharedKind(shares);
  const row = rowSchema(route) ?? reply;
  invariant(row instanceof z.ZodObject, `GET ${path} shares rows`);
  const optional = [...more, ...(groups.length > 0 ? ['behind'] : [])];
  const wanted = [...own, ...optional].sort().join(', ');
  const found = Object.keys(row.shape).sort().join(', ');
  invariant(found === wanted, `GET ${path} has the fields of ${shares}: ${wanted}; not ${found}`);
  const promised = optional.filter((field) => !(row.shape[field] instanceof z.ZodOptional));
  invariant(
    promised.length === 0,
    `GET ${path}: ${promised.join(', ')} can be missing, so make them optional`,
  );
}

interface Name {
  readonly partyId: string;
  readonly data: SharedData;
}

function nameOf({shares}: Route, {caller: {reach}, query}: Asked): Name | null {
  if (shares === undefined) return null;
  const named = (query as {readonly partyId?: unknown} | undefined)?.partyId;
  if (reach.kind === 'party') return {data: shares, partyId: reach.partyId};
  return typeof named === 'string' ? {data: shares, partyId: named} : null;
}

async function heldBy(name: Name, {dataShares}: ConsolePorts): Promise<ShareInForce | null> {
  return sharedKind(name.data).more.length === 0 ? null : dataShares.inForce(name);
}

function rowSchema(route: Route): z.ZodType | null {
  const name = csvListOf(route)?.name;
  if (name === undefined || !(route.reply instanceof z.ZodObject)) return null;
  return ((route.reply.shape as Record<string, z.ZodType>)[name] as z.ZodArray<z.ZodObject>).element;
}

function written({reply}: Route, answer: Awaited<ReturnType<Route['handle']>>): Result<Body> {
  return answer.ok ? ok(z.encode(reply, answer.value) as Body) : answer;
}

interface Shared {
  readonly body: Body;
  readonly rows: readonly SharedRow[];
  /** Not a state that was sent before. */
  readonly isNew: boolean;
}

const asItIs = (value: string): string => value;

async function rowByRow(
  route: Route,
  asked: Asked,
  ports: ConsolePorts,
  held: ShareInForce | null,
): Promise<Result<Shared>> {
  const answer = written(route, await route.handle(asked, ports));
  if (!answer.ok) return answer;
  const name = csvListOf(route)?.name;
  const data = route.shares!;
  const share = (rows: readonly SharedRow[]): readonly SharedRow[] =>
    applyShare(data, held?.share ?? null, rows, held?.pseudonymOf ?? asItIs);
  if (name === undefined) {
    const rows = share([answer.value]);
    return ok({body: rows[0]!, rows, isNew: true});
  }
  const rows = share(answer.value[name] as SharedRow[]);
  return ok({body: {...answer.value, [name]: rows}, rows, isNew: true});
}

/** All rows at once, unfiltered; of a share with a frequency the state that was sent last, until the next is due. */
async function wholeOf(
  route: Route,
  asked: Asked,
  ports: ConsolePorts,
  {share, pseudonymOf}: ShareInForce,
): Promise<Result<Shared>> {
  const list = csvListOf(route);
  invariant(list !== null, `${route.path} is a list`);
  const plain: Body = route.query === undefined ? {} : route.query.parse({});
  const filters = Object.entries(asked.query as Body)
    .filter(([name, value]) => !NO_FILTER.includes(name) && plain[name] !== value)
    .map(([name]) => name);
  if (filters.length > 0)
    return refused(
      'shared-as-a-whole',
      `${share.data} are sent to ${share.partyId} as a whole; leave out ${filters.join(', ')}`,
    );
  const last = await ports.dataShares.lastState(share);
  const end = list.hasCursor ? {nextCursor: null} : {};
  if (last !== null) return ok({body: {[list.name]: last, ...end}, rows: last, isNew: false});
  const all: SharedRow[] = [];
  let query: Body = {...plain, ...(list.hasLimit ? {limit: list.hasCursor ? PAGE_ROWS : ROWS_MAX + 1} : {})};
  const {partyId} = share;
  if (route.query !== undefined && 'partyId' in route.query.shape) query = {...query, partyId};
  for (;;) {
    const answer = await route.handle({...asked, query}, ports);
    if (!answer.ok) return answer;
    const page = z.encode(route.reply, answer.value) as Body;
    all.push(...(page[list.name] as SharedRow[]));
    if (all.length > ROWS_MAX)
      return refused(
        'share-too-large',
        `${share.data} for ${partyId} have more than ${ROWS_MAX} rows, and are sent as a whole; agree on a share without groupBy and everyHours`,
      );
    const cursor = (answer.value as {readonly nextCursor?: unknown}).nextCursor ?? null;
    if (cursor === null) break;
    query = {...query, cursor};
  }
  const rows = applyShare(share.data, share, all, pseudonymOf);
  return ok({body: {[list.name]: rows, ...end}, rows, isNew: true});
}

/** What says how much is asked for, and in whose name, but not of what. */
const NO_FILTER = ['limit', 'cursor', 'partyId'];
