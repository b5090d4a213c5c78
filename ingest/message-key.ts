import {createHash} from 'node:crypto';
import type {Hashes} from './core/identity.ts';

/**
 * SHA-256 of the UTF-8 bytes of the texts that core/identity.ts builds. Any sender can compute its own keys:
 *
 *   printf '["CH-0001",3,1841]' | sha256sum | cut -c1-32
 */
export const sha256Hashes: Hashes = {
  messageKey: (text) => sha256Hex(text).slice(0, 32),
  // 13 hex digits are 52 bits: safe in a double and in a bigint column.
  contentHash: (text) => Number.parseInt(sha256Hex(text).slice(0, 13), 16),
};

function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
