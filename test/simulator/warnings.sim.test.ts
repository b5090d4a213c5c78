import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS} from '../../domain/time.ts';
import type {MachineHistory} from '../../simulator/history.ts';
import {trainingHistory} from '../../simulator/training-history.ts';

const BASELINE_DAYS = 30;
const GAP_DAYS = 12;
const FIRST_DAY = BASELINE_DAYS + GAP_DAYS;

function dailyMeans(hourly: Float32Array): number[] {
  return Array.from({length: Math.floor(hourly.length / 24)}, (_, day) => {
    const heard = hourly.subarray(day * 24, day * 24 + 24).filter((value) => !Number.isNaN(value));
    return heard.length < 12 ? NaN : heard.reduce((sum, value) => sum + value, 0) / heard.length;
  });
}

/**
 * The plainest condition monitor: a day's mean of any signal more than five deviations from the machine's own month,
 * which ended twelve days before. Alarm days within a week of each other are one alarm. Returns days since the start.
 */
function alarmsOf(machine: MachineHistory): number[] {
  const means = Object.values(machine.signals).map((signal) => dailyMeans(signal.mean));
  const alarms: number[] = [];
  let last = -Infinity;
  for (let day = FIRST_DAY; day < means[0]!.length; day += 1) {
    const odd = means.some((values) => {
      const month = values.slice(day - FIRST_DAY, day - GAP_DAYS).filter((value) => !Number.isNaN(value));
      const mean = month.reduce((sum, value) => sum + value, 0) / month.length;
      const sd = Math.sqrt(month.reduce((sum, value) => sum + (value - mean) ** 2, 0) / month.length);
      return month.length >= 15 && Math.abs(values[day]! - mean) > 5 * sd;
    });
    if (!odd) continue;
    if (day - last > 7) alarms.push(day + 1); // known at the day's end
    last = day;
  }
  return alarms;
}

describe('the warnings of the fleet', () => {
  it('let a plain monitor see most failures coming, not all, and cry wolf at times', () => {
    let failures = 0;
    let foreseen = 0;
    let alarms = 0;
    let right = 0;
    for (const machine of trainingHistory({seed: 11, machines: 60, days: 300})) {
      const start = machine.hours[0]! - HOUR_MS;
      const failed = machine.lives
        .filter((life) => life.end === 'failure' && life.endedAt! > start + 60 * DAY_MS)
        .map((life) => (life.endedAt! - start) / DAY_MS);
      const raised = alarmsOf(machine);
      failures += failed.length;
      foreseen += failed.filter((day) => raised.some((alarm) => alarm <= day && day <= alarm + 27)).length;
      alarms += raised.length;
      right += raised.filter((alarm) => failed.some((day) => alarm <= day && day <= alarm + 21)).length;
    }
    expect(failures).toBeGreaterThan(40);
    expect(foreseen / failures).toBeGreaterThan(0.55);
    expect(foreseen / failures).toBeLessThan(0.9);
    expect(right / alarms).toBeGreaterThan(0.5);
    expect(right / alarms).toBeLessThan(0.9);
  });
});
