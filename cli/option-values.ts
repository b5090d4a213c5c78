import path from 'node:path';
import {InvalidArgumentError, Option} from 'commander';

/** A whole number from 1 on, as an option's value. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 on is expected');
  return value;
}

/** Seeds to compare on: a single one says nothing of chance. */
export function seedCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 2)
    throw new InvalidArgumentError('a whole number from 2 on is expected: one seed says nothing of chance');
  return value;
}

/** An instant with its zone, in epoch ms: '2015-01-12T00:00:00Z'. */
export function instant(text: string): number {
  const at = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('an instant with its zone is expected, such as 2015-01-12T00:00:00Z');
  return at;
}

/** An amount of money in whole units of its currency, in cents: '250000' → 25000000. */
export function amountMinor(text: string): number {
  const minor = Math.round(100 * Number(text));
  if (!/^\d+(\.\d{1,2})?$/.test(text) || !Number.isSafeInteger(minor))
    throw new InvalidArgumentError('an amount such as 250000 or 49.50 is expected');
  return minor;
}

/** A share from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value > 1)
    throw new InvalidArgumentError('a share from 0 to 1 is expected, such as 0.98');
  return value;
}

/** Where a training keeps what it has finished; beside everything else that is kept, unless another folder is named. */
export function fitsOption(): Option {
  return new Option(
    '--fits <folder>',
    'finished fits are kept here until the training is done: started again after it was ended, it goes on with them',
  ).default(path.join(process.env['FORESTOCK_DATA_DIR'] ?? '.forestock', 'fits'));
}
