import {createPrivateKey, createPublicKey, generateKeyPairSync} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {OperationalFault, messageOf} from '../../domain/fault.ts';

/** Where this installation keeps what witnesses its audit trail. */
export function auditFolder(dataDir: string): string {
  return path.join(path.resolve(dataDir), 'audit');
}

/**
 * The Ed25519 key that signs anchors: the configured one, else the one in the data folder, made at the first start for its owner
 * alone. Its public half lies beside the anchors.
 *
 * @param configured  PKCS #8 in DER, base64.
 * @throws OperationalFault 'anchor-key-unsafe', 'anchor-key-unreadable'
 */
export function openAnchorKey({
  dataDir,
  auditKey,
}: {
  readonly dataDir: string;
  readonly auditKey?: string | undefined;
}): KeyObject {
  const folder = auditFolder(dataDir);
  mkdirSync(path.resolve(dataDir), {recursive: true}); // an embedded server needs to come in here
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const file = path.join(folder, 'anchor-key.pem');
  const key = auditKey === undefined ? keptKey(file) : parsed(auditKey);
  const publicHalf = createPublicKey(key).export({type: 'spki', format: 'pem'});
  writeFileSync(publicKeyFile(dataDir), publicHalf);
  return key;
}

/** The public half, for whoever verifies; without it a copy of the trail is worth as little as its copyist's word. */
export function publicKeyFile(dataDir: string): string {
  return path.join(auditFolder(dataDir), 'anchor-key.pub.pem');
}

/** Whether a configured key is one: an Ed25519 key as PKCS #8 in DER, base64. */
export function isAnchorKey(text: string): boolean {
  try {
    return parsed(text).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function parsed(text: string): KeyObject {
  return createPrivateKey({key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der'});
}

const OWNER_ONLY = 0o600;

function keptKey(file: string): KeyObject {
  if (!existsSync(file)) {
    const {privateKey} = generateKeyPairSync('ed25519');
    const pem = privateKey.export({type: 'pkcs8', format: 'pem'});
    try {
      writeFileSync(file, pem, {mode: OWNER_ONLY, flag: 'wx'}); // of two starts at once the first has made it
      chmodSync(file, OWNER_ONLY);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if ((statSync(file).mode & 0o077) !== 0)
    throw new OperationalFault(
      'anchor-key-unsafe',
      `${file} can be read by others, so anchors signed by it prove nothing: chmod 600 it if nobody has, else take it away and a new one is made`,
      {retryable: false},
    );
  try {
    return createPrivateKey(readFileSync(file));
  } catch (cause) {
    throw new OperationalFault(
      'anchor-key-unreadable',
      `${file} is no private key (${messageOf(cause)}); bring it back from a backup, or take it away and a new one is made`,
      {retryable: false, cause},
    );
  }
}
