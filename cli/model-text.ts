import type {z} from 'zod';
import type {ModelComparisonView, ModelHistory, ModelVersion} from '../console/api/model-view.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {table} from './output.ts';

type Version = z.output<typeof ModelVersion>;
type Comparison = z.output<typeof ModelComparisonView>;

export function listText(models: readonly Version[]): string {
  if (models.length === 0)
    return 'none is registered: a start registers what lies in the models folder; until then forecasts come from age and base rates';
  return table(
    ['version', 'equipment class', 'state', 'since', 'gate', 'trained on'],
    models.flatMap((one) =>
      one.standings.map((at) => [
        one.modelVersionId,
        one.pooled ? `${at.equipmentClassId} (pooled)` : at.equipmentClassId,
        at.state,
        toMinute(epochMs(at.since)),
        one.passed ? 'passed' : 'NOT passed',
        one.source,
      ]),
    ),
  );
}

export function showText(
  model: Version & {
    readonly card: Record<string, unknown>;
    readonly history: readonly z.output<typeof ModelHistory>[];
  },
): string {
  const {modelVersionId, equipmentClassIds, source, passed, manifestSha256, firstSeenAt, history} = model;
  return [
    `${modelVersionId}, for ${equipmentClassIds.join(' and ')}${model.pooled ? ', pooled' : ''}`,
    `  trained on ${source}; its card ${passed ? 'passes' : 'does NOT pass'} the gate`,
    `  manifest ${manifestSha256}`,
    `  first seen ${toMinute(epochMs(firstSeenAt))}`,
    '',
    table(
      ['from', 'class', 'event', 'state', 'by', 'why'],
      history.map((step) => [
        toMinute(epochMs(step.fromAt)),
        step.equipmentClassId,
        step.event,
        step.state,
        step.actor,
        step.reason,
      ]),
    ),
    '',
    'The whole card, and the figures behind each step: --json',
  ].join('\n');
}

export function comparisonText(comparison: Comparison): string {
  const {modelVersionIds, live, decisions, spoken, resolved, totals, changed} = comparison;
  const [first, second] = modelVersionIds;
  return [
    `${first} against ${second}, on the same components at the same instants`,
    ...live.flatMap(({equipmentClassId, horizons}) => ['', equipmentClassId, horizonTable(horizons)]),
    '',
    `${decisions} decisions were recorded, ${second} had forecast for ${spoken}; ${changed.length} of them would be others`,
    ...(resolved === 0
      ? ['none is four weeks old: what came of them is not known yet']
      : [`${resolved} are four weeks old; of those that differ, by what failed then:`]),
    ...totals.map(
      ({currency, decisions: n, beforeMinor, afterMinor}) =>
        `  ${n} cost ${formatMoney({minor: Math.round(beforeMinor), currency})} by ${first}, ${formatMoney({minor: Math.round(afterMinor), currency})} by ${second}`,
    ),
    ...(changed.length === 0 ? [] : ['', changeTable(changed)]),
  ].join('\n');
}

/** Brier and log loss of both, side by side. */
function horizonTable(horizons: Comparison['live'][number]['horizons']): string {
  if (horizons.length === 0) return '  no forecast of both yet';
  const both = (one: number | undefined, other: number | undefined): string =>
    one === undefined || other === undefined ? '–' : `${one.toPrecision(3)} / ${other.toPrecision(3)}`;
  return table(
    ['horizon', 'come to an end', 'failures', 'Brier', 'log loss', 'calibration error', 'enough'],
    horizons.map(({horizonH, rows, failures, first, second, enough}) => [
      `${horizonH} h`,
      rows,
      failures,
      both(first?.brier, second?.brier),
      both(first?.logLoss, second?.logLoss),
      both(first?.calibrationError, second?.calibrationError),
      enough ? 'yes' : 'no',
    ]),
  );
}

function changeTable(changed: Comparison['changed']): string {
  const act = ({action, quantity, depotId, sourceId}: Comparison['changed'][number]['before']): string =>
    action === 'nothing'
      ? 'nothing'
      : `${action} ${quantity} ${depotId}${sourceId === null ? '' : ` from ${sourceId}`}`;
  return table(
    ['decided', 'decision', 'part', 'first', 'second'],
    changed.map(({decidedAt, decisionId, partId, before, after}) => [
      toMinute(epochMs(decidedAt)),
      decisionId,
      partId,
      act(before),
      act(after),
    ]),
  );
}
