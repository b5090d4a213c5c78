import {openBackend, type BackendOptions} from '../adapters/backend.ts';
import {saveModel} from '../adapters/model-store.ts';
import type {ModelCard} from './card.ts';
import type {TrainingMachine} from './dataset.ts';
import {defaultFamilies} from './default-families.ts';
import {openFitStore} from './fit-store.ts';
import {openHistoryShelf} from './history-shelf.ts';
import {trainEnsemble, type EnsembleOptions} from './train-ensemble.ts';
import {classesOf, type TrainingTarget} from './training-target.ts';

export interface TrainModelsOptions extends BackendOptions {
  readonly targets: readonly TrainingTarget[];
  /** Read once, machine by machine; machines of other classes are passed over. */
  readonly histories: Iterable<TrainingMachine> | AsyncIterable<TrainingMachine>;
  readonly machineCount: number;
  /** What competes; default: default-families.ts. */
  readonly familiesOf?: EnsembleOptions['familiesOf'];
  readonly seed: number;
  readonly source: string;
  /** Where the versions go, one folder each. */
  readonly out: string;
  /** Where finished fits are kept until their model is written. */
  readonly fits?: string | undefined;
  /** `share` of the whole work, 0 to 1. */
  readonly onProgress?: (step: string, share: number) => void;
}

export interface TrainedModel {
  readonly modelVersionId: string;
  readonly manifestSha256: string;
  readonly backend: string;
  readonly card: ModelCard;
}

/** How the time divides, measured on the reference fleet; only the ETA leans on it. */
const HISTORY_SHARE = 0.4;
/** What teaches ends here, what judges begins: a model is for the months after those that it learnt from. */
const CUT_SHARE = 0.6;

/** Trains one model per equipment class or pool and writes each as a new version. */
export async function trainModels(options: TrainModelsOptions): Promise<readonly TrainedModel[]> {
  const {
    targets,
    histories,
    machineCount,
    familiesOf = defaultFamilies,
    onProgress,
    seed,
    source,
    out,
    fits,
  } = options;
  const backend = await openBackend(options);
  const kept = fits === undefined ? undefined : await openFitStore(fits, Date.now());
  const byClass = new Map(targets.flatMap(classesOf).map((classId) => [classId, [] as TrainingMachine[]]));
  const shelf = openHistoryShelf();
  const trained: TrainedModel[] = [];
  try {
    let read = 0;
    for await (const machine of histories) {
      byClass.get(machine.classId)?.push(shelf.put(machine));
      read += 1;
      onProgress?.('reading histories', (HISTORY_SHARE * read) / machineCount);
    }
    for (const [nth, target] of targets.entries()) {
      const {content, card} = await trainEnsemble({
        target,
        machines: classesOf(target).flatMap((classId) => byClass.get(classId)!),
        familiesOf,
        backend: backend.name,
        seed,
        issuedAfterH: 0,
        cutShare: CUT_SHARE,
        source,
        kept,
        onProgress: (step, share) =>
          onProgress?.(
            `${target.equipmentClassId}: ${step}`,
            HISTORY_SHARE + ((1 - HISTORY_SHARE) * (nth + share)) / targets.length,
          ),
      });
      const {modelVersionId, manifestSha256} = await saveModel(out, content);
      await kept?.clear();
      trained.push({modelVersionId, manifestSha256, backend: backend.name, card});
    }
  } finally {
    shelf.close();
  }
  return trained;
}
