import {ok, refused, type Result} from '../../domain/result.ts';
import {type EpochMs, toIso} from '../../domain/time.ts';
import {partNumberKey} from './part-number-key.ts';

/** A number by which somebody else calls a part of ours. */
export interface PartReference {
  readonly scheme: string;
  readonly number: string;
  readonly revision: string;
  readonly partId: string;
  readonly validFrom: EpochMs;
  readonly validTo: EpochMs;
}

export interface PartNumber {
  /** 'internal' is our own part id; any other is looked up in the cross reference. Absent: every scheme is tried. */
  readonly scheme?: string | undefined;
  readonly number: string;
  readonly revision?: string | undefined;
}

/**
 * The part that a number means at `at`, however its letters and blanks were written. A number that means two parts is refused
 * with both named: the wrong part on a truck costs more than a question. Only where two ids of our own differ by case alone does
 * the writing decide.
 *
 * Example: MPN 6205-2RS or '6205-2rs ' → P-100; the same number entered for P-200 as well → 'ambiguous', naming P-100 and P-200.
 *
 * @param ownParts  Ids of ours that read like the number.
 */
export function resolvePartNumber(
  asked: PartNumber,
  references: readonly PartReference[],
  ownParts: readonly string[],
  at: EpochMs,
): Result<string, 'unknown-part' | 'ambiguous-part'> {
  const meant = new Set(
    references
      .filter(
        ({scheme, number, revision, validFrom, validTo}) =>
          reads(number, asked.number) &&
          (asked.scheme === undefined || reads(scheme, asked.scheme)) &&
          (asked.revision === undefined || reads(revision, asked.revision)) &&
          validFrom <= at &&
          at < validTo,
      )
      .map(({partId}) => partId),
  );
  if (asked.scheme === undefined || reads('internal', asked.scheme)) {
    const exact = ownParts.filter((partId) => partId === asked.number);
    for (const partId of exact.length > 0 ? exact : ownParts) meant.add(partId);
  }
  const candidates = [...meant].sort();
  const name = [asked.scheme, asked.number, asked.revision]
    .filter((word) => word !== undefined && word !== '')
    .join(' ');
  if (candidates.length === 0) {
    return refused(
      'unknown-part',
      `${name} names no part at ${toIso(at)}; add it to part_xref.csv or part.csv`,
    );
  }
  if (candidates.length > 1) {
    return refused(
      'ambiguous-part',
      `${name} means ${candidates.join(' and ')} at ${toIso(at)}; name the scheme or revision, or end one entry`,
    );
  }
  return ok(candidates[0]!);
}

function reads(known: string, asked: string): boolean {
  return partNumberKey(known) === partNumberKey(asked);
}
