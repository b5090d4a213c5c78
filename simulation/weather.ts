import type {Random} from '../simulator/random.ts';

/** What may go wrong by itself, each time somebody asks; the chance of each is drawn anew for every seed. */
const TROUBLES = {
  /** An answer takes seconds, up to half a minute. */
  slow: 0.01,
  /** The request is lost, or the connection before it. */
  'request lost': 0.02,
  /** It was done, and nobody hears of it. */
  'answer lost': 0.03,
  /** The database gives a transaction up at its commit. */
  'commit refused': 0.05,
  /** A connection between a device, the broker and the door ends. */
  reset: 0.01,
  /** The receiver of a webhook answers 500, before or after having done it. */
  'receiver fails': 0.3,
  /** It takes minutes to answer. */
  'receiver hangs': 0.1,
  /** It does not take this one effect, until somebody has mended something. */
  'receiver dislikes': 0.3,
} as const;
export type Trouble = keyof typeof TROUBLES;

const SLOW_MS_MAX = 30_000;

/** Trouble by chance. About half the kinds are absent from each seed, so that what is left is not always drowned by the rest. */
export class Weather {
  readonly random: Random;
  readonly #chances: ReadonlyMap<Trouble, number>;
  #calm = false;

  constructor(random: Random) {
    this.random = random;
    const chances = new Map<Trouble, number>();
    for (const [trouble, most] of Object.entries(TROUBLES) as [Trouble, number][]) {
      chances.set(trouble, random.chance(0.5) ? 0 : random.between(0, most));
    }
    this.#chances = chances;
  }

  /** From now on all goes well. */
  calmDown(): void {
    this.#calm = true;
  }

  strikes(trouble: Trouble): boolean {
    return this.random.chance(this.#chances.get(trouble)!) && !this.#calm;
  }

  /** How long something takes on its way, in ms. */
  latencyMs(): number {
    return this.strikes('slow') ? this.random.between(100, SLOW_MS_MAX) : this.random.between(0.2, 5);
  }
}
