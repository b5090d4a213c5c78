import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {readLedger} from '../../scripts/capabilities.ts';

describe('the capability ledger', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'forestock-ledger-'))));
  afterEach(() => rmSync(root, {recursive: true}));

  function ledgerOf(
    rows: readonly string[],
    files: Readonly<Record<string, string>>,
  ): ReturnType<typeof readLedger> {
    for (const [path, text] of Object.entries({...files, 'docs/ledger.md': rows.join('\n')})) {
      mkdirSync(dirname(join(root, path)), {recursive: true});
      writeFileSync(join(root, path), text);
    }
    return readLedger(root);
  }

  it('says of each row whether it is empty, stands on unit tests alone, or is shown', () => {
    const {rows, mistakes} = ledgerOf(
      ['| A1 | Ingest | core | x |', '| B2 | Demand | core | x |', '| D1 | Targets | core | x |'],
      {
        'test/a.test.ts': `it('A1 B2 counts once', () => {});`,
        'test/a.pg.test.ts': `test.prop([x])(\`B2 holds for \${any}\`, () => {});`,
      },
    );
    expect(mistakes).toEqual([]);
    expect(rows.map(({id, standing, kinds}) => [id, standing, kinds])).toEqual([
      ['A1', 'unit only', ['unit']],
      ['B2', 'shown', ['pg', 'unit']],
      ['D1', 'empty', []],
    ]);
  });

  it('does not count a skipped test, nor a test that only mentions an id', () => {
    const {rows} = ledgerOf(['| A1 | Ingest | core | x |'], {
      'test/a.pg.test.ts': `describe.skip('x', () => { it('A1 stores', f); }); it.todo('A1 y'); it('like A1', f); it('A10x', f);`,
    });
    expect(rows[0]?.standing).toBe('empty');
  });

  it('finds an id that the table does not list, a double row and a wrong priority', () => {
    const {mistakes} = ledgerOf(
      ['| A1 | Ingest | core | x |', '| A1 | Ingest | core | x |', '| A2 | Time | must | x |'],
      {
        'test/a.test.ts': `it.each(rows)('C7 sums', () => {});`,
      },
    );
    expect(mistakes).toEqual([
      'docs/ledger.md: A1 is listed twice',
      'docs/ledger.md: A2 has priority "must"; use core, should or could',
      'test/a.test.ts: "C7 sums" starts with C7, which docs/ledger.md does not list',
    ]);
  });
});
