import {sigmoid} from '../../../predict/core/calibration.ts';
import {crossFit, type CrossFit} from '../../../predict/training/cross-fit.ts';
import type {FamilyRow} from '../../../predict/training/families/family.ts';
import {openFitStore, type FitStore} from '../../../predict/training/fit-store.ts';
import {foldRows} from '../../../predict/training/fold-rows.ts';
import {rowsOf} from '../../../predict/training/row-table.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';
import {tableOf} from './table-of.ts';

/** Fits of the training below: five folds of two families. */
export const FITS = 10;

/** A training that takes some seconds. */
export async function smallTraining(kept?: FitStore): Promise<CrossFit> {
  const random = seededGenerator(7);
  const rows = Array.from({length: 4000}, (): FamilyRow => {
    const input = Float32Array.from({length: 6}, () => random() * 4 - 2);
    const failed = random() < sigmoid(input[0]! + input[1]! * input[2]! - 1) ? 1 : 0;
    return {input, raw: input, place: 0, weight: 1, labels: {failed: [failed], exposure: [1]}};
  });
  const table = tableOf(rows, (row) => row >> 4);
  return crossFit(table, {
    families: [
      {
        name: 'network',
        settings: {
          units: 8,
          epochs: 3,
          batchRows: 128,
          learningRate: 1e-2,
          l2: 0,
          inputNoise: 0.1,
          patience: 3,
        },
      },
      {
        name: 'trees',
        settings: {
          trees: 40,
          patience: 40,
          rowShare: 0.7,
          inputShare: 1,
          leaves: 6,
          leafCurvatureMin: 1,
          leafRowsMin: 10,
          l2: 1,
          rate: 0.1,
        },
      },
    ],
    folds: foldRows(rowsOf(table), 5),
    seed: 1,
    start: {input: 0, slope: 0, intercepts: [-1]},
    backend: 'cpu',
    kept,
  });
}

/** As a program it keeps its fits in the folder that it is given. */
if (process.argv[1] === import.meta.filename)
  await smallTraining(await openFitStore(process.argv[2]!, Date.now()));
