import {InvalidArgumentError} from 'commander';

/** A whole number from 1 on, as an option's value. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 on is expected');
  return value;
}

/** An instant with its zone, in epoch ms: '2015-01-12T00:00:00Z'. */
export function instant(text: string): number {
  const at = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('an instant with its zone is expected, such as 2015-01-12T00:00:00Z');
  return at;
}
