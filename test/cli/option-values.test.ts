import {expect, it} from 'vitest';
import {planCommand} from '../../cli/plan.ts';
import {amountMinor, instant, share, wholeNumber} from '../../cli/option-values.ts';

it('an option that wants a whole number refuses words, fractions and nought', () => {
  expect(wholeNumber('900')).toBe(900);
  for (const wrong of ['fast', '1.5', '0', '-3', ''])
    expect(() => wholeNumber(wrong)).toThrow(/whole number/);
});

it('an instant without a zone is refused, because it would mean another time elsewhere', () => {
  expect(instant('2015-01-12T00:00:00Z')).toBe(Date.UTC(2015, 0, 12));
  for (const wrong of ['2015-01-12', '2015-01-12T00:00:00', 'soon'])
    expect(() => instant(wrong)).toThrow(/zone/);
});

it('an amount is typed in whole units and a share from 0 to 1; words and negatives are refused', () => {
  expect(amountMinor('250000')).toBe(25_000_000);
  expect(amountMinor('49.50')).toBe(4_950);
  for (const wrong of ['abc', '-1', '1.234', '']) expect(() => amountMinor(wrong)).toThrow(/amount/);
  expect(share('0.98')).toBe(0.98);
  for (const wrong of ['98', 'most', '-0.1', '']) expect(() => share(wrong)).toThrow(/share/);
});

it('a plan with a wrong budget, or without one goal, is refused by the names of its options before anything is asked', async () => {
  const messageOf = async (...args: string[]): Promise<string> => {
    let said = '';
    const plan = planCommand();
    const targets = plan.commands.find((one) => one.name() === 'targets')!;
    targets.exitOverride().configureOutput({writeErr: (text) => (said += text)});
    await expect(plan.parseAsync(['targets', ...args], {from: 'user'})).rejects.toThrow();
    return said;
  };
  expect(await messageOf('--budget', 'abc')).toMatch(/--budget.*amount such as 250000/);
  expect(await messageOf()).toMatch(/one goal; name --budget or --availability/);
  expect(await messageOf('--budget', '1', '--availability', '0.9')).toMatch(/one goal/);
});
