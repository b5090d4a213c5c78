/** One question that a model must answer well before it may be promoted. */
export interface GateCheck {
  readonly claim: string;
  readonly value: number;
  readonly passed: boolean;
}

/** Where said and seen are further apart than this, the stock is wrong by as much: 2 machines in 100. */
export const CALIBRATION_ERROR_MAX = 0.02;
