import {invariant} from '../../domain/invariant.ts';
import {treesScore, type BoostedTrees} from '../core/boosted-trees.ts';
import {calibratedHazards, type HazardCalibration} from '../core/calibration.ts';
import {standardise, type Scaling} from '../core/features.ts';
import type {HeadName} from '../core/forecast-plan.ts';
import {logisticScore, type Logistic} from '../core/logistic.ts';
import type {Probability} from '../../domain/quantity.ts';

/** A network as plain data: what a worker thread needs to run it. */
export interface Network {
  readonly modelTopology: Record<string, unknown>;
  readonly weightSpecs: readonly {
    readonly name: string;
    readonly shape: number[];
    readonly dtype: 'float32';
  }[];
  readonly weights: ArrayBuffer;
}

/** One fitted model of a family, as plain data; networks and logistics read standardised inputs, trees raw ones. */
export type Member = {
  /** Those of the head's inputs that it reads, by their number; all of them where it does not say. */
  readonly reads?: readonly number[] | undefined;
} & (
  | {readonly family: 'network'; readonly network: Network}
  /** One for each of the head's logits. */
  | {readonly family: 'trees'; readonly outputs: readonly BoostedTrees[]}
  | {readonly family: 'logistic'; readonly outputs: readonly Logistic[]}
);

/** What answers one kind of question (core/forecast-plan.ts): members, whose logits are averaged and then calibrated. */
export interface Head {
  /** Those of the raw inputs that it reads, by index. */
  readonly inputs: readonly number[];
  readonly scaling: Scaling;
  readonly members: readonly Member[];
  /** The members are so many groups of equal size, one after another, each taught without another part of the machines; 1: not grouped. */
  readonly parts: number;
  readonly calibration: readonly HazardCalibration[];
}

/** A model's heads; `hazards` always, the others where its class has a visit calendar. */
export type Heads = Readonly<{hazards: Head} & Partial<Record<HeadName, Head>>>;

/** One component at one instant, as a head is asked about it. */
export interface HeadInput {
  readonly place: number;
  readonly raw: Float32Array;
}

/** Runs the network of the member with this index on standardised inputs. */
export type RunNetwork = (
  member: number,
  inputs: readonly Float32Array[],
) => Promise<readonly Float32Array[]>;

/** The head's inputs out of all. */
export function selectInputs(raw: Float32Array, inputs: readonly number[]): Float32Array {
  return Float32Array.from(inputs, (input) => raw[input]!);
}

/** What a head answers about one row. */
export interface HeadAnswer {
  /** Calibrated. */
  readonly hazards: readonly Probability[];
  /** What each part of the members alone would say. */
  readonly parts: readonly (readonly Probability[])[];
}

/** The answer to each row, in order. */
export async function askHead(
  head: Head,
  rows: readonly HeadInput[],
  runNetwork: RunNetwork,
): Promise<HeadAnswer[]> {
  invariant(head.members.length > 0, 'a head has members');
  const selected = rows.map(({raw, place}) => ({raw: selectInputs(raw, head.inputs), place}));
  const scaled = selected.map(({raw}) => standardise(raw, head.scaling));
  const outputs = head.calibration.length;
  const sums = rows.map(() => new Float64Array((1 + head.parts) * outputs)); // of all members, then of each part
  const membersAPart = head.members.length / head.parts;
  for (const [nth, member] of head.members.entries()) {
    const own = (1 + Math.floor(nth / membersAPart)) * outputs;
    const add = (sum: Float64Array, j: number, logit: number): void => {
      sum[j]! += logit;
      sum[own + j]! += logit;
    };
    const read = (inputs: Float32Array): Float32Array =>
      member.reads === undefined ? inputs : selectInputs(inputs, member.reads);
    if (member.family === 'network') {
      const logits = await runNetwork(nth, scaled.map(read));
      sums.forEach((sum, row) => logits[row]!.forEach((logit, j) => add(sum, j, logit)));
    } else {
      sums.forEach((sum, row) => {
        const input = read(member.family === 'trees' ? selected[row]!.raw : scaled[row]!);
        member.outputs.forEach((_, j) => {
          const logit =
            member.family === 'trees'
              ? treesScore(member.outputs[j]!, input)
              : logisticScore(member.outputs[j]!, selected[row]!.place, input);
          add(sum, j, logit);
        });
      });
    }
  }
  const answerOf = (sum: Float64Array, members: number): Probability[] =>
    calibratedHazards(
      sum.map((logits) => logits / members),
      head.calibration,
    );
  return sums.map((sum) => ({
    hazards: answerOf(sum.subarray(0, outputs), head.members.length),
    parts: Array.from({length: head.parts}, (_, part) =>
      answerOf(sum.subarray((1 + part) * outputs, (2 + part) * outputs), membersAPart),
    ),
  }));
}
