import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {applyMutant, changedFiles} from '../../scripts/mutants/apply.ts';
import {MUTANTS} from '../../scripts/mutants/catalogue.ts';
import {ROOT} from '../../scripts/source-files.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

describe('the known bugs', () => {
  it.each(MUTANTS)('can be brought back: $name', (mutant) => {
    expect(changedFiles(ROOT, mutant).size).toBeGreaterThan(0);
    for (const {file, name} of mutant.tests)
      expect(sourceOf(file), `${file} has a test of that name`).toContain(
        name.replace(/: a NUL in a text$/, ''),
      );
  });

  it('a patch that fits no more is an error that names it, and nothing is changed', () => {
    const root = temporaryFolder('mutants');
    mkdirSync(path.join(root, 'a'));
    writeFileSync(path.join(root, 'a/b.ts'), 'one two one');
    const mutant = (text: string): (typeof MUTANTS)[number] => ({
      name: 'lost words',
      bug: 'words get lost',
      edits: [
        {file: 'a/b.ts', text: 'two', becomes: ''},
        {file: 'a/b.ts', text, becomes: ''},
      ],
      tests: [],
    });
    expect(() => applyMutant(root, mutant('three'))).toThrow(
      /"lost words" does not apply any more: .* 0 times in a\/b\.ts/,
    );
    expect(() => applyMutant(root, mutant('one'))).toThrow('2 times');
    expect(readFileSync(path.join(root, 'a/b.ts'), 'utf8')).toBe('one two one');
    const takeOut = applyMutant(root, mutant(' one'));
    expect(readFileSync(path.join(root, 'a/b.ts'), 'utf8')).toBe('one ');
    takeOut();
    expect(readFileSync(path.join(root, 'a/b.ts'), 'utf8')).toBe('one two one');
  });
});

const CONTRACTS = {
  'external-door': 'test/ingest/door-contract.ts',
  'outbox.pg': 'test/platform/outbox-contract.ts',
  'lease-book.pg': 'test/platform/lease-book-contract.ts',
};

/** The suite itself, and the contract that it runs. */
function sourceOf(file: string): string {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const contract = Object.entries(CONTRACTS).find(([part]) => file.includes(part))?.[1];
  return contract === undefined ? source : source + readFileSync(path.join(ROOT, contract), 'utf8');
}
