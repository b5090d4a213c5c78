import {ok, refused, type Result} from '../../domain/result.ts';
import {type EpochMs, toIso} from '../../domain/time.ts';

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
 * The part that a number means at `at`. A number that means two parts is refused with both named: the wrong part on a truck
 * costs more than a question.
 *
 * Example: MPN 6205-2RS → P-100; the same number entered for P-200 as well → 'ambiguous', naming P-100 and P-200.
 */
export function resolvePartNumber(
  asked: PartNumber,
  references: readonly PartReference[],
  isOwnPart: boolean,
  at: EpochMs,
): Result<string, 'unknown-part' | 'ambiguous-part'> {
  const meant = new Set(
    references
      .filter(
        ({scheme, number, revision, validFrom, validTo}) =>
          number === asked.number &&
          (asked.scheme === undefined || scheme === asked.scheme) &&
          (asked.revision === undefined || revision === asked.revision) &&
          validFrom <= at &&
          at < validTo,
      )
      .map(({partId}) => partId),
  );
  if (isOwnPart && (asked.scheme === undefined || asked.scheme === 'internal')) meant.add(asked.number);
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
