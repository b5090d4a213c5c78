/** A mean over seeds; the half width is of a 95 % interval by Student's t. */
export interface Estimate {
  readonly mean: number;
  readonly ci95: number;
}

/** Two-sided 95 % points of Student's t for 1, 2, 3, … degrees of freedom; beyond the table the normal one is used. */
const STUDENT_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093,
];
const NORMAL_95 = 1.96;

/** Example: 1, 2, 3 → 2 ± 4.303 · 1/√3 = 2.484. A single value has no interval: ci95 is NaN. */
export function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const t = STUDENT_95[values.length - 2] ?? NORMAL_95;
  return {mean, ci95: t * Math.sqrt(variance / values.length)};
}
