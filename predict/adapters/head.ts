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

/** Calibrated hazards of each row, in order. */
export async function askHead(
  head: Head,
  rows: readonly HeadInput[],
  runNetwork: RunNetwork,
): Promise<Probability[][]> {
  invariant(head.members.length > 0, 'a head has members');
  const selected = rows.map(({raw, place}) => ({raw: selectInputs(raw, head.inputs), place}));
  const scaled = selected.map(({raw}) => standardise(raw, head.scaling));
  const sums = rows.map(() => new Float64Array(head.calibration.length));
  for (const [nth, member] of head.members.entries()) {
    const read = (inputs: Float32Array): Float32Array =>
      member.reads === undefined ? inputs : selectInputs(inputs, member.reads);
    if (member.family === 'network') {
      const logits = await runNetwork(nth, scaled.map(read));
      sums.forEach((sum, row) => logits[row]!.forEach((logit, j) => (sum[j]! += logit)));
    } else {
      sums.forEach((sum, row) => {
        const input = read(member.family === 'trees' ? selected[row]!.raw : scaled[row]!);
        member.outputs.forEach((_, j) => {
          sum[j]! +=
            member.family === 'trees'
              ? treesScore(member.outputs[j]!, input)
              : logisticScore(member.outputs[j]!, selected[row]!.place, input);
        });
      });
    }
  }
  return sums.map((sum) =>
    calibratedHazards(
      sum.map((logit) => logit / head.members.length),
      head.calibration,
    ),
  );
}
