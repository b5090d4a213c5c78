import {existsSync, readFileSync, truncateSync} from 'node:fs';
import {open} from 'node:fs/promises';
import path from 'node:path';
import {OperationalFault} from '../../domain/fault.ts';
import {auditFolder} from './anchor-key.ts';
import {Anchor} from './anchors.ts';

/** One anchor a line, appended only: copy it to where the database's owner cannot write. */
export function anchorFile(dataDir: string): string {
  return path.join(auditFolder(dataDir), 'anchors.ndjson');
}

/**
 * Every anchor of a file; [] where there is none. A last line without its end was cut by a crash and does not count.
 *
 * @throws OperationalFault 'anchors-unreadable'
 */
export function readAnchors(file: string): readonly Anchor[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => parseAnchor(line, `${file}:${index + 1}`));
}

/** Takes away a last line that a crash has cut, so that the next one begins where it should. */
export function mendAnchorFile(file: string): void {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole < bytes.length) truncateSync(file, whole);
}

/** On disk when this returns. */
export async function appendAnchors(file: string, anchors: readonly Anchor[]): Promise<void> {
  const handle = await open(file, 'a', 0o644);
  try {
    await handle.appendFile(anchors.map((anchor) => `${JSON.stringify(anchor)}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseAnchor(line: string, where: string): Anchor {
  try {
    return Anchor.parse(JSON.parse(line));
  } catch (cause) {
    throw new OperationalFault(
      'anchors-unreadable',
      `${where}: no anchor stands there, so the file was changed; take the line away, or bring the file back from a copy`,
      {retryable: false, cause},
    );
  }
}
