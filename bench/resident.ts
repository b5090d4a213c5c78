import {readFileSync} from 'node:fs';
import {processTree} from '../chaos/process-tree.ts';

/** Proportional resident memory of a process and all below it: pages that PostgreSQL's processes share count once. Linux only. */
export function residentBytes(root: number): number {
  return processTree(root).reduce((sum, pid) => sum + bytesOf(pid), 0);
}

function bytesOf(pid: number): number {
  try {
    const [, kb] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return 1024 * Number(kb ?? 0);
  } catch {
    return 0; // it has ended meanwhile
  }
}
