/** Permissive licences: they ask for attribution at most. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/**
 * Whether an SPDX expression leaves us a permissive way: any side of an OR, both sides of an AND.
 *
 * Example: `(MIT OR GPL-3.0-only)` → true, `MIT AND GPL-3.0-only` → false.
 */
export function isAllowed(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let next = 0;

  // SPDX: AND binds tighter than OR.
  const anyOf = (): boolean => {
    let allowed = allOf();
    for (; tokens[next] === 'OR';) {
      next += 1;
      const other = allOf();
      allowed ||= other;
    }
    return allowed;
  };
  const allOf = (): boolean => {
    let allowed = one();
    for (; tokens[next] === 'AND';) {
      next += 1;
      const other = one();
      allowed &&= other;
    }
    return allowed;
  };
  const one = (): boolean => {
    const token = tokens[next] ?? '';
    next += 1;
    if (token !== '(') return ALLOWED.has(token);
    const inner = anyOf();
    const closed = tokens[next] === ')';
    next += 1;
    return inner && closed;
  };

  return anyOf() && next === tokens.length;
}
