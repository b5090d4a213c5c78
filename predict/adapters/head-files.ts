import {z} from 'zod';
import {BoostedTrees} from '../core/boosted-trees.ts';
import {HazardCalibration} from '../core/calibration.ts';
import {HEADS} from '../core/forecast-plan.ts';
import {Logistic} from '../core/logistic.ts';
import type {Head, Heads, Member} from './head.ts';

const WeightSpec = z.object({name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32')});
/** TensorFlow.js' own layout: the topology of its layers and where each weight lies in its bytes. */
const NetworkJson = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightSpecs: z.array(WeightSpec),
});
const Scaling = z.object({
  mean: z.array(z.number()).readonly(),
  sd: z.array(z.number().positive()).readonly(),
});

const Reads = z.object({reads: z.array(z.int().nonnegative()).min(1).optional()});
/** Of a network, which bytes of weights.bin are its weights. */
const MemberJson = z.discriminatedUnion('family', [
  Reads.extend({
    ...NetworkJson.shape,
    family: z.literal('network'),
    from: z.int().nonnegative(),
    bytes: z.int().positive(),
  }),
  Reads.extend({family: z.literal('trees'), outputs: z.array(BoostedTrees).min(1)}),
  Reads.extend({family: z.literal('logistic'), outputs: z.array(Logistic).min(1)}),
]);
const HeadJson = z
  .object({
    inputs: z.array(z.int().nonnegative()).min(1),
    scaling: Scaling,
    calibration: z.array(HazardCalibration).min(1),
    members: z.array(MemberJson).min(1),
    parts: z.int().positive().default(1),
  })
  .refine(({members, parts}) => members.length % parts === 0, 'its members are groups of equal size');
const HeadsJson = z.object({hazards: HeadJson, near: HeadJson.optional(), far: HeadJson.optional()});

type Files = Readonly<Record<string, Buffer>>;
/** Reads one of the files by a schema; what does not fit is a fault naming it. */
type ReadJson = <T>(schema: z.ZodType<T>, name: string) => T;

export function readHeads(read: ReadJson, files: Files): Heads {
  const stored = read(HeadsJson, 'heads.json');
  const weights = files['weights.bin']!;
  const head = ({members, ...rest}: z.infer<typeof HeadJson>): Head => ({
    ...rest,
    members: members.map((member): Member => {
      if (member.family !== 'network') return member;
      const {family, reads, modelTopology, weightSpecs, from, bytes} = member;
      const own = weights.subarray(from, from + bytes);
      return {family, reads, network: {modelTopology, weightSpecs, weights: copy(own)}};
    }),
  });
  return {
    hazards: head(stored.hazards),
    ...(stored.near && {near: head(stored.near)}),
    ...(stored.far && {far: head(stored.far)}),
  };
}

export function writeHeads(heads: Heads): Files {
  const weights: Buffer[] = [];
  let from = 0;
  const stored = HEADS.flatMap((name) => {
    const head = heads[name];
    if (head === undefined) return [];
    const members = head.members.map((member) => {
      if (member.family !== 'network') return member;
      const {network, ...rest} = member;
      const {weights: own, ...layers} = network;
      weights.push(Buffer.from(own));
      const range = {from, bytes: own.byteLength};
      from += own.byteLength;
      return {...rest, ...layers, ...range};
    });
    return [[name, {...head, members}] as const];
  });
  return {
    // On one line: indented, thousands of tree nodes would be mostly blanks.
    'heads.json': Buffer.from(`${JSON.stringify(Object.fromEntries(stored))}\n`),
    'weights.bin': Buffer.concat(weights),
  };
}

export function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

function copy(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
