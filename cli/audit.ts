import {Command} from 'commander';
import {z} from 'zod';
import {AccessView} from '../console/api/routes/access-log.ts';
import {AuditScopeQuery} from '../console/api/routes/audit.ts';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {anchorFile, readAnchors} from '../platform/audit/anchor-file.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {Anchor} from '../platform/audit/anchors.ts';
import {verifyTrail} from '../platform/audit/verify.ts';
import type {Verdict} from '../platform/audit/verify.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {withApi} from './api-client.ts';
import {openPack, writePack} from './audit/pack.ts';
import {trailOf} from './audit/served-trail.ts';
import type {ScopeOptions, ServedTrail} from './audit/served-trail.ts';
import {trustedKeys} from './audit/trusted-keys.ts';
import {fileUnreadable} from './input-file.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface VerifyOptions extends AskOptions {
  readonly file?: string;
  readonly publicKey?: string[];
  readonly anchors?: string[];
}

/** The audit trail: whether it is whole, what was anchored of it, and packs of it for auditors. */
export function auditCommand(): Command {
  const anchors = listCommand({
    name: 'anchors',
    path: '/api/v1/audit/anchors',
    page: z.object({anchors: z.array(Anchor)}),
    text: (page) => anchorTable(page.anchors),
    example: 'forestock audit anchors --json > /mnt/elsewhere/anchors.json',
  });
  const requests = listCommand({
    name: 'requests',
    path: '/api/v1/access-log',
    page: z.object({requests: z.array(AccessView)}),
    text: (page) => requestTable(page.requests),
    example: 'forestock audit requests --party SUP-07 --refused',
  });
  return [verifyCommand(), anchors, exportCommand(), redactCommand(), requests].reduce(
    (group, each) => group.addCommand(each),
    new Command('audit').description(
      'the sealed audit trail: verify, anchors, packs for auditors; who asked the API for what',
    ),
  );
}

function verifyCommand(): Command {
  return askCommand(
    'verify',
    'walks the chain from its first entry and names the first one that was changed, removed, inserted or moved',
    'forestock audit verify --anchors /mnt/elsewhere/anchors.ndjson --public-key /mnt/elsewhere/anchor-key.pub.pem',
  )
    .option('--file <pack>', 'verify a pack that audit export wrote, without any service')
    .option('--public-key <files...>', 'whose anchors count (PEM; default: the key of the data folder)')
    .option('--anchors <files...>', 'more anchors, kept elsewhere: one JSON object a line')
    .action(async ({file, publicKey, anchors = [], ...options}: VerifyOptions) => {
      const configuration = readConfiguration(process.env);
      const publicKeys = trustedKeys(publicKey, configuration);
      const kept = anchors.flatMap((one) => givenAnchors(one));
      const judge = async (trail: ServedTrail): Promise<void> => {
        const all = [...trail.anchors, ...kept];
        const verdict = await verifyTrail({
          ...trail,
          anchors: publicKeys.length === 0 ? [] : all,
          publicKeys,
        });
        if (verdict.firstBad !== null) process.exitCode = 1;
        const unchecked = publicKeys.length === 0 ? all.length : 0;
        const {unsealed} = trail;
        const whole = verdict.firstBad === null;
        const witnessed = whole && verdict.anchors > 0 && unchecked === 0;
        answer(options.json, {whole, witnessed, ...verdict, unsealed, unchecked}, () =>
          verdictText(verdict, {unsealed, unchecked}),
        );
      };
      if (file !== undefined) return judge(await openPack(file));
      kept.push(...readAnchors(anchorFile(configuration.dataDir)));
      await withApi(options, async (api) => judge(await trailOf(api, {})));
    });
}

function givenAnchors(file: string): readonly Anchor[] {
  const found = readAnchors(file);
  if (found.length === 0)
    throw fileUnreadable(`file ${file}: it is missing or has no anchors; name a copy of anchors.ndjson`);
  return found;
}

