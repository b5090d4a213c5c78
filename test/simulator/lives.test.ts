import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, type EpochMs} from '../../domain/time.ts';
import {COMPONENT_CLASSES} from '../../simulator/equipment-classes.ts';
import {machineSpecs} from '../../simulator/machine-spec.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {Timeline, stressOf} from '../../simulator/timeline.ts';

const startAt = epochMs(Date.UTC(2026, 0, 5));
const specs = machineSpecs(referenceNetwork({seed: 5, startAt, machines: 300}));
const century = epochMs(startAt + 36_525 * DAY_MS);
const timelines = specs.map((spec) => {
  const timeline = new Timeline(5, spec);
  timeline.advance(century);
  return timeline;
});

describe('the lives of components', () => {
  it('last as long as their Weibull law says, once load and standstills are taken out', () => {
    for (const [componentClassId, {shape, scaleH}] of Object.entries(COMPONENT_CLASSES)) {
      let failures = 0;
      let effort = 0; // Σ t^shape over failed, replaced and running lives: maximum likelihood for a known shape
      for (const {spec, lives} of timelines) {
        for (const life of lives.filter((each) => each.componentClassId === componentClassId)) {
          if (life.end === 'failure') failures += 1;
          effort += ((((life.endedAt ?? century) - life.installedAt) / HOUR_MS) * stressOf(spec)) ** shape;
        }
      }
      const estimate = (effort / failures) ** (1 / shape);
      expect(failures, componentClassId).toBeGreaterThan(1500);
      // Standard error 1/(shape · √failures), at most 2.5 %; standstills stretch lives by a few per mille.
      expect(Math.abs(estimate / scaleH - 1), componentClassId).toBeLessThan(0.05);
    }
  });

  it('announce 70 to 85 % of failures 2 to 20 days ahead', () => {
    const failures = timelines.flatMap(({lives}) => lives.filter((life) => life.end === 'failure'));
    const announced = failures.filter(({onsetAt, endedAt}) => {
      const days = onsetAt === null ? 0 : (endedAt! - onsetAt) / DAY_MS;
      return days >= 2 && days <= 20;
    });
    expect(announced.length / failures.length).toBeGreaterThan(0.7);
    expect(announced.length / failures.length).toBeLessThan(0.85);
  });

  it('follow each other without overlap, and only maintained classes end as planned', () => {
    for (const {spec, lives} of timelines.slice(0, 30)) {
      for (const {positionId} of spec.positions) {
        const chain = lives.filter((life) => life.positionId === positionId);
        chain
          .slice(1)
          .forEach((life, i) => expect(life.installedAt).toBeGreaterThanOrEqual(chain[i]!.endedAt!));
        expect(chain.slice(0, -1).every((life) => life.end !== 'running')).toBe(true);
      }
      for (const life of lives.filter(({end}) => end === 'planned')) {
        expect(COMPONENT_CLASSES[life.componentClassId]!.plannedAfterH).not.toBeNull();
      }
    }
  });

  it('meet the same fate whatever the repair policy, later by the standstills', () => {
    const spec = specs[0]!;
    const quick = new Timeline(5, spec);
    quick.repairPolicy = {afterH: 1};
    const slow = new Timeline(5, spec);
    slow.repairPolicy = {afterH: 400};
    quick.advance(century);
    slow.advance(century);
    const bearing = (timeline: Timeline): number[] =>
      timeline.lives
        .filter((life) => life.positionId === spec.positions[1]!.positionId && life.end === 'failure')
        .slice(0, 5)
        .map((life) => life.endedAt! - life.installedAt);
    expect(bearing(quick)).toHaveLength(5);
    bearing(slow).forEach((lifeMs, i) => expect(lifeMs).toBeGreaterThanOrEqual(bearing(quick)[i]! - 1000));
  });

  it('wait at a standstill until somebody repairs, and only the component that failed', () => {
    const timeline = new Timeline(5, specs[0]!);
    timeline.repairPolicy = 'on-call';
    const events = timeline.advance(century);
    const failure = events.at(-2)!;
    expect(events.slice(-2).map(({type}) => type)).toEqual(['failure', 'stopped']);
    expect(timeline.failedPositionId).toBe(failure.positionId);
    const other = specs[0]!.positions.find(({positionId}) => positionId !== failure.positionId)!;
    expect(timeline.repair(other.positionId, failure.at)).toBe(false);
    const at: EpochMs = epochMs(failure.at + 50 * HOUR_MS);
    expect(timeline.repair(failure.positionId, at, 'SN-77')).toBe(true);
    expect(timeline.advance(epochMs(at + 1))).toEqual([
      {type: 'part-replaced', positionId: failure.positionId, serial: 'SN-77', at},
      {type: 'started', positionId: failure.positionId, at: at + 1000},
    ]);
    expect(timeline.isDown).toBe(false);
  });
});
