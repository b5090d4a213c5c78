import {z} from 'zod';
import {PPM} from '../../domain/quantity.ts';

/** What can send a class back to its age model. */
export const BREACHES = ['calibration', 'scores', 'inputs'] as const;
export type Breach = (typeof BREACHES)[number];

/** How models are watched; versioned data with effective dates (platform.parameter, key 'predict.watch'). */
export const WatchRules = z.strictObject({
  /** Each night looks so many days back. */
  windowDays: z.int().min(28).max(365),
  calibration: z.strictObject({
    /** While all models are right, nights until one of them is taken for wrong: at least so many on average, over all of them. */
    falseAlarmNights: z.number().min(1),
    /** Failures, expected or observed, that it takes at least, */
    failuresMin: z.number().min(1),
    /** and how many times as many, or as few, as expected. */
    ratioMin: z.number().min(1),
  }),
  drift: z.strictObject({
    /** Population stability index, and … */
    psiMin: z.number().positive(),
    /** … chance of the Kolmogorov–Smirnov distance in any test of a year, at which a distribution counts as another one. */
    alpha: z.number().gt(0).max(0.5),
    /** Machines or components that it takes at least, on both sides. */
    samplesMin: z.int().min(10),
  }),
  alarm: z.strictObject({
    /** An alarm is a component whose P(failure within the last horizon) is at least this, in ppm. */
    ppm: z.int().min(1).max(PPM),
    /** A failure was foreseen by an alarm so many hours ahead at least. */
    minLeadH: z.number().min(0),
  }),
  /** Breaches that send a class back to its age model; the others are shown. */
  fallBackOn: z.array(z.enum(BREACHES)),
});
export type WatchRules = z.infer<typeof WatchRules>;

/** The age of a fleet moves its scores and the season its inputs, neither of which makes a model wrong: only calibration says that. */
export const DEFAULT_WATCH_RULES: WatchRules = {
  windowDays: 84,
  calibration: {falseAlarmNights: 3650, failuresMin: 5, ratioMin: 1.5},
  drift: {psiMin: 0.25, alpha: 0.01, samplesMin: 50},
  alarm: {ppm: 500_000, minLeadH: 24},
  fallBackOn: ['calibration'],
};
