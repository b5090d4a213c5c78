import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, type EpochMs} from '../../../domain/time.ts';
import {outcomeOf, type TrainingLife, type TrainingMachine} from '../../../predict/training/dataset.ts';
import {describeClass} from '../../../predict/training/describe-class.ts';

const hour = (h: number): EpochMs => epochMs(Date.UTC(2026, 0, 1) + h * HOUR_MS);
const life = (more: Partial<TrainingLife>): TrainingLife => ({
  positionId: 'pump',
  componentClassId: 'pump',
  componentId: 'p-1',
  installedAt: hour(0),
  endedAt: null,
  end: 'running',
  ...more,
});

describe('what came of a component', () => {
  it('B1 that failed and ran on is a failure before it, and a life that goes on after it', () => {
    const ranOn = life({failedAt: [hour(30)], endedAt: hour(90), end: 'planned'});
    expect(outcomeOf(ranOn, hour(20), hour(1000))).toEqual({watchedH: 10, failed: true});
    expect(outcomeOf(ranOn, hour(30), hour(1000))).toEqual({watchedH: 60, failed: false});
    expect(outcomeOf(ranOn, hour(40), hour(1000))).toEqual({watchedH: 50, failed: false});
  });

  it('B1 and failed for good later is a failure both times', () => {
    const twice = life({failedAt: [hour(30)], endedAt: hour(90), end: 'failure'});
    expect(outcomeOf(twice, hour(20), hour(1000))).toEqual({watchedH: 10, failed: true});
    expect(outcomeOf(twice, hour(40), hour(1000))).toEqual({watchedH: 50, failed: true});
  });

  it('B1 is not known before it happened', () => {
    const ranOn = life({failedAt: [hour(30)], endedAt: hour(90), end: 'failure'});
    expect(outcomeOf(ranOn, hour(20), hour(25))).toEqual({watchedH: 5, failed: false});
    expect(outcomeOf(ranOn, hour(40), hour(80))).toEqual({watchedH: 40, failed: false});
  });
});

describe('the life of a class by age', () => {
  const machine = (lives: readonly TrainingLife[]): TrainingMachine => ({
    equipmentId: 'm-1',
    classId: 'c',
    modelId: 'x',
    attributes: {},
    hours: Float64Array.from({length: 400}, (_, i) => hour(i + 1)),
    signals: {},
    events: [],
    lives,
  });
  const lifeOf = (lives: readonly TrainingLife[]) =>
    describeClass({equipmentClassId: 'c', signals: []}, [machine(lives)], hour(400)).components[0]!.life;

  it('B1 counts a failure after which the component ran on, and its age goes on', () => {
    // 400 h watched and (1 + ½) failures: the constant rate of weibull.ts, as lives that few make no Weibull.
    expect(lifeOf([life({failedAt: [hour(100)]})]).scaleH).toBeCloseTo(400 / 1.5, 6);
    expect(lifeOf([life({})]).scaleH).toBeCloseTo(400 / 0.5, 6);
  });

  it('B1 of failures that all come at one age is as steep whether they ended a life or not', () => {
    const at = Array.from({length: 12}, (_, nth) => 190 + 2 * nth);
    const ended = at.map((h) => life({endedAt: hour(h), end: 'failure'}));
    const ranOn = at.map((h) => life({failedAt: [hour(h)], endedAt: hour(h + 1), end: 'planned'}));
    const [a, b] = [lifeOf(ended), lifeOf(ranOn)];
    expect(a.shape).toBeGreaterThan(5);
    expect(b.shape / a.shape).toBeCloseTo(1, 1);
    expect(b.scaleH / a.scaleH).toBeCloseTo(1, 1);
  });
});
