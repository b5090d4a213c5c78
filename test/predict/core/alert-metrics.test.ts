import {describe, expect, it} from 'vitest';
import {alarmEventScore} from '../../../predict/core/alarm-events.ts';
import {
  alertScore,
  costThreshold,
  equalWidthCalibrationError,
  leastAlertCost,
  rocAuc,
} from '../../../predict/core/alert-metrics.ts';
import {fitIsotonic, isotonicAt} from '../../../predict/core/isotonic.ts';
import {remainingLifeScore} from '../../../predict/core/remaining-life-metrics.ts';

const judged = (said: readonly number[], failed: readonly number[]) =>
  said.map((probability, i) => ({probability, failed: failed[i] === 1, weight: 1}));

describe('alerts at a threshold', () => {
  const rows = judged([0.9, 0.6, 0.2], [1, 0, 1]);

  it('catch half the failures with half of them true', () => {
    expect(alertScore(rows, 0.5)).toEqual({precision: 0.5, recall: 0.5, f1: 0.5});
    expect(alertScore(rows, 0.95)).toEqual({precision: 0, recall: 0, f1: 0});
  });

  it('rank a failed machine above a sound one as often as not', () => {
    expect(rocAuc(rows)).toBe(0.5);
    expect(rocAuc(judged([0.4, 0.4], [1, 0]))).toBe(0.5);
  });

  it('are cheapest, in hindsight, below the lowest failed machine when a miss costs much', () => {
    expect(leastAlertCost(rows, {falseAlert: 15, missed: 400})).toBe(15);
    expect(leastAlertCost(rows, {falseAlert: 900, missed: 400})).toBe(400);
    expect(costThreshold({falseAlert: 15, missed: 400})).toBeCloseTo(15 / 415, 15);
  });

  it('cannot split machines with the same probability', () => {
    expect(leastAlertCost(judged([0.4, 0.4], [1, 0]), {falseAlert: 15, missed: 400})).toBe(15);
  });

  it('have a calibration error of 0.35 when 0.15 is said and every other one fails', () => {
    expect(equalWidthCalibrationError(judged([0.15, 0.15], [1, 0]), 10)).toBeCloseTo(0.35, 15);
    expect(equalWidthCalibrationError(judged([1], [1]), 10)).toBe(0);
  });
});

describe('an isotonic curve', () => {
  it('pools what falls and rises through the rest', () => {
    const curve = fitIsotonic(judged([0.1, 0.2, 0.3], [0, 1, 0]));
    expect(curve).toEqual({x: [0.1, 0.2, 0.3], y: [0, 0.5, 0.5]});
    expect(isotonicAt(curve, 0.15)).toBeCloseTo(0.25, 14);
    expect(isotonicAt(curve, 0.01)).toBe(0);
    expect(isotonicAt(curve, 0.99)).toBe(0.5);
  });
});

describe('remaining life', () => {
  it('predicted late costs more than predicted early', () => {
    expect(remainingLifeScore([30, 40], [20, 55])).toEqual({
      rmse: expect.closeTo(12.747548784, 9) as number,
      mae: 12.5,
      phmScore: expect.closeTo(4.639794604, 9) as number,
    });
    expect(remainingLifeScore([30], [40]).phmScore).toBeGreaterThan(remainingLifeScore([30], [20]).phmScore);
  });
});

describe('alarms and failures as events', () => {
  const frame = {horizonHours: 72, minLeadHours: 12, machineHours: 8760};
  const failure = {machine: 'm1', atHours: 1000};

  it('count two alarms ahead of one failure as one detection, from the earlier alarm', () => {
    const alarms = [960, 980].map((atHours) => ({machine: 'm1', atHours}));
    expect(alarmEventScore({failures: [failure], alarms, ...frame})).toMatchObject({
      detected: 1,
      trueAlarms: 2,
      leadHours: [40],
      falseAlarmsPerMachineYear: 0,
    });
  });

  it('call an alarm that comes too late true, yet no detection', () => {
    const score = alarmEventScore({failures: [failure], alarms: [{machine: 'm1', atHours: 995}], ...frame});
    expect(score).toMatchObject({detected: 0, missed: 1, trueAlarms: 1, falseAlarms: 0});
  });

  it('call an alarm on another machine false', () => {
    const score = alarmEventScore({failures: [failure], alarms: [{machine: 'm2', atHours: 960}], ...frame});
    expect(score).toMatchObject({detected: 0, falseAlarms: 1, precision: 0, falseAlarmsPerMachineYear: 1});
  });
});
