import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {whyUnreadable} from '../../platform/why-unreadable.ts';

function said(place: string): string {
  try {
    readFileSync(place);
    return 'it was read';
  } catch (cause) {
    return whyUnreadable(place, cause);
  }
}

it('a file that cannot be read is told in words, not in codes of the system', () => {
  expect(said('/tmp/there-is-no-such-file.csv')).toBe('no file or folder at /tmp/there-is-no-such-file.csv');
  expect(said('/tmp')).toBe('/tmp is a folder');
  expect(said('/etc/passwd/below')).toBe('/etc/passwd/below is no folder');
  expect(whyUnreadable('x.json', new Error('half a line'))).toBe('x.json: half a line');
});
