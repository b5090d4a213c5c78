import {hash} from 'node:crypto';
import type {KeyOf} from './core/identity.ts';

/**
 * SHA-256 of the UTF-8 bytes of the texts that core/identity.ts builds. Any sender can compute its own keys:
 *
 *   printf '["CH-0001",3,1841]' | sha256sum | cut -c1-32
 */
export const sha256Key: KeyOf = (text) => hash('sha256', text, 'hex').slice(0, 32);
