import {z} from 'zod';

/** What a promotion asks for; versioned data with effective dates (platform.parameter, key 'predict.gate'). */
export const GateLimits = z.strictObject({
  /** Where said and seen are further apart than this on average, the stock is wrong by as much: 0.02 is 2 machines in 100. */
  calibrationErrorMax: z.number().gt(0).max(1),
  /** A model that removes less of the age law's squared error than this is not worth its upkeep. */
  brierSkillMin: z.number().min(0).max(1),
  /** Forecasts beside the champion's: … */
  live: z.strictObject({
    /** … of so many days, */
    days: z.int().min(28).max(400),
    /** so many that have come to an end at one horizon, one a day and component, */
    rowsMin: z.int().min(1),
    /** and so many failures among them: below it one machine's luck decides. */
    failuresMin: z.int().min(1),
  }),
  /** Recorded decisions with known outcomes below which what they would have cost says nothing. */
  stockDecisionsMin: z.int().min(1),
});
export type GateLimits = z.infer<typeof GateLimits>;

/** The age laws ask for as many failures before they are fitted (weibull.ts). */
export const DEFAULT_GATE_LIMITS: GateLimits = {
  calibrationErrorMax: 0.02,
  brierSkillMin: 0.05,
  live: {days: 180, rowsMin: 200, failuresMin: 10},
  stockDecisionsMin: 30,
};
