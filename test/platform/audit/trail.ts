import {generateKeyPairSync} from 'node:crypto';
import {GENESIS, rowSha256, sealAfter, sha256} from '../../../platform/audit/chain.ts';
import type {AuditEntry, AuditLine, Seal} from '../../../platform/audit/chain.ts';
import {signAnchor} from '../../../platform/audit/anchors.ts';
import type {Anchor} from '../../../platform/audit/anchors.ts';
import {verifyTrail} from '../../../platform/audit/verify.ts';
import type {Verdict} from '../../../platform/audit/verify.ts';

export const KEYS = generateKeyPairSync('ed25519');
const AT = '2026-01-05T06:00:00.000Z';

export function entryOf(auditId: number, action: string, subject = 'S-1', body = '{"n": 1}'): AuditEntry {
  const micros = String(auditId).padStart(6, '0');
  return {
    auditId,
    worldAt: `2026-01-05T06:00:00.${micros}Z`,
    wallAt: `2026-01-05T06:00:01.${micros}Z`,
    actor: 'ada',
    action,
    subject,
    bodySha256: sha256(body),
    body,
  };
}

/** As a sealer leaves them behind `start`. */
export function sealed(entries: readonly AuditEntry[], start: Seal = GENESIS): AuditLine[] {
  let at = start;
  return entries.map((entry) => {
    at = {sealNo: at.sealNo + 1, seal: sealAfter(at.seal, rowSha256(entry))};
    return {...at, entry};
  });
}

export function anchorOf({sealNo, seal}: Seal): Anchor {
  return signAnchor({sealNo, seal}, AT, KEYS.privateKey);
}

export function verified(
  lines: readonly AuditLine[],
  {
    anchors = [],
    start = GENESIS,
    strays = [],
  }: {anchors?: readonly Anchor[]; start?: Seal; strays?: readonly number[]} = {},
): Promise<Verdict> {
  return verifyTrail({start, lines, strays, anchors, publicKeys: [KEYS.publicKey]});
}
