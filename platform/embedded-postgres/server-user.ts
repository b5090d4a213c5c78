import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** The account PostgreSQL runs under. Null: our own. PostgreSQL refuses to run as root, so root lends it `nobody`. */
export type ServerUser = {readonly uid: number; readonly gid: number} | null;

export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return null;
  const nobody = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  // 65534: what Linux calls nobody when /etc/passwd does not. macOS writes −2, which is 2³² − 2.
  return {uid: Number(nobody?.[1] ?? 65_534) >>> 0, gid: Number(nobody?.[2] ?? 65_534) >>> 0};
}

/** Spawn options under which a server process runs; cwd is '/' because ours may be closed to that user. */
export function spawnAs(user: ServerUser): {cwd: string; uid?: number; gid?: number} {
  return user === null ? {cwd: '/'} : {cwd: '/', uid: user.uid, gid: user.gid};
}

/** Whether the user may enter the folder or run the file. The kernel answers: modes, ACLs and mounts all count. */
export function reachableBy(user: ServerUser, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], spawnAs(user)).status === 0;
}
