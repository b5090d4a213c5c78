import type {ModelVersionId} from '../../domain/ids.ts';
import type {ScoringModel} from './score.ts';

/** What a model version is to one equipment class that it covers. */
export type ModelState =
  /** Forecasts beside the champion; what it says is kept and moves nothing. */
  | 'shadow'
  /** Its forecasts are those that decisions read. One at most per class and rung (a class's own model, or a pooled one). */
  | 'champion'
  /** Keeps its seat and is passed over by the ladder; goes on in shadow, so that it can be seen when it is right again. */
  | 'fallen-back'
  /** Forecasts nothing. */
  | 'retired';

export type ModelEvent =
  /** It takes the champion's seat. */
  | 'promote'
  /** Another one has taken its seat. */
  | 'replace'
  /** The one after it was taken back: it has its seat again. */
  | 'restore'
  /** It is taken back, for the one before it. */
  | 'withdraw'
  | 'fall-back'
  | 'recover'
  | 'retire';

/** Every state meets every event; null means refused. */
export const NEXT_MODEL_STATE: Record<ModelState, Record<ModelEvent, ModelState | null>> = {
  shadow: {
    promote: 'champion',
    replace: null,
    restore: 'champion',
    withdraw: null,
    'fall-back': null,
    recover: null,
    retire: 'retired',
  },
  champion: {
    promote: null,
    replace: 'retired',
    restore: null,
    withdraw: 'shadow',
    'fall-back': 'fallen-back',
    recover: null,
    retire: null,
  },
  'fallen-back': {
    promote: 'champion',
    replace: 'retired',
    restore: null,
    withdraw: 'shadow',
    'fall-back': null,
    recover: 'champion',
    retire: null,
  },
  retired: {
    promote: 'champion',
    replace: null,
    restore: 'champion',
    withdraw: null,
    'fall-back': null,
    recover: null,
    retire: null,
  },
};

/** One row of the history: what a version became, and by what. */
export interface ModelStep {
  readonly stateNo: number;
  readonly modelVersionId: ModelVersionId;
  readonly equipmentClassId: string;
  readonly pooled: boolean;
  readonly event: ModelEvent | 'enter';
  readonly state: ModelState;
}

/** What one champion can hold: a class's own rung of the ladder, or its pooled one. */
export type Seat = Pick<ModelStep, 'equipmentClassId' | 'pooled'>;

/** The newest step of each version at each class, in the order in which they were taken. */
export function standings(history: readonly ModelStep[]): readonly ModelStep[] {
  const newest = new Map<string, ModelStep>();
  for (const step of history) {
    const key = `${step.modelVersionId}|${step.equipmentClassId}`;
    newest.delete(key);
    newest.set(key, step);
  }
  return [...newest.values()];
}

/** Who holds a seat: the champion, or one that has fallen back. */
export function holder(history: readonly ModelStep[], seat: Seat): ModelStep | undefined {
  return standings(history).find(
    (step) => isAt(step, seat) && (step.state === 'champion' || step.state === 'fallen-back'),
  );
}

/**
 * The version that a rollback restores: the one that held the seat before its holder came. Each rollback undoes one promotion,
 * so that two of them go back two.
 *
 * Example: a entered as champion, b promoted, c promoted → b; after one rollback → a; after two → undefined.
 */
export function predecessor(history: readonly ModelStep[], seat: Seat): ModelVersionId | undefined {
  const held: ModelVersionId[] = [];
  for (const step of history) {
    if (!isAt(step, seat) || step.state !== 'champion') continue;
    if (step.event === 'restore') held.pop();
    else if (held.at(-1) !== step.modelVersionId) held.push(step.modelVersionId);
  }
  return held.at(-2);
}

function isAt(step: Seat, seat: Seat): boolean {
  return step.equipmentClassId === seat.equipmentClassId && step.pooled === seat.pooled;
}

/**
 * The history as far as it can be followed: where the champion of a seat cannot be loaded, the seat stays as it was seen before,
 * so that whoever held it goes on.
 */
export function withStandIns(
  history: readonly ModelStep[],
  seenBefore: readonly ModelStep[],
  isLoaded: (modelVersionId: ModelVersionId) => boolean,
): readonly ModelStep[] {
  const lost = standings(history).filter(
    ({state, modelVersionId}) => state === 'champion' && !isLoaded(modelVersionId),
  );
  const isLost = (step: ModelStep): boolean => lost.some((seat) => isAt(step, seat));
  return [...history.filter((step) => !isLost(step)), ...seenBefore.filter(isLost)].sort(
    (a, b) => a.stateNo - b.stateNo,
  );
}

/** Shadows that score for one equipment class at most: each costs as much as the champion. */
export const SHADOWS_MAX = 2;

/** Which models forecast, and which forecast beside them, by equipment class. */
export interface Roles {
  champions(equipmentClassId: string): readonly ScoringModel[];
  /** At most SHADOWS_MAX: those that have come last. */
  shadows(equipmentClassId: string): readonly ScoringModel[];
}

export function rolesOf(history: readonly ModelStep[], models: readonly ScoringModel[]): Roles {
  const byId = new Map(models.map((model) => [model.modelVersionId, model]));
  const champions = new Map<string, ScoringModel[]>();
  const shadows = new Map<string, ScoringModel[]>();
  for (const {modelVersionId, equipmentClassId, state} of standings(history)) {
    const model = byId.get(modelVersionId);
    if (model === undefined || state === 'retired') continue;
    const role = state === 'champion' ? champions : shadows;
    role.set(equipmentClassId, [...(role.get(equipmentClassId) ?? []), model]);
  }
  return {
    champions: (equipmentClassId) => champions.get(equipmentClassId) ?? [],
    shadows: (equipmentClassId) => (shadows.get(equipmentClassId) ?? []).slice(-SHADOWS_MAX),
  };
}
