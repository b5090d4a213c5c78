import {formatMoney} from '../../domain/quantity.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {DAY_MS, plusMs} from '../../domain/time.ts';
import {checkText} from '../../predict/api.ts';
import type {Examination, GateCheck} from '../../predict/api.ts';
import {compareModels} from '../../replenish/api.ts';
import type {ModelComparison} from '../../replenish/api.ts';
import type {ConsolePorts} from './ports.ts';

export interface PromotionRequest {
  readonly modelVersionId: string;
  readonly equipmentClassIds?: readonly string[] | undefined;
  readonly actor: string;
  /** Why the card alone has to do where live evidence is lacking. */
  readonly onCardAlone?: string | undefined;
}

/** Everything that was asked before a promotion, and what came of it. */
export interface Promoted {
  readonly changes: readonly {
    readonly modelVersionId: string;
    readonly equipmentClassId: string;
    readonly state: string;
  }[];
  readonly checks: readonly GateCheck[];
  /** What could not be asked yet. */
  readonly lacking: readonly string[];
}

/** What the gate says of a version: every check with its figure, and what cannot be asked yet. */
export interface GateVerdict extends Pick<Promoted, 'checks' | 'lacking'> {
  readonly examined: Examination;
  readonly stock: ModelComparison;
}

/** Asks the gate and changes nothing: its card, its live forecasts beside the champion's, and what they would have cost in stock. */
export async function askGate(
  {models, db, clock}: Pick<ConsolePorts, 'models' | 'db' | 'clock'>,
  {modelVersionId, equipmentClassIds}: Pick<PromotionRequest, 'modelVersionId' | 'equipmentClassIds'>,
): Promise<Result<GateVerdict>> {
  const examined = await models.examine(modelVersionId, equipmentClassIds);
  if (!examined.ok) return examined;
  const {live, stockDecisionsMin} = examined.value.limits;
  const now = clock.now();
  const from = plusMs(now, -live.days * DAY_MS);
  const stock = await compareModels(db, {before: null, after: modelVersionId, from, now});
  const checks = [...checksOf(examined.value), ...stockChecks(stock, stockDecisionsMin)];
  const lacking = [
    ...examined.value.classes.flatMap((one) => (one.lacking === null ? [] : [one.lacking])),
    ...(stock.resolved >= stockDecisionsMin
      ? []
      : [
          `${stockDecisionsMin} decisions, four weeks old, that it had forecast for, of which there are ${stock.resolved}`,
        ]),
  ];
  return ok({examined: examined.value, stock, checks, lacking});
}

/**
 * Promotes a version that passes the gate. One that fails a check stays where it is, whatever else is said; one that cannot be
 * judged yet needs a word why the card alone has to do.
 */
export async function promoteModel(
  ports: Pick<ConsolePorts, 'models' | 'db' | 'clock'>,
  {modelVersionId, equipmentClassIds, actor, onCardAlone}: PromotionRequest,
): Promise<Result<Promoted>> {
  const asked = await askGate(ports, {modelVersionId, equipmentClassIds});
  if (!asked.ok) return asked;
  const {examined, stock, checks, lacking} = asked.value;
  const failed = checks.filter(({passed}) => !passed);
  if (failed.length > 0)
    return refused(
      'gate-not-passed',
      `${modelVersionId} fails ${failed.length} of ${checks.length} checks: ${failed.map(checkText).join('; ')}; it stays as it is`,
    );
  if (lacking.length > 0 && onCardAlone === undefined)
    return refused(
      'evidence-lacking',
      `${modelVersionId} cannot be judged in service yet. It takes ${lacking.join('; and ')}. Let it go on in shadow, or say why its card alone has to do (--on-card-alone)`,
    );
  const evidence = {
    limits: examined.limits,
    checks,
    lacking,
    onCardAlone: onCardAlone ?? null,
    live: examined.classes,
    stock: {...stock, changed: stock.changed.length},
  };
  const reason = onCardAlone === undefined ? 'passes the gate' : `on its card alone: ${onCardAlone}`;
  const promoted = await ports.models.promote(examined, {actor, reason, evidence});
  return promoted.ok ? ok({changes: promoted.value, checks, lacking}) : promoted;
}

function checksOf({card, classes}: Examination): readonly GateCheck[] {
  return [...card, ...classes.flatMap((one) => one.checks)];
}

function stockChecks({resolved, totals}: ModelComparison, stockDecisionsMin: number): readonly GateCheck[] {
  if (resolved < stockDecisionsMin) return [];
  return totals.map(({currency, decisions, beforeMinor, afterMinor}) => ({
    claim: `stock cost of ${decisions} decisions that differ, of ${resolved} replayed, is not above the ${formatMoney({minor: beforeMinor, currency})} of those taken`,
    value: afterMinor / 100,
    passed: afterMinor <= beforeMinor,
  }));
}
