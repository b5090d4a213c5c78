import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import {ModelVersionId} from '../../domain/ids.ts';
import {HazardCalibration} from '../core/calibration.ts';
import {canonicalSpec, ClassSpec} from '../core/class-spec.ts';
import {featuresOf} from '../core/features.ts';

/** The files of a version; the manifest holds the SHA-256 of each. */
export const MODEL_FILES = [
  'model.json',
  'weights.bin',
  'features.json',
  'calibration.json',
  'card.json',
  'card.md',
] as const;
type ModelFile = (typeof MODEL_FILES)[number];

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Manifest = z.object({
  format: z.literal(1),
  modelVersionId: ModelVersionId,
  equipmentClassId: z.string(),
  featureSha256: sha256Hex,
  files: z.record(z.enum(MODEL_FILES), sha256Hex),
});
type Manifest = z.infer<typeof Manifest>;

const WeightSpec = z.object({name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32')});
/** TensorFlow.js' own layout: the topology of its layers and where each weight lies in weights.bin. */
const ModelJson = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightSpecs: z.array(WeightSpec),
});
const FeaturesJson = z.object({
  spec: ClassSpec,
  names: z.array(z.string()),
  scaling: z.object({mean: z.array(z.number()).readonly(), sd: z.array(z.number().positive()).readonly()}),
});
const CalibrationJson = z.object({hazards: z.array(HazardCalibration)});

/** A network as plain data: what a worker thread needs to run it. */
export interface Network {
  readonly modelTopology: Record<string, unknown>;
  readonly weightSpecs: readonly z.infer<typeof WeightSpec>[];
  readonly weights: ArrayBuffer;
}

/** What a trainer hands over. */
export interface ModelContent {
  readonly network: Network;
  readonly features: z.infer<typeof FeaturesJson>;
  readonly calibration: z.infer<typeof CalibrationJson>;
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
  const files = new Map<ModelFile, Buffer>();
  for (const name of MODEL_FILES) {
    const bytes = await read(folder, name);
    const found = sha256(bytes);
    if (found !== manifest.files[name]) {
      throw fault(
        `${join(folder, name)} has SHA-256 ${found.slice(0, 12)}…, its manifest says ${manifest.files[name].slice(0, 12)}…`,
        'restore the folder from where it was released, or train again with `forestock train`',
      );
    }
    files.set(name, bytes);
  }
  const features = parse(FeaturesJson, files.get('features.json')!, folder, 'features.json');
  const featureSha256 = featureHash(features.spec);
  if (featureSha256 !== manifest.featureSha256) {
    throw fault(
      `${folder} was trained on other features than this release computes`,
      'train again with `forestock train`, or run the release it came with',
    );
  }
  const {modelTopology, weightSpecs} = parse(ModelJson, files.get('model.json')!, folder, 'model.json');
  return {
    modelVersionId: manifest.modelVersionId,
    equipmentClassId: manifest.equipmentClassId,
    manifestSha256: sha256(manifestBytes),
    featureSha256,
    network: {modelTopology, weightSpecs, weights: new Uint8Array(files.get('weights.bin')!).buffer},
    features,
    calibration: parse(CalibrationJson, files.get('calibration.json')!, folder, 'calibration.json'),
    card: parse(z.record(z.string(), z.unknown()), files.get('card.json')!, folder, 'card.json'),
    cardMarkdown: files.get('card.md')!.toString('utf8'),
  };
}

/** Writes a version under `folder`; its name ends in the hash of its content, so equal training gives an equal name. */
export async function saveModel(folder: string, content: ModelContent): Promise<StoredModel> {
  const {network, features, calibration, card, cardMarkdown} = content;
  const {modelTopology, weightSpecs} = network;
  const files: Record<ModelFile, Buffer> = {
    'model.json': json({modelTopology, weightSpecs}),
    'weights.bin': Buffer.from(network.weights),
    'features.json': json(features),
    'calibration.json': json(calibration),
    'card.json': json(card),
    'card.md': Buffer.from(cardMarkdown),
  };
  const hashes = Object.fromEntries(
    MODEL_FILES.map((name) => [name, sha256(files[name])]),
  ) as Manifest['files'];
  const {equipmentClassId} = features.spec;
  const modelVersionId = `${equipmentClassId}-${sha256(json(hashes)).slice(0, 8)}` as ModelVersionId;
  const featureSha256 = featureHash(features.spec);
  const manifest: Manifest = {format: 1, modelVersionId, equipmentClassId, featureSha256, files: hashes};
  const version = join(folder, modelVersionId);
  await mkdir(version, {recursive: true});
  for (const name of MODEL_FILES) await writeFile(join(version, name), files[name]);
  await writeFile(join(version, 'manifest.json'), json(manifest)); // last: a half-written version has no manifest
  return loadModel(version);
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
      `${join(folder, name)} is not what a model folder holds: ${messageOf(cause)}`,
      'restore it',
      cause,
    );
  }
}

function fault(what: string, cure: string, cause?: unknown): OperationalFault {
  return new OperationalFault('model-unreadable', `${what}; ${cure}`, {retryable: false, cause});
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
