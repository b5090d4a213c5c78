/**
 * Whether a file's name says a day, and so is another one every day. Eight digits that are none (a depot's number) say nothing: two
 * days' files of that name would be taken for the same.
 *
 * Example: 'issues-2026-01-05.csv', 'issues_20260105.csv' → true; 'depot-10002000.csv' → false.
 */
export function dayInName(name: string): boolean {
  return /(?<!\d)(19|20)\d\d([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/.test(name);
}
