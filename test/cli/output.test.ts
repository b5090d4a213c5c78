import {describe, expect, it} from 'vitest';
import {hanging} from '../../cli/output.ts';

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
