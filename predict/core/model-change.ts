import type {ModelVersionId} from '../../domain/ids.ts';
import {ok, refused, type Result} from '../../domain/result.ts';
import {NEXT_MODEL_STATE, holder, predecessor, standings} from './model-lifecycle.ts';
import type {ModelEvent, ModelState, ModelStep, Seat} from './model-lifecycle.ts';

/** One row that a change adds to the history. */
export interface ModelChange {
  readonly modelVersionId: ModelVersionId;
  readonly equipmentClassId: string;
  readonly event: ModelEvent | 'enter';
  readonly state: ModelState;
}

type Changed = Result<readonly ModelChange[]>;

/** A version at one equipment class that it covers. */
export type ModelAt = Pick<ModelStep, 'modelVersionId' | 'equipmentClassId'>;

/** One event of one version. */
export function moved(
  history: readonly ModelStep[],
  {modelVersionId, equipmentClassId}: ModelAt,
  event: ModelEvent,
): Changed {
  // prettier-ignore
  const now = standings(history).find(
    (step) => step.modelVersionId === modelVersionId && step.equipmentClassId === equipmentClassId,
  );
  if (now === undefined)
    return refused(
      'unknown-model',
      `no model ${modelVersionId} is registered for ${equipmentClassId}; see forestock model list`,
    );
  const state = NEXT_MODEL_STATE[now.state][event];
  if (state === null)
    return refused(
      'model-state',
      `${modelVersionId} is ${now.state} for ${equipmentClassId}: ${event} is not open to it`,
    );
  return ok([{modelVersionId, equipmentClassId, event, state}]);
}

/** The version takes its seat at each of the classes; whoever holds one leaves it. */
export function promotion(
  history: readonly ModelStep[],
  modelVersionId: ModelVersionId,
  equipmentClassIds: readonly string[],
): Changed {
  const changes: ModelChange[] = [];
  for (const equipmentClassId of equipmentClassIds) {
    const pooled = history.some((step) => step.modelVersionId === modelVersionId && step.pooled);
    const before = holder(history, {equipmentClassId, pooled});
    const leaves =
      before === undefined || before.modelVersionId === modelVersionId
        ? ok([])
        : moved(history, before, 'replace');
    const comes = moved(history, {modelVersionId, equipmentClassId}, 'promote');
    if (!comes.ok) return comes;
    if (!leaves.ok) return leaves;
    changes.push(...leaves.value, ...comes.value);
  }
  return ok(changes);
}

/** The seat goes back to the version that held it before; where none did, its holder falls back and the ladder goes lower. */
export function rollback(history: readonly ModelStep[], seat: Seat): Changed {
  const {equipmentClassId} = seat;
  const now = holder(history, seat);
  const before = predecessor(history, seat);
  if (now === undefined || (before === undefined && now.state === 'fallen-back'))
    return refused(
      'nothing-to-roll-back',
      `no model forecasts ${equipmentClassId}, and none did before; see forestock model list`,
    );
  if (before === undefined) return moved(history, now, 'fall-back');
  const leaves = moved(history, now, 'withdraw');
  const comes = moved(history, {modelVersionId: before, equipmentClassId}, 'restore');
  if (!leaves.ok) return leaves;
  return comes.ok ? ok([...leaves.value, ...comes.value]) : comes;
}

/** A version that is new to the registry: champion where it passes its gate and nobody ever held the seat, else shadow. */
export function entry(
  history: readonly ModelStep[],
  {
    modelVersionId,
    pooled,
    passed,
    equipmentClassIds,
  }: {
    readonly modelVersionId: ModelVersionId;
    readonly pooled: boolean;
    readonly passed: boolean;
    readonly equipmentClassIds: readonly string[];
  },
): readonly ModelChange[] {
  return equipmentClassIds.map((equipmentClassId) => {
    const isFirst = holder(history, {equipmentClassId, pooled}) === undefined;
    const state = passed && isFirst ? 'champion' : 'shadow';
    return {modelVersionId, equipmentClassId, event: 'enter', state};
  });
}
