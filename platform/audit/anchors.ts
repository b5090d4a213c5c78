import {createHash, createPublicKey, sign, verify} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {z} from 'zod';
import type {Seal} from './chain.ts';

/** A signed statement: at this wall time, seal n was this. Kept elsewhere, it shows that the chain behind it was rewritten. */
export const Anchor = z.object({
  sealNo: z.int().positive(),
  seal: z.string().regex(/^[0-9a-f]{64}$/, 'expected 32 bytes in hex'),
  anchoredAt: z.iso.datetime().describe('Wall time'),
  keyId: z.string().describe('First 16 hex digits of the SHA-256 of the public key'),
  signature: z.base64().describe('Ed25519'),
});
export type Anchor = z.infer<typeof Anchor>;

export function signAnchor({sealNo, seal}: Seal, anchoredAt: string, privateKey: KeyObject): Anchor {
  const statement = {sealNo, seal, anchoredAt, keyId: keyIdOf(privateKey)};
  return {...statement, signature: sign(null, bytesOf(statement), privateKey).toString('base64')};
}

/** Whether one of these keys has signed it. */
export function isSignedBy(anchor: Anchor, publicKeys: readonly KeyObject[]): boolean {
  const key = publicKeys.find((one) => keyIdOf(one) === anchor.keyId);
  return key !== undefined && verify(null, bytesOf(anchor), key, Buffer.from(anchor.signature, 'base64'));
}

/** The name of a key pair, from either half. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const bytes = publicKey.export({type: 'spki', format: 'der'});
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** What is signed: the fields as a JSON array without blanks, behind a line that says what it is. */
function bytesOf({sealNo, seal, anchoredAt, keyId}: Omit<Anchor, 'signature'>): Buffer {
  return Buffer.from(`forestock audit anchor 1\n${JSON.stringify([sealNo, seal, anchoredAt, keyId])}`);
}
