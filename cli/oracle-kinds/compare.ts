import type {OracleKind, Tolerances} from './oracle.ts';

/** One expected value against the product's. */
export interface Comparison {
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** Distance over what is allowed: up to 1 passes; 0 when equal, Infinity when something is missing or of another type. */
  readonly strain: number;
}

/** An expected value that should be 0 often carries the rounding of its own computation; nobody can be held to less. */
const ROUNDING = 1e-12;

/** Compares every expected value, however deep, except fields ending in `_info` and those about the reference itself. */
export function compare(
  expected: unknown,
  actual: unknown,
  tol: Tolerances,
  {toleranceOf, aboutReference, allowedAt}: Omit<OracleKind, 'answer'>,
): Comparison[] {
  const visit = (want: unknown, have: unknown, path: readonly string[]): Comparison[] => {
    if (Array.isArray(want) && (Array.isArray(have) || ArrayBuffer.isView(have))) {
      const got = [...(have as ArrayLike<unknown> & Iterable<unknown>)];
      const same = got.length === want.length;
      const size = {field: [...path, 'length'].join('.'), expected: want.length, actual: got.length};
      return [
        {...size, strain: same ? 0 : Infinity},
        ...want.flatMap((item, i) => visit(item, got[i], [...path, String(i)])),
      ];
    }
    if (isRecord(want) && isRecord(have)) {
      return Object.entries(want)
        .filter(([key]) => !key.endsWith('_info') && !aboutReference.includes(key))
        .flatMap(([key, value]) => visit(value, have[key], [...path, key]));
    }
    return [
      {
        field: path.join('.'),
        expected: want,
        actual: have,
        strain: strain(want, have, allowedAt(path, expected) ?? allowed(path, tol, toleranceOf, want)),
      },
    ];
  };
  return visit(expected, actual, []);
}

function strain(want: unknown, have: unknown, allowedDistance: number): number {
  if (typeof want !== 'number' || typeof have !== 'number') return Object.is(want, have) ? 0 : Infinity;
  const distance = Math.abs(want - have);
  if (distance === 0) return 0;
  return Number.isFinite(distance) ? distance / allowedDistance : Infinity;
}

/** The distance allowed here: the tolerance of the innermost name that has one, else the case's general one. */
function allowed(
  path: readonly string[],
  tol: Tolerances,
  toleranceOf: Readonly<Record<string, string>>,
  want: unknown,
): number {
  if (typeof want !== 'number') return 0;
  for (const name of [...path].reverse()) {
    for (const key of [name, toleranceOf[name]]) {
      const found =
        key === undefined ? undefined : bound(tol[key], tol[`${key}_abs`], tol[`${key}_rel`], want);
      if (found !== undefined) return found;
    }
  }
  const general = bound(tol['exact'], tol['abs'], tol['rel'], want);
  if (general !== undefined) return general;
  // The case says nothing about this field: whole numbers are exact, others go by its strictest figure.
  if (Number.isInteger(want)) return 0;
  const figures = Object.values(tol).filter((value) => typeof value === 'number');
  return Math.min(ROUNDING * 1000, ...figures);
}

function bound(
  plain: number | string | undefined,
  abs: number | string | undefined,
  rel: number | string | undefined,
  want: number,
): number | undefined {
  if (typeof plain === 'string' && plain.startsWith('exact')) return 0;
  const bounds: number[] = [];
  if (typeof plain === 'number') bounds.push(plain);
  if (typeof abs === 'number') bounds.push(abs);
  if (typeof rel === 'number') bounds.push(Math.max(rel * Math.abs(want), Math.min(rel, ROUNDING)));
  return bounds.length === 0 ? undefined : Math.min(...bounds); // where a case states both, both must hold
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
