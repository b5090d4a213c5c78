import type {Command} from 'commander';
import type {z} from 'zod';
import {ModelWatch} from '../console/api/routes/model-watch.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {INTERVAL} from '../predict/api.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

type Slice = z.output<typeof ModelWatch>['slices'][number];

/** `forestock model watch`: what was forecast and what came of it. */
export function modelWatchCommand(): Command {
  return listCommand({
    name: 'watch',
    path: '/api/v1/model-watch',
    page: ModelWatch,
    text: watchText,
    example: 'forestock model watch --depot-id WAW-1',
  });
}

function watchText({night, slices}: z.output<typeof ModelWatch>): string {
  if (night === null) return 'nobody has looked yet: the first night of the service does';
  if (slices.length === 0) return `nothing was forecast there (night of ${toMinute(epochMs(night))})`;
  return [`night of ${toMinute(epochMs(night))}`, ...slices.map(sliceText)].join('\n\n');
}

function sliceText({said, equipmentClassId, depotId, breaches, figures}: Slice): string {
  const {calibration, alarms, scores, inputs} = figures;
  const rate = alarms.falseAlarmsPerMachineYear;
  return [
    `${equipmentClassId}${depotId === null ? '' : ` at ${depotId}`}: ${said}${breaches.length === 0 ? '' : `  OUT OF BOUNDS: ${breaches.join(', ')}`}`,
    table(
      ['  within', 'forecasts', 'expected', 'observed', `${INTERVAL * 100} % within`, 'evidence, nights'],
      calibration.map((one) => [
        `  ${one.horizonH} h`,
        one.forecasts,
        one.expected.toFixed(1),
        one.observed,
        `${one.low} to ${one.high}`,
        figure(one.evidence),
      ]),
    ),
    `  alarms: ${alarms.foreseen} of ${alarms.failures} failures foreseen${alarms.leadHours === null ? '' : `, half of them ${Math.round(alarms.leadHours)} h ahead or more`}; ` +
      `${alarms.trueAlarms} true, ${alarms.falseAlarms} false${rate === null ? '' : `, ${figure(rate)} false a machine-year`}`,
    ...[...(scores === null ? [] : [scores]), ...inputs].map(
      (drift) =>
        `  ${drift.of} against its first four weeks: PSI ${drift.psi.toFixed(3)}, KS ${drift.ks.toFixed(3)} (p ${drift.pValue.toPrecision(2)}), ${drift.now} against ${drift.before}`,
    ),
  ].join('\n');
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
