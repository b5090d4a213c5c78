import {chmodSync, mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A new folder that every user may enter: PostgreSQL does not run as root, and its cluster is to lie inside and go with the folder. */
export function openFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `forestock-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}
