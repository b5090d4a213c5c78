import {generateKeyPairSync} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {signAnchor} from '../../../platform/audit/anchors.ts';
import type {AuditEntry, AuditLine} from '../../../platform/audit/chain.ts';
import {GENESIS, lineSha256, sealAfter, sha256} from '../../../platform/audit/chain.ts';
import {anchorOf, entryOf, sealed, verified} from './trail.ts';

const SEED = 20260105;
const text = fc.string({unit: 'grapheme', maxLength: 8});
const entries = fc
  .uniqueArray(
    fc.record({
      auditId: fc.integer({min: 1, max: 999_999}), // rolled-back transactions leave holes, late commits change the order
      action: text.map((word) => `x.${word}`),
      subject: text,
      body: fc.json({maxDepth: 1}),
    }),
    {selector: ({auditId}) => auditId, minLength: 2, maxLength: 20},
  )
  .map((all) => all.map(({auditId, action, subject, body}) => entryOf(auditId, action, subject, body)));
/** A trail, and one of its places (from 0). */
const trailAndPlace = entries.chain((all) =>
  fc.tuple(fc.constant(sealed(all)), fc.nat({max: all.length - 1})),
);
const renumbered = (lines: readonly AuditLine[]): AuditLine[] =>
  lines.map((line, index) => ({...line, sealNo: index + 1}));
const at = (lines: readonly AuditLine[], place: number): AuditLine => lines[place]!;
const entryAt = (lines: readonly AuditLine[], place: number): AuditEntry =>
  at(lines, place).entry as AuditEntry;
const check = async <T>(property: fc.IAsyncProperty<T>): Promise<void> => {
  await fc.assert(property, {seed: SEED, numRuns: 200});
};
const property = (judge: (lines: AuditLine[], place: number) => Promise<void>): Promise<void> =>
  check(fc.asyncProperty(trailAndPlace, ([lines, place]) => judge(lines, place)));

describe('tampering with the audit trail', () => {
  it('K6 a trail that nobody touched is found whole, with every anchor', () =>
    property(async (lines, place) => {
      const anchors = [anchorOf(at(lines, place)), anchorOf(lines.at(-1)!)];
      expect(await verified(lines, {anchors})).toMatchObject({
        rows: lines.length,
        anchors: 2,
        firstBad: null,
        through: {sealNo: lines.length, seal: lines.at(-1)!.seal},
      });
    }));

  it('K6 a changed field of an entry is found, and the entry named', () =>
    check(
      fc.asyncProperty(
        trailAndPlace,
        fc.constantFrom('worldAt', 'wallAt', 'actor', 'action', 'subject', 'bodySha256', 'body'),
        async ([lines, place], field: keyof AuditEntry) => {
          const entry = {...entryAt(lines, place), [field]: `${entryAt(lines, place)[field]}!`};
          const changed = lines.with(place, {...at(lines, place), entry});
          expect((await verified(changed)).firstBad).toMatchObject({
            tampering: 'changed',
            sealNo: place + 1,
            auditId: entry.auditId,
          });
        },
      ),
    ));

  it('I6 a body that was changed together with its hash is found too', () =>
    property(async (lines, place) => {
      const entry = {...entryAt(lines, place), body: '"nobody"', bodySha256: sha256('"nobody"')};
      const {firstBad} = await verified(lines.with(place, {...at(lines, place), entry}));
      expect(firstBad).toMatchObject({tampering: 'changed', sealNo: place + 1});
    }));

  it('K6 a removed entry is found, whether its seal stays, goes, or the rest is numbered anew', () =>
    property(async (lines, place) => {
      const stays = lines.with(place, {...at(lines, place), entry: null});
      expect((await verified(stays)).firstBad).toMatchObject({tampering: 'removed', sealNo: place + 1});
      if (place === lines.length - 1) return; // the last row: only an anchor shows (below)
      const goes = lines.toSpliced(place, 1);
      expect((await verified(goes)).firstBad).toMatchObject({tampering: 'removed', sealNo: place + 1});
      expect((await verified(renumbered(goes))).firstBad).toMatchObject({sealNo: place + 1});
    }));

  it('K6 an inserted entry is found and named: without a seal, with a made-up one, and with one that fits', () =>
    property(async (lines, place) => {
      const entry = entryOf(1_000_000, 'forged');
      expect((await verified(lines, {strays: [entry.auditId]})).firstBad).toMatchObject({
        tampering: 'inserted',
        auditId: entry.auditId,
      });
      const forge = (seal: string): AuditLine[] =>
        renumbered(lines.toSpliced(place, 0, {sealNo: 0, seal, entry}));
      expect((await verified(forge(sha256('made up')))).firstBad).toMatchObject({
        sealNo: place + 1,
        auditId: entry.auditId,
      });
      const before = lines[place - 1]?.seal ?? GENESIS.seal;
      const fitting = forge(sealAfter(before, lineSha256({sealNo: 0, seal: '', entry})!));
      expect((await verified(fitting)).firstBad).toMatchObject({tampering: 'inserted', sealNo: place + 1});
    }));

  it('K6 two entries that changed places are found, and it is said which belongs where', () =>
    property(async (lines, place) => {
      const other = (place + 1) % lines.length;
      const [first, second] = [Math.min(place, other), Math.max(place, other)];
      const entriesSwapped = lines
        .with(first, {...at(lines, first), entry: entryAt(lines, second)})
        .with(second, {...at(lines, second), entry: entryAt(lines, first)});
      const sealsToo = renumbered(lines.with(first, at(lines, second)).with(second, at(lines, first)));
      for (const swapped of [entriesSwapped, sealsToo]) {
        const {firstBad} = await verified(swapped);
        expect(firstBad).toMatchObject({
          tampering: 'reordered',
          sealNo: first + 1,
          auditId: entryAt(lines, second).auditId,
        });
        expect(firstBad!.detail).toContain(
          `entry ${entryAt(lines, first).auditId} belongs to seal ${first + 1}`,
        );
      }
    }));

  it('K6 a tail that was cut off past an anchor is found, and where it was cut', () =>
    property(async (lines, place) => {
      const anchors = [anchorOf(lines.at(-1)!)];
      expect((await verified(lines.slice(0, place), {anchors})).firstBad).toMatchObject({
        tampering: 'cut-off',
        sealNo: place + 1,
      });
    }));

  it('K6 a chain that was written anew from some row on is found between the anchors around it', () =>
    property(async (lines, place) => {
      const anchors = lines.filter(({sealNo}) => sealNo % 3 === 0 || sealNo === lines.length).map(anchorOf);
      const anew = lines.map(({entry}) => entry as AuditEntry).with(place, entryOf(1_000_000, 'forged'));
      const {firstBad} = await verified(sealed(anew), {anchors});
      const before = anchors.filter(({sealNo}) => sealNo <= place).at(-1)?.sealNo ?? 0;
      expect(firstBad).toMatchObject({tampering: 'rewritten', sealNo: before + 1});
      expect((await verified(sealed(anew))).firstBad).toBeNull(); // without anchors nobody could tell
    }));

  it('K6 anchors signed by another key do not count', () =>
    property(async (lines, place) => {
      const {privateKey} = generateKeyPairSync('ed25519');
      const theirs = signAnchor(at(lines, place), '2026-01-05T06:00:00.000Z', privateKey);
      const relabelled = {...theirs, keyId: anchorOf(at(lines, place)).keyId};
      for (const anchor of [theirs, relabelled])
        expect((await verified(lines, {anchors: [anchor]})).firstBad).toMatchObject({
          tampering: 'anchor-forged',
          sealNo: place + 1,
        });
    }));
});
