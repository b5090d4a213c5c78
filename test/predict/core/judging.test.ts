import {describe, expect, it} from 'vitest';
import {calibratedHazards, fitHazardCalibration, sigmoid} from '../../../predict/core/calibration.ts';
import {hazardLabels, judgedWeight, uncensoredShare} from '../../../predict/core/hazard-labels.ts';
import {averagePrecision, brierSkill, judge, reliability} from '../../../predict/core/metrics.ts';

const said = (
  probability: number,
  failed: boolean,
  weight = 1,
): {probability: number; failed: boolean; weight: number} => ({
  probability,
  failed,
  weight,
});

describe('metrics', () => {
  it('match the worked numbers of their comments', () => {
    const metrics = judge([said(0.9, true), said(0.1, false)]);
    expect(metrics).toMatchObject({rows: 2, failures: 1, prevalence: 0.5, averagePrecision: 1});
    expect(metrics.brier).toBeCloseTo(0.01, 12);
    expect(metrics.logLoss).toBeCloseTo(0.105361, 6);
    expect(metrics.calibrationError).toBeCloseTo(0.1, 12);
    expect(averagePrecision([said(0.9, true), said(0.5, false), said(0.1, true)])).toBeCloseTo(0.8333, 4);
  });

  it('saying the prevalence to everybody is calibrated and ranks nothing', () => {
    const rows = [said(0.25, true), said(0.25, false), said(0.25, false), said(0.25, false)];
    expect(judge(rows).calibrationError).toBe(0);
    expect(averagePrecision(rows)).toBe(0.25);
  });

  it('a weight of two is the same row twice', () => {
    const twice = judge([said(0.3, true), said(0.3, true), said(0.2, false)]);
    const weighted = judge([said(0.3, true, 2), said(0.2, false)]);
    expect(weighted).toMatchObject({brier: twice.brier, prevalence: twice.prevalence});
  });

  it('a reliability table keeps every row, certainty included', () => {
    const bins = reliability([said(0, false), said(0.005, false), said(1, true)]);
    expect(bins.map(({from, rows}) => [from, rows])).toEqual([
      [0, 1],
      [0.005, 1],
      [0.8, 1],
    ]);
  });

  it('skill is the share of squared error that is gone', () => {
    const model = {...judge([said(1, true)]), brier: 0.06};
    expect(brierSkill(model, {...model, brier: 0.08})).toBeCloseTo(0.25, 12);
  });
});

describe('calibration of hazards', () => {
  it('finds the rate when the network says nothing', () => {
    const rows = Array.from({length: 10}, (_, i) => ({logit: 0, failed: i === 0, exposure: 1}));
    expect(fitHazardCalibration(rows).shift).toBeCloseTo(Math.log(1 / 9), 6);
  });

  it('pulls an overconfident network back', () => {
    // The truth is sigmoid(logit / 2): of 1000 rows at each logit, so many fail.
    const rows = [-4, -2, 0, 2].flatMap((logit) =>
      Array.from({length: 1000}, (_, i) => ({logit, failed: i < 1000 * sigmoid(logit / 2), exposure: 1})),
    );
    const {slope, shift} = fitHazardCalibration(rows);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(shift).toBeCloseTo(0, 1);
  });

  it('half a watched interval counts half', () => {
    const whole = Array.from({length: 50}, () => ({logit: 0, failed: false, exposure: 1}));
    const halves = Array.from({length: 100}, () => ({logit: 0, failed: false, exposure: 0.5}));
    const failed = {logit: 0, failed: true, exposure: 1};
    expect(fitHazardCalibration([...halves, failed]).shift).toBeCloseTo(
      fitHazardCalibration([...whole, failed]).shift,
      6,
    );
  });

  it('a row that stands for nine counts as nine: failures that were sampled more densely do not come more often', () => {
    const rows = [
      {logit: 0, failed: true, exposure: 1, weight: 1},
      {logit: 0, failed: false, exposure: 1, weight: 9},
    ];
    expect(fitHazardCalibration(rows).shift).toBeCloseTo(Math.log(1 / 9), 6);
  });

  it('leaves an interval without failures as the network said it', () => {
    expect(fitHazardCalibration([{logit: -3, failed: false, exposure: 1}])).toEqual({slope: 1, shift: 0});
    expect(calibratedHazards([0], [{slope: 1, shift: 0}])).toEqual([0.5]);
  });
});

describe('censored labels', () => {
  it('a removal after 48 h survived one day and half of the next two', () => {
    expect(hazardLabels({watchedH: 48, failed: false}, [24, 72])).toEqual({
      failed: [0, 0],
      exposure: [1, 0.5],
    });
  });

  it('a failure after 48 h falls into the second interval, and nothing is known after it', () => {
    expect(hazardLabels({watchedH: 48, failed: true}, [24, 72, 168])).toEqual({
      failed: [0, 1, 0],
      exposure: [1, 1, 0],
    });
  });

  it('those who stayed speak for those who were removed', () => {
    const outcomes = [
      {watchedH: 10, failed: false},
      {watchedH: 20, failed: true},
    ];
    const share = uncensoredShare(outcomes);
    expect([share(5), share(10), share(100)]).toEqual([1, 0.5, 0.5]);
    expect(outcomes.map((outcome) => judgedWeight(outcome, 24, share))).toEqual([0, 2]);
    expect(outcomes.map((outcome) => judgedWeight(outcome, 8, share))).toEqual([1, 1]);
  });
});
