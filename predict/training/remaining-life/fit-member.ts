import type {BoostedTrees} from '../../core/boosted-trees.ts';
import {standardise, type Scaling} from '../../core/features.ts';
import type {Backend} from '../../adapters/backend.ts';
import type {Network} from '../../adapters/head.ts';
import {fromLayers} from '../../adapters/network-runner.ts';
import {fitTrees, squaredLoss, type TreesOptions} from '../trees/fit-trees.ts';
import {fitLifeNetwork, type LifeExample, type LifeNetworkOptions} from './life-network.ts';

/** Rows of lives as one block of memory that threads share. */
export interface LifeTable {
  readonly width: number;
  /** Raw inputs, row by row. */
  readonly inputs: Float32Array;
  /** Share of the cap that is left, 1 at and above it. */
  readonly target: Float32Array;
  readonly scaling: Scaling;
}

/** What one member of an ensemble learns from; all numbers are rows of the table. */
export interface MemberJob {
  readonly seed: number;
  readonly teach: Uint32Array;
  /** Decide when to stop; they teach nothing. */
  readonly stop: Uint32Array;
}

/** Two families that err differently: their mean beats both. */
export interface LifeMember {
  readonly network: Network;
  readonly trees: BoostedTrees;
}

type Settings<Options> = Omit<Options, 'seed'>;

export interface MemberSettings {
  readonly network: Settings<LifeNetworkOptions>;
  readonly trees: Settings<TreesOptions>;
}

/** One recipe for all units; chosen by held-back units of four sets of engines. */
export const MEMBER_SETTINGS: MemberSettings = {
  network: {
    units: [128, 64],
    dropout: 0.2,
    epochs: 16,
    batchRows: 128,
    learningRate: 3e-3,
    l2: 1e-5,
    inputNoise: 0.1,
    patience: 8,
  },
  trees: {
    trees: 200,
    patience: 40,
    rowShare: 0.5,
    inputShare: 0.3,
    leaves: 16,
    leafCurvatureMin: 1,
    leafRowsMin: 20,
    l2: 1,
    rate: 0.08,
  },
};

/** Equal jobs give equal members. */
export async function fitMember(
  {tf}: Backend,
  table: LifeTable,
  settings: MemberSettings,
  job: MemberJob,
): Promise<LifeMember> {
  const raw = (rows: Uint32Array): Float32Array[] => Array.from(rows, (row) => inputAt(table, row));
  const examples = (rows: Uint32Array): LifeExample[] =>
    Array.from(rows, (row) => ({
      input: standardise(inputAt(table, row), table.scaling),
      target: table.target[row]!,
      weight: 1,
    }));
  const [teach, stop] = [examples(job.teach), examples(job.stop)];
  const {model} = fitLifeNetwork(tf, teach, stop, {...settings.network, seed: job.seed});
  const network = await fromLayers(tf, model);
  model.dispose();
  const trees = fitTrees(
    {inputs: raw(job.teach), loss: squaredLoss(teach)},
    {inputs: raw(job.stop), loss: squaredLoss(stop)},
    {...settings.trees, seed: job.seed},
  );
  return {network, trees};
}

export function inputAt({inputs, width}: LifeTable, row: number): Float32Array {
  return inputs.subarray(row * width, (row + 1) * width);
}
