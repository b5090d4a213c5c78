import {brokenReferences, duplicateKeys} from './check-keys.ts';
import {brokenRules} from './check-network.ts';
import {type MasterFolder, type RawFolder, readFolder} from './master-data.ts';
import {MASTER_TABLE_NAMES} from './master-tables.ts';
import {compareMistakes, type Mistake} from './mistake.ts';

export const EMPTY_FOLDER: MasterFolder = Object.fromEntries(
  MASTER_TABLE_NAMES.map((name) => [name, []]),
) as unknown as MasterFolder;

/**
 * A whole folder against itself and against what the database holds: everything wrong in one answer, in file and line order.
 * `folder` may be imported when `mistakes` is empty.
 */
export function checkFolder(
  raw: RawFolder,
  existing: MasterFolder = EMPTY_FOLDER,
): {readonly folder: MasterFolder; readonly mistakes: readonly Mistake[]} {
  const {folder, mistakes} = readFolder(raw);
  // A row whose cell is wrong is left out of `folder`; others that refer to it would be blamed for it, so references
  // and rules meet the tables with such rows only when the row itself is sound.
  const broken = new Set(mistakes.map(({file}) => file));
  const further = [
    ...duplicateKeys(folder),
    ...brokenReferences(folder, existing).filter(({what}) => !broken.has(targetOf(what))),
    ...brokenRules(folder, existing),
  ];
  return {folder, mistakes: [...mistakes, ...further].sort(compareMistakes)};
}

/** 'part_id "P-99" is not in part.csv' → 'part.csv'. */
function targetOf(what: string): string {
  return /is not in (\S+\.csv)$/.exec(what)?.[1] ?? '';
}
