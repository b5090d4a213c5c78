import {describe, expect, it} from 'vitest';
import {EquipmentId, isId} from '../../domain/ids.ts';

describe('an id', () => {
  it.each([
    ['', false],
    ['CH-0001', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['🔩'.repeat(128), true], // a character that takes two units of UTF-16 is one
    ['🔩'.repeat(129), false],
    ['Kühler_3.a', true],
    ['CH 1', false],
    ['CH/1', false],
    ['+', false],
    ['CH#1', false],
    ['CH\u0000', false],
    ['CH\u007f', false],
    ['CH-1\n', false],
  ])('%j is one: %j, with the schema and without', (text, expected) => {
    expect(isId(text)).toBe(expected);
    expect(EquipmentId.safeParse(text).success).toBe(expected);
  });
});
