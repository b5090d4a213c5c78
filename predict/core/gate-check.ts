/** One question that a model must answer well before it may be promoted. */
export interface GateCheck {
  readonly claim: string;
  readonly value: number;
  readonly passed: boolean;
}
