import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {z} from 'zod';
import {AuditLine, AuditState} from '../../console/api/routes/audit.ts';
import {Anchor} from '../../platform/audit/anchors.ts';
import {fileUnreadable, inputFault} from '../input-file.ts';
import type {ScopeOptions, ServedTrail} from './served-trail.ts';

/** The first line of a pack; then come its anchors, a line each, and then the chain. */
const Header = AuditState.omit({head: true}).extend({
  format: z.literal('forestock-audit-1'),
  scope: z.record(z.string(), z.string()),
});
const Anchored = z.object({anchor: Anchor});

/** @throws what the file system says, also when the file is there already */
export async function writePack(
  file: string,
  {start, strays, unsealed, anchors, lines}: ServedTrail,
  scope: ScopeOptions,
): Promise<{readonly lines: number; readonly shown: number}> {
  const handle = await open(file, 'wx', 0o600);
  let [written, shown] = [0, 0];
  try {
    const put = (value: unknown): Promise<void> => handle.appendFile(`${JSON.stringify(value)}\n`);
    const header: z.infer<typeof Header> = {
      format: 'forestock-audit-1',
      scope: {...scope},
      start,
      strays: [...strays],
      unsealed,
    };
    await put(header);
    for (const anchor of anchors) await put({anchor});
    for await (const line of lines) {
      await put(line);
      written += 1;
      if (line.entry !== null && 'auditId' in line.entry) shown += 1;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return {lines: written, shown};
}

/** @throws OperationalFault 'file-unreadable', with the line */
export async function openPack(file: string): Promise<ServedTrail> {
  const rows = parsedLines(file);
  const first = await rows.next();
  const header = read(Header, first.done === true ? undefined : first.value, file, 1);
  const anchors: Anchor[] = [];
  let number = 2;
  let next = await rows.next();
  for (; next.done !== true && isAnchor(next.value); next = await rows.next(), number += 1)
    anchors.push(read(Anchored, next.value, file, number).anchor);
  const lines = async function* (): AsyncGenerator<z.infer<typeof AuditLine>> {
    for (; next.done !== true; next = await rows.next(), number += 1)
      yield read(AuditLine, next.value, file, number);
  };
  return {...header, anchors, lines: lines()};
}

async function* parsedLines(file: string): AsyncGenerator {
  try {
    for await (const line of createInterface({input: createReadStream(file), crlfDelay: Infinity}))
      yield JSON.parse(line);
  } catch (cause) {
    throw inputFault(file, 'a pack that audit export wrote', cause);
  }
}

function isAnchor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'anchor' in value;
}

function read<S extends z.ZodType>(schema: S, value: unknown, file: string, line: number): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fileUnreadable(
    `file ${file}:${line}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}; name a pack that audit export wrote`,
  );
}
