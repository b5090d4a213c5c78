import {scryptSync} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {SignInLimits} from '../../console/api/sign-in-limits.ts';
import {hashPassword, passwordFits, passwordProblem} from '../../platform/passwords.ts';

describe('passwords', () => {
  it.each([
    ['correct horse battery', null],
    ['elevenchars', '12 to 200'],
    ['x'.repeat(201), '12 to 200'],
    ['Password2026!', 'known'],
    ['CHANGEME-1234', 'known'],
    ['123456789012345', 'known'],
    ['ababababababab', 'repeats'],
    ['this is planner-1 here', 'holds the name'],
  ])('K3 %s: %s', (password, problem) => {
    const found = passwordProblem(password, 'planner-1');
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });

  it('K3 a hash fits its password alone, says what it cost, and is never the same twice', async () => {
    const [one, two] = [
      await hashPassword('correct horse battery'),
      await hashPassword('correct horse battery'),
    ];
    expect(one).not.toBe(two);
    expect(await passwordFits('correct horse battery', one)).toBe(true);
    expect(await passwordFits('correct horse batterz', one)).toBe(false);
    expect(await passwordFits('correct horse battery', null)).toBe(false);
    const [, log2N, r, p, salt, key] = one.split('$');
    expect([log2N, r, p]).toEqual(['15', '8', '3']); // OWASP Password Storage Cheat Sheet
    const again = scryptSync('correct horse battery', Buffer.from(salt!, 'base64url'), 32, {
      N: 2 ** 15,
      r: 8,
      p: 3,
      maxmem: 2 ** 26 + 2 ** 20,
    });
    expect(again.toString('base64url')).toBe(key);
  });

  it('K3 a password typed in another normal form of Unicode is the same one', async () => {
    expect(
      await passwordFits(
        'zwölf Kraniche zögern'.normalize('NFD'),
        await hashPassword('zwölf Kraniche zögern'),
      ),
    ).toBe(true);
  });
});

describe('guesses', () => {
  it('K3 from the sixth at a name on each doubles the wait, up to a minute, and an hour of silence forgets them', () => {
    let now = 1_000_000;
    const limits = new SignInLimits(() => now);
    const waits = Array.from({length: 14}, (_, nth) => {
      limits.failed('planner-1', `address ${nth}`);
      return limits.waitMs('Planner-1', 'another address') / 1000;
    });
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(limits.waitMs('planner-2', 'another address')).toBe(0);
    now += 3_600_000;
    expect(limits.waitMs('planner-1', 'another address')).toBe(0);
    limits.failed('planner-1', 'x');
    expect(limits.waitMs('planner-1', 'x')).toBe(0);
  });

  it('K3 an address that tries many names has to wait, also when one of them was its own', () => {
    const limits = new SignInLimits(() => 0);
    for (let nth = 0; nth < 21; nth += 1) limits.failed(`name-${nth}`, '203.0.113.7');
    limits.succeeded('name-3');
    expect(limits.waitMs('name-99', '203.0.113.7')).toBe(1000);
    expect(limits.waitMs('name-99', '203.0.113.8')).toBe(0);
  });
});