function verdictText(
  {rows, redacted, anchors, through, firstBad}: Verdict,
  {unsealed, unchecked}: {readonly unsealed: number; readonly unchecked: number},
): string {
  const fits = `${rows} entries fit, up to seal ${through.sealNo}; ${anchors} anchors agree`;
  const notes = [
    redacted === 0 ? [] : [`${redacted} bodies were redacted`],
    unsealed === 0 ? [] : [`${unsealed} entries wait for their seal`],
  ].flat();
  const text = [fits, ...notes].join('\n');
  if (firstBad === null) return `${text}\n${wholeAsFarAs(anchors, unchecked)}`;
  return `${text}\nNOT WHOLE: ${firstBad.tampering} at seal ${firstBad.sealNo ?? 'none'}, entry ${firstBad.auditId ?? 'unknown'}\n  ${firstBad.detail}`;
}

/** The chain alone shows what was done to it by somebody who could not write all of it anew; only an anchor speaks against its owner. */
function wholeAsFarAs(anchors: number, unchecked: number): string {
  if (unchecked > 0)
    return `whole in itself; NOT checked against its ${unchecked} anchors, so that it may have been written anew: name the key that signed them with --public-key`;
  if (anchors > 0) return 'whole';
  return 'whole in itself; NOT checked against any anchor, so that it may have been written anew: name copies of anchors.ndjson with --anchors';
}

function anchorTable(anchors: readonly Anchor[]): string {
  if (anchors.length === 0) return 'none';
  return table(
    ['anchored (wall time)', 'seal', 'value', 'key'],
    anchors.map(({anchoredAt, sealNo, seal, keyId}) => [anchoredAt, sealNo, seal, keyId]),
  );
}

function exportCommand(): Command {
  const scope = Object.entries(AuditScopeQuery.shape);
  const command = askCommand(
    'export',
    'writes a pack for an auditor: entries of a scope, and of all others the hashes, so that it verifies as a whole',
    'forestock audit export --out q1.ndjson --from 2026-01-01T00:00:00Z --to 2026-04-01T00:00:00Z --action decision.',
  ).requiredOption('--out <file>', 'a new file, one JSON object a line');
  for (const [name, {description = name}] of scope) command.option(`--${name} <${name}>`, description);
  return command.action(async ({out, url, json, ...given}: AskOptions & ScopeOptions & {out: string}) => {
    await withApi({url}, async (api) => {
      const written = await writePack(out, await trailOf(api, given), given).catch((cause: unknown) => {
        if (cause instanceof OperationalFault) throw cause;
        throw fileUnreadable(
          `file ${out}: ${messageOf(cause)}; name a new file in a folder that is there`,
          cause,
        );
      });
      answer(
        json,
        {file: out, ...written},
        () => `${out}: ${written.shown} of ${written.lines} entries shown`,
      );
    });
  });
}

function redactCommand(): Command {
  return askCommand(
    'redact',
    'takes the body out of an entry for good: its hash stays, and the chain with it',
    'forestock audit redact 4711 --reason "GDPR art. 17, request 2026-12"',
  )
    .argument('<auditId>')
    .requiredOption('--reason <text>', 'on what ground; goes into the audit trail')
    .option('--actor <name>', 'who does it; goes into the audit trail', process.env['USER'] ?? 'cli')
    .action(async (id: string, {actor, reason, ...options}: AskOptions & {actor: string; reason: string}) => {
      const path = `/api/v1/audit/entries/${encodeURIComponent(id)}/redact`;
      const done = await withApi(options, (api) => api.post(path, {actor, reason}));
      answer(options.json, done, () => `redacted: ${id}`);
    });
}

function requestTable(requests: readonly z.output<typeof AccessView>[]): string {
  if (requests.length === 0) return 'none';
  return table(
    ['at', 'caller', 'role', 'party', '', 'path', 'status', 'refused with', 'from'],
    requests.map(({at, caller, role, partyId, method, path, status, refusal, address}) => [
      ...[toMinute(epochMs(at)), caller ?? '', role ?? '', partyId ?? '', method, path],
      ...[status, refusal ?? '', address],
    ]),
  );
}
