import type {GateCheck} from '../core/gate-check.ts';
import {DEFAULT_GATE_LIMITS, type GateLimits} from '../core/gate-limits.ts';
import type {Metrics} from '../core/metrics.ts';

/** What the gate asks of one horizon; a card holds it. */
export interface GatedQuality {
  readonly horizonH: number;
  readonly model: Gated;
  readonly age: Gated;
  readonly brierSkillOverAge: number;
}
type Gated = Pick<Metrics, 'calibrationError' | 'averagePrecision' | 'logLoss'>;

/** Every check at every horizon; a model passes when all do. */
export function qualityGate(
  quality: readonly GatedQuality[],
  {calibrationErrorMax, brierSkillMin}: GateLimits = DEFAULT_GATE_LIMITS,
): readonly GateCheck[] {
  return quality.flatMap(({horizonH, model, age, brierSkillOverAge}) => [
    check(
      `calibration error at ${horizonH} h is at most ${calibrationErrorMax}`,
      model.calibrationError,
      model.calibrationError <= calibrationErrorMax,
    ),
    check(
      `Brier skill over age at ${horizonH} h is at least ${brierSkillMin}`,
      brierSkillOverAge,
      brierSkillOverAge >= brierSkillMin,
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
