import {randomBytes, scrypt, timingSafeEqual} from 'node:crypto';
import type {ScryptOptions} from 'node:crypto';

/**
 * What a guess costs: 2^15 · 8 · 128 bytes = 32 MiB, three times over (OWASP Password Storage Cheat Sheet: N 2^15, r 8, p 3).
 * A hash carries its own, so that raising them leaves old passwords good.
 */
const COST = {log2N: 15, r: 8, p: 3} as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Hashes at once: each takes a thread of libuv's four and 32 MiB. */
const AT_ONCE_MAX = 2;
/** Hashes that wait for their turn. */
const WAITING_MAX = 32;

export const PASSWORD_LENGTH = {min: 12, max: 200} as const;
/** Whatever guides, products and people put where a password has to stand. Compared without case, digits and signs at the ends. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'admin',
  'administrator',
  'changeme',
  'change-me',
  'default',
  'demo',
  'forestock',
  'letmein',
  'password',
  'passwort',
  'qwertyuiop',
  'secret',
  'welcome',
]);

/**
 * Why a password will not do; null: it does.
 *
 * Example: 'Password2026!' for planner-1 → a known one with signs around it; 'correct horse battery' → null.
 */
export function passwordProblem(password: string, name: string): string | null {
  const {min, max} = PASSWORD_LENGTH;
  if (password.length < min || password.length > max) return `a password has ${min} to ${max} characters`;
  const core = password.toLowerCase().replace(/^[^a-z]+|[^a-z]+$/g, '');
  if (WELL_KNOWN.has(core) || core === '')
    return 'this password is a known one with digits or signs around it';
  if (password.toLowerCase().includes(name.toLowerCase())) return `the password holds the name ${name}`;
  if (new Set(password).size < 5) return 'the password repeats a few characters';
  return null;
}

/** 'scrypt$15$8$3$<salt>$<key>', salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const {log2N, r, p} = COST;
  const key = await derive(password, salt, COST);
  return ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether the password is the hashed one; takes as long where there is no hash, so that the time tells nothing. */
export async function passwordFits(password: string, hash: string | null): Promise<boolean> {
  const [, log2N, r, p, salt = '', key = ''] = (hash ?? NOBODY).split('$');
  const cost = {log2N: Number(log2N), r: Number(r), p: Number(p)};
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && hash !== null;
}

const NOBODY = [
  'scrypt',
  COST.log2N,
  COST.r,
  COST.p,
  randomBytes(SALT_BYTES).toString('base64url'),
  randomBytes(KEY_BYTES).toString('base64url'),
].join('$');

let running = 0;
const waiting: (() => void)[] = [];

/** As many hashes as are worked on or wait. A caller that could be anybody is refused before it joins a long queue. */
export function passwordsAreBusy(): boolean {
  return waiting.length >= WAITING_MAX;
}

async function derive(
  password: string,
  salt: Buffer,
  {log2N, r, p}: {readonly log2N: number; readonly r: number; readonly p: number},
): Promise<Buffer> {
  if (running >= AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  // Node counts a little more than 128 · N · r bytes against its limit.
  const options: ScryptOptions = {N: 2 ** log2N, r, p, maxmem: 2 * 128 * 2 ** log2N * r};
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
