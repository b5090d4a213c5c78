import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {ROOT} from '../../scripts/source-files.ts';

const FOLDER = path.join(ROOT, 'docs/decisions');

it('the index of decisions lists each record by its title, in their order', () => {
  const records = readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const lines = records.sort().map((name) => {
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readFileSync(path.join(FOLDER, name), 'utf8'))!;
    return `${number}. [${title}](${name})`;
  });
  const index = readFileSync(path.join(FOLDER, 'README.md'), 'utf8');
  expect(index.split('\n').filter((line) => /^\d+\. /.test(line))).toEqual(lines);
});
