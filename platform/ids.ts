import {createHash} from 'node:crypto';
import {v5} from 'uuid';

/** Namespace of every id that Forestock derives: UUIDv5 of the DNS name 'forestock.invalid'. */
const FORESTOCK = v5('forestock.invalid', v5.DNS);

/** The id of what a cause brought about: the same cause, said twice, has one id. Example: causeId('decision', 'G-1', 7). */
export function causeId(...cause: readonly (string | number)[]): string {
  return v5(JSON.stringify(cause), FORESTOCK);
}

export function sha256(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

/** JSON with sorted keys and no blanks: equal values give equal bytes. Only plain data; undefined keys are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
