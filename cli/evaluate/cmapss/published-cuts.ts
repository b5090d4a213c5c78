import {HEARD_MIN} from '../../../predict/training/remaining-life/life-rows.ts';
import type {PublishedTest} from './subsets.ts';

/** How many cycles before its end a life is cut. */
export interface CutLaw {
  readonly least: number;
  /** [i]: weight of least … least + i cycles left, for a life that is long enough for all of them. */
  readonly cumulative: readonly number[];
}

/** No tilt halves the chance within less than 34 cycles: what is asked about stays spread over the range. */
const TILT_MAX = 0.02;
/** Halvings of the tilt; 2 · TILT_MAX / 2⁴⁰ is nothing. */
const HALVINGS = 40;

/**
 * Cuts whole lives as a published test set is cut, of which the answers need not be known: what is left lies within the range of the
 * set, and its mean is the mean life less the mean number of rows of a test engine. Of all such laws the one that assumes
 * least, P(left) ∝ exp(−tilt · left); a cut leaves 2 · HEARD_MIN cycles to be heard.
 *
 * Source: Jaynes (1957), Information theory and statistical mechanics (the law of greatest entropy).
 * Example: lives of 200 of which a test engine shows 124 in the mean, 7 to 145 left → tilt 0, every number as likely as the other.
 */
export function learnCutLaw(lives: readonly number[], {rows, engines, left}: PublishedTest): CutLaw {
  const wanted = lives.reduce((sum, life) => sum + life, 0) / lives.length - rows / engines;
  let [low, high] = [-TILT_MAX, TILT_MAX];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (meanLeft(tilted(left, middle), lives) > wanted) low = middle;
    else high = middle;
  }
  return tilted(left, (low + high) / 2);
}

/** Cycles left to a life that is cut at random. */
export function drawLeft({least, cumulative}: CutLaw, life: number, random: () => number): number {
  const asked = random() * cumulative[choices(cumulative, least, life) - 1]!;
  const drawn = least + cumulative.findIndex((weight) => asked < weight);
  return Math.min(drawn, Math.max(0, life - 1));
}

function tilted([least, most]: PublishedTest['left'], tilt: number): CutLaw {
  let sum = 0;
  const cumulative = Array.from({length: most - least + 1}, (_, i) => (sum += Math.exp(-tilt * i)));
  return {least, cumulative};
}

function meanLeft({least, cumulative}: CutLaw, lives: readonly number[]): number {
  // Σ i · weight(i) up to n − 1 choices = (n − 1) · cumulative(n − 1) − Σ of the cumulative weights before
  let before = 0;
  const means = cumulative.map((weight, i) => {
    const mean = i - before / weight;
    before += weight;
    return least + mean;
  });
  return lives.reduce((sum, life) => sum + means[choices(cumulative, least, life) - 1]!, 0) / lives.length;
}

/** How many of the cuts leave enough of a life to be heard; one at least. */
function choices(cumulative: readonly number[], least: number, life: number): number {
  return Math.max(1, Math.min(cumulative.length, life - 2 * HEARD_MIN - least + 1));
}
