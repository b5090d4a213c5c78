import pc from 'picocolors';
import type {DecisionTrace} from '../console/api/trace.ts';
import {formatMoney} from '../domain/quantity.ts';
import {toMinute} from '../domain/time.ts';
import {costItems, duration, percent, phraseOption, phraseReason} from '../replenish/api.ts';
import {hanging} from './output.ts';

/** A decision for a person: what, why, what else was possible, and which readings stand behind it. */
export function printTrace({decision, forecasts}: DecisionTrace): string {
  const {option, currency} = decision;
  const money = (minor: number): string => formatMoney({minor, currency});
  const lines = [
    '',
    pc.bold(`Decision ${decision.decisionId}`),
    `  ${toMinute(decision.decidedAt)} · part ${pc.bold(decision.partId)} at depot ${pc.bold(decision.depotId)} · ${decision.mode}, ${decision.state}`,
    `  ${pc.green(phraseOption(option))} · expected cost ${money(option.totalMinor)}, to pay ${money(option.landedMinor)}`,
    ...costItems(option).map(({name, minor}) => `    ${name.padEnd(20)} ${money(minor).padStart(16)}`),
    '',
    pc.bold('  Why'),
    ...hanging('  - ', decision.reasons.map(phraseReason)),
    '',
    pc.bold('  What else was possible'),
    ...hanging(
      '  - ',
      decision.alternatives
        .slice(0, 5)
        .map(
          (other) =>
            `${phraseOption(other)}: ${money(other.totalMinor)}${other.excluded === null ? '' : pc.dim(` (${other.excluded})`)}`,
        ),
    ),
    '',
    pc.bold('  From the readings'),
    ...forecasts.flatMap(({forecast, readings}) => [
      ...hanging('  - ', [
        `${forecast.equipmentId} ${forecast.positionId}: ${percent(forecast.cumulativePpm.at(-1)!)}${range(forecast)} within ${duration(forecast.horizonsH.at(-1)!)}, ${forecast.method} ${forecast.modelVersionId} on ${forecast.backend}, ${forecast.completenessPct} % of its window heard`,
      ]),
      ...hanging('      ', [
        ...forecast.topSignals.map((signal) => signal.text),
        `${readings.total} readings; the newest: ${readings.newest
          .slice(0, 2)
          .map(
            (reading) =>
              `${toMinute(reading.observedAt)} ${Object.entries(reading.values)
                .map(([k, v]) => `${k} ${Number(v.toPrecision(4))}`)
                .join(', ')}`,
          )
          .join(' | ')}`,
      ]),
    ]),
    '',
  ];
  return lines.join('\n');
}

/** Example: ' (84 %–95 %)'; nothing of an age law. */
function range({lowPpm, highPpm}: DecisionTrace['forecasts'][number]['forecast']): string {
  if (lowPpm === null || highPpm === null) return '';
  return ` (${percent(lowPpm.at(-1)!)}–${percent(highPpm.at(-1)!)})`;
}

/** The same for a program: one line of JSON. */
export function traceSummary({decision, forecasts}: DecisionTrace): Record<string, unknown> {
  return {
    decisionId: decision.decisionId,
    action: decision.action,
    quantity: decision.quantity,
    partId: decision.partId,
    depotId: decision.depotId,
    reasons: decision.reasons,
    modelVersion: decision.modelVersions.join(','),
    readings: forecasts.flatMap(({readings}) => readings.newest.map((reading) => reading.messageKey)),
  };
}
