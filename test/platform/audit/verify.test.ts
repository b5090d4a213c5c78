import {describe, expect, it} from 'vitest';
import {lineSha256, rowSha256, sealAfter, sha256, GENESIS} from '../../../platform/audit/chain.ts';
import type {AuditLine} from '../../../platform/audit/chain.ts';
import {anchorOf, entryOf, sealed, verified} from './trail.ts';

const [first, second, third] = [entryOf(1, 'a'), entryOf(3, 'b'), entryOf(4, 'c')];
const wiped = (line: AuditLine): AuditLine => ({...line, entry: {...entryOf(3, 'b'), body: 'null'}});

describe('the audit chain', () => {
  it('K6 the first two seals are those that hashlib of Python computes', () => {
    // sha256(b'[1,"2026-01-05T06:00:00.000001Z","2026-01-05T06:00:01.000001Z","ada","a","S-1","…"]'), then sha256(bytes(32) + that)
    expect(sha256('{"n": 1}')).toBe('e5d5f7c1d225fd6b13623ebb1b5b9d075c705659f81868b1e37005a0923b0346');
    expect(rowSha256(first)).toBe('0b155a1dade4639fff342fc7d5592ba7eae677d7e2452ef1880357da789978f6');
    expect(sealAfter(GENESIS.seal, rowSha256(first))).toBe(
      'b5a6117458c254cd59c4ac5084ab1e9e39b95501249eaa8d7b928c4c464be232',
    );
    expect(sealed([first, second])[1]!.seal).toBe(
      '2809c697724367ec8289b2aba9fb04154f13ff05a120b4b7bc18b94bfdafde22',
    );
  });

  it('K6 a redacted body fits when an entry says who took it out, and only then', async () => {
    const redaction = entryOf(5, 'audit.redacted', '3', '{"reason": "GDPR 17"}');
    const lines = sealed([first, second, third, redaction]);
    expect(await verified(lines.with(1, wiped(lines[1]!)))).toMatchObject({redacted: 1, firstBad: null});
    const bare = sealed([first, second, third]);
    expect((await verified(bare.with(1, wiped(bare[1]!)))).firstBad).toMatchObject({
      tampering: 'changed',
      sealNo: 2,
      auditId: 3,
    });
  });

  it('K6 a pack of some entries verifies whole, with hashes alone for the others', async () => {
    const lines = sealed([first, second, third]);
    const pack = lines.with(1, {...lines[1]!, entry: {rowSha256: lineSha256(lines[1]!)!}});
    expect(await verified(pack, {anchors: [anchorOf(lines[2]!)]})).toMatchObject({rows: 3, firstBad: null});
    const wrong = pack.with(1, {...lines[1]!, entry: {rowSha256: sha256('another')}});
    expect((await verified(wrong)).firstBad).toMatchObject({tampering: 'changed', sealNo: 2});
  });

  it('K5 a trail whose beginning retention took is whole when an entry says so, and only then', async () => {
    const lines = sealed([first, second, entryOf(5, 'audit.cut', '1')]);
    const start = {sealNo: 1, seal: lines[0]!.seal};
    expect(await verified(lines.slice(1), {start, anchors: [anchorOf(start)]})).toMatchObject({
      rows: 2,
      anchors: 1,
      firstBad: null,
    });
    const silent = sealed([first, second, third]).slice(1);
    expect((await verified(silent, {start})).firstBad).toMatchObject({tampering: 'removed', sealNo: 1});
    const other = {sealNo: 1, seal: sha256('another beginning')};
    const forged = sealed([second, entryOf(5, 'audit.cut', '1')], other);
    expect((await verified(forged, {start: other, anchors: [anchorOf(start)]})).firstBad).toMatchObject({
      tampering: 'rewritten',
    });
  });
});
