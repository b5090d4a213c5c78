import {ok, refused, type Result} from '../domain/result.ts';
import {moved, promotion, rollback} from './core/model-change.ts';
import type {ModelChange} from './core/model-change.ts';
import {holder, standings} from './core/model-lifecycle.ts';
import type {ModelEvent, ModelStep} from './core/model-lifecycle.ts';
import {cardChecks, liveEvidence} from './model-evidence.ts';
import type {ClassEvidence, Examination} from './model-evidence.ts';
import type {Because, ModelDeskPorts} from './model-ports.ts';

/** Changes of state on an operator's word. Predict's processes follow them by themselves. */
export class ModelDesk {
  readonly #ports: ModelDeskPorts;

  constructor(ports: ModelDeskPorts) {
    this.#ports = ports;
  }

  /** @param classIds of those that it covers; all when left out. */
  async examine(modelVersionId: string, classIds?: readonly string[]): Promise<Result<Examination>> {
    const model = (await this.#ports.registered()).find((one) => one.modelVersionId === modelVersionId);
    if (model === undefined) return unknown(modelVersionId);
    const foreign = classIds?.find((classId) => !model.equipmentClassIds.includes(classId));
    if (foreign !== undefined)
      return refused(
        'model-class',
        `${modelVersionId} covers ${model.equipmentClassIds.join(' and ')}, not ${foreign}`,
      );
    const history = await this.#ports.history();
    const asked = classIds ?? model.equipmentClassIds;
    const possible = promotion(history, model.modelVersionId, asked);
    if (!possible.ok) return possible;
    const limits = await this.#ports.limits();
    const classes: ClassEvidence[] = [];
    for (const equipmentClassId of asked)
      classes.push(await liveEvidence(this.#ports, model, equipmentClassId, history, limits));
    return ok({model, limits, card: cardChecks(model.card, limits), classes});
  }

  /** Takes an examined version's seats; its folder is read once more first. */
  async promote(
    {model, classes}: Examination,
    because: Omit<Because, 'at'>,
  ): Promise<Result<readonly ModelChange[]>> {
    const problem = await this.#ports.verify(model);
    if (problem !== null) return refused('model-refused', `${problem}; nothing was changed`);
    const champions = new Map(classes.map(({equipmentClassId, champion}) => [equipmentClassId, champion]));
    return this.#ports.change({...because, at: this.#ports.now()}, (history) => {
      for (const [equipmentClassId, champion] of champions) {
        const now = holder(history, {equipmentClassId, pooled: model.pooled})?.modelVersionId ?? null;
        if (now !== champion)
          return refused(
            'model-state',
            `${equipmentClassId} went from ${champion ?? 'no model'} to ${now ?? 'no model'} meanwhile; ask again, so that it is compared with that one`,
          );
      }
      return promotion(history, model.modelVersionId, [...champions.keys()]);
    });
  }

  /** @param classId Without it: every class that the newest promotion has reached. */
  async rollback(
    classId: string | undefined,
    because: Omit<Because, 'at'>,
  ): Promise<Result<readonly ModelChange[]>> {
    // prettier-ignore
    const registered = await this.#ports.registered();
    const planned = rollbackOf(await this.#ports.history(), classId);
    if (!planned.ok) return planned;
    for (const {modelVersionId} of planned.value.filter(({event}) => event === 'restore')) {
      const problem = await this.#ports.verify(
        registered.find((one) => one.modelVersionId === modelVersionId)!,
      );
      if (problem !== null) return refused('model-refused', `${problem}; nothing was changed`);
    }
    return this.#ports.change({...because, at: this.#ports.now()}, (history) => {
      const still = rollbackOf(history, classId);
      return still.ok && JSON.stringify(still.value) !== JSON.stringify(planned.value)
        ? refused('model-state', 'somebody else changed the models meanwhile; look at them and ask again')
        : still;
    });
  }

  /** A shadow forecasts nothing any more; its folder may go. */
  async retire(
    modelVersionId: string,
    because: Omit<Because, 'at'>,
  ): Promise<Result<readonly ModelChange[]>> {
    // prettier-ignore
    const model = (await this.#ports.registered()).find((one) => one.modelVersionId === modelVersionId);
    if (model === undefined) return unknown(modelVersionId);
    return this.#ports.change({...because, at: this.#ports.now()}, (history) =>
      eachMoved(history, model, 'retire'),
    );
  }

  /** A version that had fallen back is trusted again where it had; its folder is read once more first. */
  async recover(
    modelVersionId: string,
    because: Omit<Because, 'at'>,
  ): Promise<Result<readonly ModelChange[]>> {
    const model = (await this.#ports.registered()).find((one) => one.modelVersionId === modelVersionId);
    if (model === undefined) return unknown(modelVersionId);
    const problem = await this.#ports.verify(model);
    if (problem !== null) return refused('model-refused', `${problem}; nothing was changed`);
    return this.#ports.change({...because, at: this.#ports.now()}, (history) => {
      const fallen = standings(history).filter(
        (step) => step.modelVersionId === modelVersionId && step.state === 'fallen-back',
      );
      const equipmentClassIds = fallen.map(({equipmentClassId}) => equipmentClassId);
      return equipmentClassIds.length === 0
        ? refused('model-state', `${modelVersionId} has fallen back for no class; see forestock model list`)
        : eachMoved(history, {...model, equipmentClassIds}, 'recover');
    });
  }
}

/** One event of a version at each of its classes. */
function eachMoved(
  history: readonly ModelStep[],
  {modelVersionId, equipmentClassIds}: Pick<Examination['model'], 'modelVersionId' | 'equipmentClassIds'>,
  event: ModelEvent,
): Result<readonly ModelChange[]> {
  const changes: ModelChange[] = [];
  for (const equipmentClassId of equipmentClassIds) {
    const change = moved(history, {modelVersionId, equipmentClassId}, event);
    if (!change.ok) return change;
    changes.push(...change.value);
  }
  return ok(changes);
}

function unknown(modelVersionId: string): Result<never> {
  return refused('unknown-model', `no model ${modelVersionId} is registered; see forestock model list`);
}

function rollbackOf(
  history: readonly ModelStep[],
  classId: string | undefined,
): Result<readonly ModelChange[]> {
  const changes: ModelChange[] = [];
  const seats = classId === undefined ? newestPromotion(history) : [seatOf(history, classId)];
  if (seats.length === 0)
    return refused(
      'nothing-to-roll-back',
      'no model was ever promoted; name the class whose model is to be taken off',
    );
  for (const seat of seats) {
    const change = rollback(history, seat);
    if (!change.ok) return change;
    changes.push(...change.value);
  }
  return ok(changes);
}

/** A class's own seat where it is held, else its pooled one: the one that the ladder takes. */
function seatOf(
  history: readonly ModelStep[],
  equipmentClassId: string,
): Pick<ModelStep, 'equipmentClassId' | 'pooled'> {
  // prettier-ignore
  const own = {equipmentClassId, pooled: false};
  return holder(history, own) === undefined ? {equipmentClassId, pooled: true} : own;
}

/** The seats that the version which was promoted last still holds. */
function newestPromotion(history: readonly ModelStep[]): readonly ModelStep[] {
  const held = standings(history).filter(({state}) => state === 'champion' || state === 'fallen-back');
  const promoted = held.filter(({event}) => event === 'promote');
  const newest = promoted.at(-1)?.modelVersionId;
  return promoted.filter(({modelVersionId}) => modelVersionId === newest);
}
