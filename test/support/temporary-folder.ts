import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** A folder of its own under the system's temporary one, gone with the process. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `forestock-${name}-`));
  process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
  return folder;
}
