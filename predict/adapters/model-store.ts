import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import {ModelVersionId} from '../../domain/ids.ts';
import {canonicalSpec, ClassSpec} from '../core/class-spec.ts';
import {featuresOf} from '../core/features.ts';
import type {Heads} from './head.ts';
import {json, readHeads, writeHeads} from './head-files.ts';

/** Those that the manifest holds the SHA-256 of. */
const FILES = ['heads.json', 'weights.bin', 'features.json', 'card.json', 'card.md'] as const;
/** 1 held one network in files of its own; it is not read any more. */
const FORMAT = 2;
type Files = Readonly<Record<string, Buffer>>;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Manifest = z.object({
  format: z.literal(FORMAT),
  modelVersionId: ModelVersionId,
  equipmentClassId: z.string(),
  featureSha256: sha256Hex,
  files: z.record(z.string(), sha256Hex),
});
type Manifest = z.infer<typeof Manifest>;

const Features = z.object({spec: ClassSpec, names: z.array(z.string())});

/** What a trainer hands over. */
export interface ModelContent {
  readonly features: z.infer<typeof Features>;
  readonly heads: Heads;
  readonly card: Record<string, unknown>;
  readonly cardMarkdown: string;
}

/** A version read from disk and verified; immutable. */
export interface StoredModel extends ModelContent {
  readonly modelVersionId: ModelVersionId;
  readonly equipmentClassId: string;
  readonly manifestSha256: string;
  readonly featureSha256: string;
}

/** Every version in the folder, by name; each is verified, and one bad file is an OperationalFault naming it. */
export async function loadModels(folder: string): Promise<readonly StoredModel[]> {
  return Promise.all((await modelFolders(folder)).map((version) => loadModel(join(folder, version))));
}

/** The names of the versions in the folder, sorted. No folder, no models: the age laws forecast alone. */
export async function modelFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {withFileTypes: true}).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw fault(
      `models folder ${folder} cannot be read: ${messageOf(cause)}`,
      'let the service read it, or set FORESTOCK_MODELS to another',
      cause,
    );
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Reads one version and proves that nothing in it changed since training and that today's features are its features. */
export async function loadModel(folder: string): Promise<StoredModel> {
  const manifestBytes = await read(folder, 'manifest.json');
  const manifest = parse(Manifest, manifestBytes, folder, 'manifest.json');
  const files: Record<string, Buffer> = {};
  for (const name of FILES) {
    const bytes = await read(folder, name);
    const [found, promised] = [sha256(bytes), manifest.files[name] ?? ''];
    if (found !== promised) {
      throw fault(
        `${join(folder, name)} has SHA-256 ${found.slice(0, 12)}…, its manifest says ${promised.slice(0, 12)}…`,
        'restore the folder from where it was released, or train again with `forestock train`',
      );
    }
    files[name] = bytes;
  }
  const named = versionOf(manifest.equipmentClassId, manifest.files);
  if (named !== manifest.modelVersionId) {
    throw fault(
      `${folder} says that it is ${manifest.modelVersionId}, but its content is that of ${named}`,
      'restore the folder from where it was released: a version is never edited',
    );
  }
  const json = <T>(schema: z.ZodType<T>, name: string): T => parse(schema, files[name]!, folder, name);
  const features = json(Features, 'features.json');
  const featureSha256 = featureHash(features.spec);
  if (featureSha256 !== manifest.featureSha256) {
    throw fault(
      `${folder} was trained on other features than this release computes`,
      'train again with `forestock train`, or run the release it came with',
    );
  }
  return {
    modelVersionId: manifest.modelVersionId,
    equipmentClassId: manifest.equipmentClassId,
    manifestSha256: sha256(manifestBytes),
    featureSha256,
    features,
    heads: readHeads(json, files),
    card: json(z.record(z.string(), z.unknown()), 'card.json'),
    cardMarkdown: files['card.md']!.toString('utf8'),
  };
}

/** Writes a version under `folder`; its name ends in the hash of its content, so equal training gives an equal name. */
export async function saveModel(folder: string, content: ModelContent): Promise<StoredModel> {
  const {features, heads, card, cardMarkdown} = content;
  const files: Files = {
    ...writeHeads(heads),
    'features.json': json(features),
    'card.json': json(card),
    'card.md': Buffer.from(cardMarkdown),
  };
  const hashes = Object.fromEntries(FILES.map((name) => [name, sha256(files[name]!)]));
  const {equipmentClassId} = features.spec;
  const modelVersionId = versionOf(equipmentClassId, hashes);
  const featureSha256 = featureHash(features.spec);
  const manifest: Manifest = {format: FORMAT, modelVersionId, equipmentClassId, featureSha256, files: hashes};
  const version = join(folder, modelVersionId);
  await mkdir(version, {recursive: true});
  for (const name of FILES) await writeFile(join(version, name), files[name]!);
  await writeFile(join(version, 'manifest.json'), json(manifest)); // last: a half-written version has no manifest
  return loadModel(version);
}

/** Equal content has an equal name, and an edited file needs another one. */
function versionOf(equipmentClassId: string, hashes: Manifest['files']): ModelVersionId {
  return ModelVersionId.parse(`${equipmentClassId}-${sha256(json(hashes)).slice(0, 8)}`);
}

/** Of the class's description and of the inputs that this release builds from it. */
export function featureHash(spec: ClassSpec): string {
  const names = featuresOf(spec).map(({name, group}) => `${group} ${name}`);
  return sha256(Buffer.from(`${canonicalSpec(spec)}\n${names.join('\n')}`));
}

async function read(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch((cause: unknown) => {
    throw fault(`${join(folder, name)} cannot be read: ${messageOf(cause)}`, 'restore the folder', cause);
  });
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer, folder: string, name: string): T {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw fault(
      `${join(folder, name)} is not what a model folder holds: ${whatIsWrong(cause)}`,
      'restore the folder',
      cause,
    );
  }
}

/** The first thing that is wrong and its place: a file of another form has thousands. */
function whatIsWrong(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return messageOf(cause);
  const [first] = cause.issues;
  return `${first!.path.join('.') || 'the whole'}: ${first!.message}`;
}

function fault(what: string, cure: string, cause?: unknown): OperationalFault {
  return new OperationalFault('model-unreadable', `${what}; ${cure}`, {retryable: false, cause});
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
