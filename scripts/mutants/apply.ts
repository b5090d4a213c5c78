import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Mutant} from './mutant.ts';

/** The changed files of a mutant, by path. @throws Error that names the mutant when its patch does not fit the code any more. */
export function changedFiles(root: string, {name, edits}: Mutant): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const {file, text, becomes} of edits) {
    const before = changed.get(file) ?? readFileSync(join(root, file), 'utf8');
    const parts = before.split(text);
    if (parts.length !== 2)
      throw new Error(
        `mutant "${name}" does not apply any more: its text stands ${parts.length - 1} times in ${file}; bring scripts/mutants/catalogue.ts in line with the code`,
      );
    changed.set(file, parts.join(becomes));
  }
  return changed;
}

/** Writes the bug into a copy. @returns what takes it out again. */
export function applyMutant(root: string, mutant: Mutant): () => void {
  const changed = changedFiles(root, mutant);
  const before = [...changed.keys()].map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);
  for (const [file, text] of changed) writeFileSync(join(root, file), text);
  return () => {
    for (const [file, text] of before) writeFileSync(join(root, file), text);
  };
}
