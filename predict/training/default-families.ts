import type {ClassSpec} from '../core/class-spec.ts';
import type {HeadName} from '../core/forecast-plan.ts';
import type {Family} from './families/family.ts';

/**
 * Two sizes for two kinds of question: many rows and many inputs, or few rows that overfit at once. Before a visit a network
 * never served beside trees and logistics (decision 25).
 */
const LARGE: readonly Family[] = [
  {
    name: 'trees',
    settings: {
      trees: 200,
      patience: 25,
      rowShare: 0.7,
      inputShare: 0.4,
      leaves: 12,
      leafCurvatureMin: 1,
      leafRowsMin: 20,
      l2: 1,
      rate: 0.08,
    },
  },
  {name: 'logistic'},
];

const SMALL: readonly Family[] = [
  {
    name: 'network',
    settings: {
      units: 12,
      epochs: 20,
      batchRows: 256,
      learningRate: 2e-3,
      l2: 1e-4,
      inputNoise: 0.3,
      patience: 5,
    },
  },
  {
    name: 'trees',
    settings: {
      trees: 150,
      patience: 25,
      rowShare: 0.7,
      inputShare: 0.6,
      leaves: 4,
      leafCurvatureMin: 3,
      leafRowsMin: 30,
      l2: 3,
      rate: 0.06,
    },
  },
  {name: 'logistic'},
];

/** Hazards stand in while a machine's calendar is unknown; one family is enough where another head answers nearly all. */
const STAND_IN: readonly Family[] = [
  {
    name: 'network',
    settings: {
      units: 32,
      epochs: 8,
      batchRows: 128,
      learningRate: 2e-3,
      l2: 3e-5,
      inputNoise: 0.4,
      patience: 3,
    },
  },
];

/** Hazards that are all a class is asked: many rows over a year, in which few have a sign. */
const ALONE: readonly Family[] = [
  {
    name: 'network',
    settings: {
      units: 32,
      epochs: 16,
      batchRows: 512,
      learningRate: 1e-3,
      l2: 3e-5,
      inputNoise: 1,
      patience: 4,
    },
  },
  {
    name: 'trees',
    settings: {
      trees: 120,
      patience: 20,
      rowShare: 0.5,
      inputShare: 0.3,
      leaves: 8,
      leafCurvatureMin: 1,
      leafRowsMin: 50,
      l2: 3,
      learnsUnheard: true,
      rate: 0.08,
    },
  },
];

/** Where steps of the window are inputs. A recurrent network takes a pass a step: some times the others' processor time. */
const SEQUENCES: readonly Family[] = [
  {
    name: 'convolution',
    settings: {
      layers: [
        {filters: 12, kernel: 4, stride: 2},
        {filters: 12, kernel: 4, stride: 2},
      ],
      units: 24,
      epochs: 10,
      batchRows: 512,
      learningRate: 1e-3,
      l2: 3e-5,
      inputNoise: 0.5,
      patience: 3,
    },
  },
  {
    name: 'recurrent',
    settings: {
      reads: 12,
      units: 24,
      epochs: 6,
      batchRows: 512,
      learningRate: 2e-3,
      l2: 3e-5,
      inputNoise: 0.5,
      patience: 3,
    },
  },
];

/** What competes for each head of a class. */
export function defaultFamilies(
  head: HeadName,
  {visits, sequenceStepH}: Pick<ClassSpec, 'visits' | 'sequenceStepH'>,
): readonly Family[] {
  if (head === 'far') return SMALL; // what stays as it is has no sequence
  const plain = head === 'near' ? LARGE : visits === undefined ? ALONE : STAND_IN;
  return sequenceStepH === undefined ? plain : [...plain, ...SEQUENCES];
}
