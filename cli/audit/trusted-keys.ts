import {createPublicKey} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {publicKeyFile} from '../../platform/audit/anchor-key.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {fileUnreadable, inputFault} from '../input-file.ts';

/** Whose anchors count: the files that were named, else the public half that the data folder keeps; [] where there is none. */
export function trustedKeys(
  files: readonly string[] | undefined,
  {dataDir}: Pick<Configuration, 'dataDir'>,
): readonly KeyObject[] {
  if (files !== undefined) return files.map(publicKeyIn);
  const kept = publicKeyFile(dataDir);
  return existsSync(kept) ? [publicKeyIn(kept)] : [];
}

function publicKeyIn(file: string): KeyObject {
  try {
    const key = createPublicKey(readFileSync(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw inputFault(file, 'the public half of an anchor key (PEM)', cause);
  }
  throw fileUnreadable(`file ${file}: it is no Ed25519 key; name the public half of an anchor key (PEM)`);
}
