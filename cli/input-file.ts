import {readFileSync} from 'node:fs';
import {OperationalFault} from '../domain/fault.ts';
import {whyUnreadable} from '../platform/why-unreadable.ts';

/** A file that was named is missing, unreadable or has mistakes: it can only be corrected, so the command leaves with 2. */
export function fileUnreadable(message: string, cause?: unknown): OperationalFault {
  return new OperationalFault('file-unreadable', message, {retryable: false, cause});
}

/** A file that was named and cannot be read. @param expected What to name instead: 'a JSON file that holds one object'. */
export function inputFault(file: string, expected: string, cause: unknown): OperationalFault {
  return fileUnreadable(`${whyUnreadable(file, cause)}; name ${expected}`, cause);
}

/** @param expected What to name instead, for the message: 'a JSON file that holds one object'. */
export function readJsonFile(file: string, expected: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw inputFault(file, expected, cause);
  }
}
