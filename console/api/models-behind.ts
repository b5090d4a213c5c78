import {groupBy} from '../../domain/group-by.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import {modelHistory, registeredModels, standings} from '../../predict/api.ts';
import {decisionSituation, findDecision} from '../../replenish/api.ts';

/** One version whose forecasts a decision read. */
export interface ModelBehind {
  readonly modelVersionId: string;
  readonly method: string;
  readonly equipmentClassIds: readonly string[];
  readonly manifestSha256: string | null;
  readonly states: readonly string[];
  readonly components: number;
  readonly highestPpm: number;
}

/** Which models decided, from the decision's recorded input and the registry's history. Null: no such decision. */
export async function modelsBehind(
  db: Queryable,
  decisionId: string,
): Promise<{
  readonly decisionId: string;
  readonly decidedAt: EpochMs;
  readonly models: readonly ModelBehind[];
} | null> {
  const decision = await findDecision(db, decisionId);
  const situation = await decisionSituation(db, decisionId);
  if (decision === null || situation === null) return null;
  const {decidedAt} = decision;
  const [registered, history] = await Promise.all([registeredModels(db), modelHistory(db)]);
  const then = standings(history.filter(({fromAt}) => fromAt <= decidedAt));
  const byVersion = groupBy(
    situation.depots.flatMap(({components}) => components),
    (one) => one.modelVersion,
  );
  const models = [...byVersion].map(([modelVersionId, components]): ModelBehind => {
    const known = registered.find((one) => one.modelVersionId === modelVersionId);
    return {
      modelVersionId,
      method: components[0]!.method,
      equipmentClassIds: known?.equipmentClassIds ?? [],
      manifestSha256: known?.manifestSha256 ?? null,
      states: then
        .filter((step) => step.modelVersionId === modelVersionId)
        .map(({equipmentClassId, state}) => `${state} of ${equipmentClassId}`),
      components: components.length,
      highestPpm: Math.max(...components.map(({cumulativePpm}) => cumulativePpm.at(-1) ?? 0)),
    };
  });
  return {decisionId, decidedAt, models: models.sort((a, b) => b.components - a.components)};
}
