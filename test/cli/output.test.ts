import {describe, expect, it} from 'vitest';
import {asHelp, hanging} from '../../cli/output.ts';

describe('lines that hang', () => {
  it('wrap at the width, and what follows hangs under the text', () => {
    const columns = process.stdout.columns;
    process.stdout.columns = 20;
    try {
      expect(hanging('  - ', ['short', 'one two three four five'])).toEqual([
        '  - short',
        '  - one two three',
        '    four five',
      ]);
      expect(hanging('    ', ['one two three four five'])).toEqual(['    one two three', '    four five']);
    } finally {
      process.stdout.columns = columns;
    }
  });
});

it('help begins small, and names stay as they are', () => {
  expect(['What can be promised', 'A part', 'MQTT logins', 'X12 orders', 'ISO 8601'].map(asHelp)).toEqual([
    'what can be promised',
    'a part',
    'MQTT logins',
    'X12 orders',
    'ISO 8601',
  ]);
});
