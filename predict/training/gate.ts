import {CALIBRATION_ERROR_MAX, type GateCheck} from '../core/gate-check.ts';
import type {Metrics} from '../core/metrics.ts';

export {CALIBRATION_ERROR_MAX, type GateCheck};

/** What the gate asks of one horizon; a card holds it. */
export interface GatedQuality {
  readonly horizonH: number;
  readonly model: Gated;
  readonly age: Gated;
  readonly brierSkillOverAge: number;
}
type Gated = Pick<Metrics, 'calibrationError' | 'averagePrecision' | 'logLoss'>;

/** A model that removes less of the age law's squared error than this is not worth its upkeep. */
export const BRIER_SKILL_MIN = 0.05;

/** Every check at every horizon; a model passes when all do. */
export function qualityGate(quality: readonly GatedQuality[]): readonly GateCheck[] {
  return quality.flatMap(({horizonH, model, age, brierSkillOverAge}) => [
    check(
      `calibration error at ${horizonH} h is at most ${CALIBRATION_ERROR_MAX}`,
      model.calibrationError,
      model.calibrationError <= CALIBRATION_ERROR_MAX,
    ),
    check(
      `Brier skill over age at ${horizonH} h is at least ${BRIER_SKILL_MIN}`,
      brierSkillOverAge,
      brierSkillOverAge >= BRIER_SKILL_MIN,
    ),
    check(
      `average precision at ${horizonH} h is above age's`,
      model.averagePrecision - age.averagePrecision,
      model.averagePrecision > age.averagePrecision,
    ),
    check(
      `log loss at ${horizonH} h is below age's`,
      model.logLoss - age.logLoss,
      model.logLoss < age.logLoss,
    ),
  ]);
}

function check(claim: string, value: number, passed: boolean): GateCheck {
  return {claim, value, passed};
}
