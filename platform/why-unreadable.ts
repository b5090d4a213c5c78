import {messageOf} from '../domain/fault.ts';

const SAID: Readonly<Record<string, (place: string) => string>> = {
  ENOENT: (place) => `no file or folder at ${place}`,
  EISDIR: (place) => `${place} is a folder`,
  ENOTDIR: (place) => `${place} is no folder`,
  EACCES: (place) => `${place} may not be read by this user`,
};

/**
 * Why a file or folder could not be read, in words; what to do about it is for the caller to add.
 *
 * Example: orders.csv that is not there → 'no file or folder at orders.csv'.
 */
export function whyUnreadable(place: string, cause: unknown): string {
  const code = String((cause as {readonly code?: unknown} | null)?.code);
  return SAID[code]?.(place) ?? `${place}: ${messageOf(cause)}`;
}
