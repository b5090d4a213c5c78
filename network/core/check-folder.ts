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
  const {folder, broken, mistakes} = readFolder(raw);
  // A row that is wrong in itself is there all the same: nobody who refers to it is to be blamed for it.
  const around = Object.fromEntries(
    MASTER_TABLE_NAMES.map((name) => [name, [...existing[name], ...broken[name]]]),
  ) as unknown as MasterFolder;
  const further = [
    ...duplicateKeys(folder),
    ...brokenReferences(folder, around),
    ...brokenRules(folder, around),
  ];
  return {folder, mistakes: [...mistakes, ...further].sort(compareMistakes)};
}
