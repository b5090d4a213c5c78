/** 0.6057 → '60.6 %'. `share` is 0 to 1. */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/**
 * Of what is nearly sure, or hardly ever is, another digit, and never rounded to the sure or to the impossible.
 * Example: 0.6057 → '60.6 %'; 0.99986 → '99.99 %'; 0.00004 → 'less than 0.01 %'.
 */
export function chance(probability: number): string {
  if (probability < 0.00005) return 'less than 0.01 %';
  if (probability >= 0.99995) return 'more than 99.99 %';
  return percent(probability, probability >= 0.9995 || probability < 0.0005 ? 2 : 1);
}

/** What there is and what is wanted; alike in print, they are told to the part per million. Example: 0.999912, 0.999941 → 99.9912 %, 99.9941 %. */
export function chancesApart(is: number, wanted: number): readonly [string, string] {
  const printed = [chance(is), chance(wanted)] as const;
  if (printed[0] !== printed[1] || is === wanted) return printed;
  return [percent(is, 4), percent(wanted, 4)];
}

/** 606000 → '60.6 %': probabilities travel as whole parts per million. */
export function ppmText(ppm: number): string {
  return chance(ppm / 1e6);
}
