import {z} from 'zod';
import {AuditLine, AuditState} from '../../console/api/routes/audit.ts';
import {Anchor} from '../../platform/audit/anchors.ts';
import type {AuditTrail} from '../../platform/audit/verify.ts';
import type {Api} from '../api-client.ts';
import {queryOf} from '../decisions.ts';

/** Texts as the command line has them; the API reads them. */
export type ScopeOptions = Readonly<Partial<Record<'from' | 'to' | 'actor' | 'action' | 'subject', string>>>;

export type ServedTrail = Omit<AuditTrail, 'publicKeys'> & {readonly unsealed: number};

/** Rows of one request. */
const PAGE = 500;
const Lines = z.object({lines: z.array(AuditLine)});
const Anchors = z.object({anchors: z.array(Anchor)});

/** The trail as the API tells it, page by page while it is walked; anchors first, so that each has its line. */
export async function trailOf(api: Api, scope: ScopeOptions): Promise<ServedTrail> {
  const anchors = await anchorsOf(api);
  const {start, strays, unsealed} = AuditState.parse(await api.get('/api/v1/audit'));
  return {start, strays, unsealed, anchors, lines: linesOf(api, start.sealNo, scope)};
}

async function anchorsOf(api: Api): Promise<readonly Anchor[]> {
  const all: Anchor[] = [];
  for (let page = PAGE; page === PAGE;) {
    const query = queryOf({after: String(all.at(-1)?.sealNo ?? 0), limit: String(PAGE)});
    const {anchors} = Anchors.parse(await api.get(`/api/v1/audit/anchors?${query}`));
    all.push(...anchors);
    page = anchors.length;
  }
  return all;
}

async function* linesOf(
  api: Api,
  from: number,
  scope: ScopeOptions,
): AsyncGenerator<z.infer<typeof AuditLine>> {
  let after = from;
  for (let page = PAGE; page === PAGE;) {
    const query = queryOf({...scope, after: String(after), limit: String(PAGE)});
    const {lines} = Lines.parse(await api.get(`/api/v1/audit/lines?${query}`));
    yield* lines;
    after = lines.at(-1)?.sealNo ?? after;
    page = lines.length;
  }
}
