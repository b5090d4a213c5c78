import {describe, expect, it} from 'vitest';
import type {Family} from '../../../predict/training/families/family.ts';
import {trainEnsemble, type TrainedClass} from '../../../predict/training/train-ensemble.ts';
import {POSITIONS, visitedFleet} from '../visited-fleet.ts';

/** A few trees: the calendar is what is tested. */
const FAMILIES: readonly Family[] = [
  {
    name: 'trees',
    settings: {
      trees: 25,
      patience: 8,
      rowShare: 0.7,
      inputShare: 0.5,
      leaves: 6,
      leafCurvatureMin: 1,
      leafRowsMin: 20,
      l2: 1,
      rate: 0.25,
    },
  },
];

async function train(everyH: number, jitterH: number): Promise<TrainedClass> {
  return trainEnsemble({
    target: {
      equipmentClassId: 'visited',
      gridH: 3,
      windowH: 48,
      signals: POSITIONS.map((positionId) => ({
        name: `signal_${positionId}`,
        label: positionId,
        unit: 'V',
        normalLow: 47,
        normalHigh: 53,
      })),
    },
    machines: visitedFleet({machines: 12, days: 100, everyH, jitterH, seed: 11}),
    familiesOf: () => FAMILIES,
    backend: 'cpu',
    seed: 1,
    issuedAfterH: 0,
    source: 'a simulated fleet',
  });
}

describe('a fleet that is visited', () => {
  const at = ({card}: TrainedClass, horizonH: number) =>
    card.quality.find((each) => each.horizonH === horizonH)!;

  it('B1 to the hour is learnt as such; a blurred calendar costs precision and leaves probabilities true', async () => {
    const sharp = await train(240, 0);
    const blurred = await train(240, 24);
    expect(sharp.content.features.spec.visits).toMatchObject({everyH: 240, deviationsH: [0]});
    const visits = blurred.content.features.spec.visits!;
    expect(Math.abs(visits.everyH - 240)).toBeLessThan(5);
    expect(visits.deviationsH.at(-1)).toBeGreaterThan(12);
    for (const trained of [sharp, blurred]) {
      for (const {horizonH, model, brierSkillOverAge} of trained.card.quality) {
        expect(model.calibrationError, `${horizonH} h`).toBeLessThan(0.05);
        // Four weeks ahead twelve machines teach no more than age.
        if (horizonH <= 168) expect(brierSkillOverAge, `${horizonH} h`).toBeGreaterThan(0);
      }
    }
    expect(at(sharp, 24).model.averagePrecision).toBeGreaterThan(0.9);
    expect(at(blurred, 24).model.averagePrecision).toBeGreaterThan(0.4);
    expect(at(blurred, 24).model.averagePrecision).toBeLessThan(at(sharp, 24).model.averagePrecision);
  });

  it('B1 at any time has no calendar made up for it: hazards over intervals answer', async () => {
    const trained = await train(240, 120);
    expect(trained.content.features.spec.visits).toBeUndefined();
    expect(Object.keys(trained.content.heads)).toEqual(['hazards']);
    expect(at(trained, 24).brierSkillOverAge).toBeGreaterThan(0.1);
  });
});
