import type {ModelVersionId} from '../../domain/ids.ts';
import {PPM, type Probability} from '../../domain/quantity.ts';
import {HOUR_MS, epochMs, type EpochMs} from '../../domain/time.ts';
import type {BackendName} from '../adapters/backend.ts';
import type {Heads} from '../adapters/head.ts';
import type {StoredModel} from '../adapters/model-store.ts';
import {openScorer} from '../adapters/scorer.ts';
import {componentIndex, type ClassSpec} from '../core/class-spec.ts';
import {featuresOf} from '../core/features.ts';
import {momentsOf, type JudgedRow, type TrainingMachine} from './dataset.ts';
import {samplingOf} from './head-rows.ts';

/** Odd in intervals, so that all hours of the day are judged. */
const JUDGE_EVERY = 17;

export interface FoldsToJudge {
  readonly spec: ClassSpec;
  /** Of the members of each fold; a machine is judged by those of its number modulo their count (fold-rows.ts). */
  readonly heads: readonly Heads[];
  readonly machines: readonly TrainingMachine[];
  readonly issuedAfterH: number;
  /** Only forecasts of later instants are judged. */
  readonly from: EpochMs;
  readonly backend: BackendName;
}

/** Lets each fold's members forecast the machines that they did not see. */
export async function judgeFolds({
  spec,
  heads,
  machines,
  issuedAfterH,
  from,
  backend,
}: FoldsToJudge): Promise<{readonly rows: JudgedRow[]; readonly curves: Probability[][]}> {
  const names = featuresOf(spec).map(({name}) => name);
  const models = heads.map((ofFold, fold): StoredModel => ({
    modelVersionId: `fold-${fold}` as ModelVersionId,
    equipmentClassId: spec.equipmentClassId,
    manifestSha256: '',
    featureSha256: '',
    features: {spec, names},
    heads: ofFold,
    card: {},
    cardMarkdown: '',
  }));
  const scorer = await openScorer({models, choice: backend, strict: true, threads: 1, explained: false});
  const rows: JudgedRow[] = [];
  const curves: Probability[][] = [];
  try {
    for (const [nth, machine] of machines.entries()) {
      const strideH = JUDGE_EVERY * spec.gridH;
      const every = samplingOf(machine, issuedAfterH, nth * spec.gridH);
      const to = epochMs(every.to - spec.horizonsH.at(-1)! * HOUR_MS);
      const requests = [...momentsOf(machine, spec, {...every, from, to, strideH})].flatMap(
        ({window, components}) => components.map(({component, outcome}) => ({window, component, outcome})),
      );
      const scores = await scorer.score(models[nth % models.length]!.modelVersionId, requests);
      requests.forEach(({component, outcome}, i) => {
        rows.push({place: componentIndex(spec, component), ageH: component.ageH, outcome, weight: strideH});
        curves.push(scores[i]!.cumulativePpm.map((ppm) => ppm / PPM));
      });
    }
  } finally {
    await scorer.close();
  }
  return {rows, curves};
}
