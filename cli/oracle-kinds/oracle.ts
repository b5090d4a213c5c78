import {z} from 'zod';

/** How far an answer may be from the expected value, as the case states it: `abs`, `rel`, `<field>_abs`, `<field>: 'exact'`, … */
export type Tolerances = Readonly<Record<string, number | string>>;

const OracleCase = z.object({
  id: z.string(),
  kind: z.string(),
  input: z.unknown(),
  expected: z.unknown(),
  tol: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
});
export type OracleCase = z.infer<typeof OracleCase>;

/** A table of cases with expected values that this product's code had no part in. */
export const OracleFile = z.object({cases: z.array(OracleCase)});

/** One sort of question and the product's answer to it, in the shape of the case's `expected`. */
export interface OracleKind {
  readonly answer: (input: unknown, expected: unknown) => unknown;
  /** Which of the case's tolerances a field goes by, where the names differ: {cdf: 'pmf'} means `pmf_abs`. */
  readonly toleranceOf: Readonly<Record<string, string>>;
  /** Fields that describe the reference (its confidence interval), and ask nothing of the product. */
  readonly aboutReference: readonly string[];
  /** The distance allowed at a path of the expected values, where the case says it in a way of its own (simulated figures). */
  readonly allowedAt: (path: readonly string[], expected: unknown) => number | undefined;
}

/**
 * Declares a kind. The expected values may be consulted only for what is asked (which levels, how many terms), which is why
 * their schema is stated too.
 */
export function kind<I extends z.ZodType, E extends z.ZodType>(spec: {
  readonly input: I;
  readonly asks: E;
  readonly toleranceOf?: Readonly<Record<string, string>>;
  readonly aboutReference?: readonly string[];
  readonly allowedAt?: (path: readonly string[], asked: z.infer<E>) => number | undefined;
  readonly answer: (input: z.infer<I>, asked: z.infer<E>) => unknown;
}): OracleKind {
  return {
    toleranceOf: spec.toleranceOf ?? {},
    aboutReference: spec.aboutReference ?? [],
    allowedAt: (path, expected) => spec.allowedAt?.(path, spec.asks.parse(expected)),
    answer: (input, expected) => spec.answer(spec.input.parse(input), spec.asks.parse(expected)),
  };
}

/** For kinds whose question is wholly in the input. */
export const anything = z.unknown();
