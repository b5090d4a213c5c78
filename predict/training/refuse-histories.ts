import {OperationalFault} from '../../domain/fault.ts';
import {toIso, epochMs} from '../../domain/time.ts';
import type {SignalSpec} from '../core/class-spec.ts';
import {failuresOf, type TrainingMachine} from './dataset.ts';
import type {TrainingTarget} from './training-target.ts';

/** Each of five parts is held out once and must itself have machines to judge by. */
const MACHINES_MIN = 10;
/** From ten failures on a Weibull law is fitted, and the signs of fewer are chance. */
const FAILURES_MIN = 10;
/** The middle value of a signal lies in its normal band, or not further from it than it is wide; kPa for bar is 100 times. */
const BAND_WIDTHS = 3;

/**
 * Refuses histories that would teach something else than what was meant, and says what is wrong and how much is needed.
 *
 * @throws OperationalFault 'too-little-history', 'leaking-history' or 'foreign-units'
 */
export function refuseHistories({
  target,
  machines,
  issuedAfterH,
}: {
  readonly target: TrainingTarget;
  readonly machines: readonly TrainingMachine[];
  readonly issuedAfterH: number;
}): void {
  const name = target.equipmentClassId;
  if (machines.length < MACHINES_MIN) {
    throw new OperationalFault(
      'too-little-history',
      `${name}: ${machines.length} machines, but training holds out a part of them in turn and needs ${MACHINES_MIN}; add machines`,
      {retryable: false},
    );
  }
  const failures = machines.flatMap(({lives}) => lives.flatMap((life) => failuresOf(life))).length;
  if (failures < FAILURES_MIN) {
    throw new OperationalFault(
      'too-little-history',
      `${name}: ${failures} failures of components, but it takes ${FAILURES_MIN} to learn from; add machines or a longer record`,
      {retryable: false},
    );
  }
  for (const machine of machines) refuseLeaks(machine, issuedAfterH);
  for (const signal of target.signals) refuseUnits(name, signal, machines);
}

function refuseLeaks(
  {equipmentId, knownAfterH = 0, lives, hours}: TrainingMachine,
  issuedAfterH: number,
): void {
  if (issuedAfterH < knownAfterH) {
    throw new OperationalFault(
      'leaking-history',
      `${equipmentId}: its readings are known ${knownAfterH} h after their stamp, forecasts were to be made ${issuedAfterH} h after it and would read the future; make them ${knownAfterH} h after or later`,
      {retryable: false},
    );
  }
  const unordered = hours.findIndex((hour, i) => i > 0 && hour <= hours[i - 1]!);
  if (unordered >= 0) {
    throw new OperationalFault(
      'leaking-history',
      `${equipmentId}: the interval of ${toIso(epochMs(hours[unordered]!))} stands after a later one, so windows would read the future; sort the record by time`,
      {retryable: false},
    );
  }
  const backwards = lives.find(({installedAt, endedAt}) => endedAt !== null && endedAt <= installedAt);
  if (backwards) {
    throw new OperationalFault(
      'leaking-history',
      `${equipmentId}: ${backwards.componentId} ended at ${toIso(backwards.endedAt!)}, before it was installed at ${toIso(backwards.installedAt)}; correct its dates`,
      {retryable: false},
    );
  }
}

function refuseUnits(name: string, signal: SignalSpec, machines: readonly TrainingMachine[]): void {
  const {normalLow: low, normalHigh: high, unit} = signal;
  if (low === null || high === null) return;
  const heard = heardOf(signal.name, machines);
  if (heard.length === 0) {
    throw new OperationalFault(
      'too-little-history',
      `${name}: no machine sends ${signal.name}; correct its name in the class, or leave it out`,
      {retryable: false},
    );
  }
  const middle = heard.sort()[heard.length >> 1]!;
  const reach = BAND_WIDTHS * (high - low);
  if (middle < low - reach || middle > high + reach) {
    throw new OperationalFault(
      'foreign-units',
      `${name}: half of the readings of ${signal.name} lie beyond ${Number(middle.toPrecision(3))}, its class says normal is ${low}–${high} ${unit}; convert them, or correct the class`,
      {retryable: false},
    );
  }
}

/** Means of all intervals in which machines were heard; of a large fleet they are millions. */
function heardOf(name: string, machines: readonly TrainingMachine[]): Float32Array {
  const values = new Float32Array(machines.reduce((sum, {hours}) => sum + hours.length, 0));
  let count = 0;
  for (const {signals} of machines) {
    const series = signals[name];
    series?.mean.forEach((mean, i) => {
      if (series.n[i]! > 0) values[count++] = mean;
    });
  }
  return values.subarray(0, count);
}
