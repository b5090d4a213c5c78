import {
  falseAlarmRatePerDay,
  type SignalQuality,
  type WarningWindow,
} from '../../replenish/core/demand/advance-demand.ts';
import type {Random} from '../../simulator/random.ts';

/** What one day brings to a stock point that hears alarms. */
export interface SignalDay {
  readonly failures: number;
  /** Ages in days of the alarms still open at the end of the day, youngest first. */
  readonly ages: readonly number[];
}

/**
 * Failures and alarms, day by day and without end: failures come as a Poisson process; a share of them is announced a whole
 * number of days ahead, each day of the window as likely; false alarms come at the rate that gives the precision. An alarm is
 * closed by its failure, or once it is older than the window. The same object is yielded every day.
 */
export function* signalDays(
  quality: SignalQuality,
  window: WarningWindow,
  random: Random,
): Generator<SignalDay, never> {
  const {failureRatePerDay, recall} = quality;
  const falseRate = falseAlarmRatePerDay(quality);
  const span = window.toDays + 1;
  // A ring by day of birth: every alarm born that day, and by day of failure which births it closes.
  const bornOn = new Int32Array(span);
  const closing: number[][] = Array.from({length: span}, () => []);
  const ages: number[] = [];
  const day = {failures: 0, ages};

  for (let today = 0; ; today += 1) {
    const slot = today % span;
    bornOn[slot] = 0; // what was born a whole ring ago is older than the window
    for (let signals = random.poisson(failureRatePerDay * recall); signals > 0; signals -= 1) {
      bornOn[slot] += 1;
      closing[(today + random.integer(window.fromDays, window.toDays)) % span]!.push(today);
    }
    bornOn[slot] += random.poisson(falseRate);

    const announced = closing[slot]!;
    for (const birth of announced) bornOn[birth % span]! -= 1;
    day.failures = announced.length + random.poisson(failureRatePerDay * (1 - recall));
    announced.length = 0;

    ages.length = 0;
    for (let age = 0; age < span && age <= today; age += 1)
      for (let open = bornOn[(today - age) % span]!; open > 0; open -= 1) ages.push(age);
    yield day;
  }
}
