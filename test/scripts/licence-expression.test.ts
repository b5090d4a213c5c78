import {expect, it} from 'vitest';
import {isAllowed} from '../../scripts/licence-expression.ts';

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only OR MIT AND ISC', true],
  ['(GPL-3.0-only OR MIT) AND LGPL-2.1', false],
  ['Apache-2.0 WITH LLVM-exception', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['(MIT', false],
  ['', false],
])('a package under "%s" may ship: %s', (expression, expected) => {
  expect(isAllowed(expression)).toBe(expected);
});
