import {describe, expect, it} from 'vitest';
import {calibratedHazards, sigmoid} from '../../../predict/core/calibration.ts';
import {chooseCalibration, type MachineEvidence} from '../../../predict/training/choose-calibration.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

/** Rows of 50 machines whose hazard is `truth` of what was said. */
function evidence(rows: number, truth: (said: number) => number, seed: number): MachineEvidence[] {
  const random = seededGenerator(seed);
  return Array.from({length: rows}, (_, row) => {
    const logit = random() * 6 - 4;
    return {logit, failed: random() < truth(sigmoid(logit)), exposure: 1, machine: row % 50};
  });
}

/** No line in the logit: as good as never below 0.3, every other one above. */
const step = (said: number): number => (said < 0.3 ? 0.02 : 0.5);

describe('calibration', () => {
  it('B1 is a curve where many failures show that no line in the logit will do', () => {
    const {curve, slope, shift} = chooseCalibration(evidence(20_000, step, 1));
    expect(curve).toBeDefined();
    const hazard = (said: number): number =>
      calibratedHazards([Math.log(said / (1 - said))], [{slope, shift, curve}])[0]!;
    for (const said of [0.05, 0.1, 0.2]) expect(hazard(said)).toBeCloseTo(0.02, 1);
    for (const said of [0.6, 0.8]) expect(hazard(said)).toBeCloseTo(0.5, 1);
    expect(Math.abs(hazard(0.1) - 0.02)).toBeLessThan(0.01);
  });

  it('B1 stays a line where the line is right, and where failures are too few to tell', () => {
    expect(chooseCalibration(evidence(20_000, (said) => said, 2)).curve).toBeUndefined();
    expect(
      chooseCalibration(evidence(150, step, 3).filter(({failed}, i) => !failed || i % 5 === 0)).curve,
    ).toBeUndefined();
    expect(chooseCalibration(evidence(200, () => 0, 4))).toEqual({slope: 1, shift: 0});
  });

  it('B1 keeps what was ranked higher ranked higher', () => {
    const calibration = chooseCalibration(evidence(20_000, step, 1));
    const hazards = Array.from({length: 400}, (_, i) => calibratedHazards([-4 + i / 66], [calibration])[0]!);
    for (const [i, hazard] of hazards.entries()) if (i > 0) expect(hazard).toBeGreaterThan(hazards[i - 1]!);
  });
});
