import {describe, expect, it} from 'vitest';
import {inScope, readTerm, TERM_TYPES, TermScope} from '../../domain/contract-term.ts';
import {TERM_EXAMPLES} from './term-examples.ts';

describe('a typed term', () => {
  it('J1 has its defaults filled in', () => {
    expect(readTerm('sla', {metric: 'restoreH', target: 8})).toEqual({
      ok: true,
      value: {
        type: 'sla',
        params: {
          metric: 'restoreH',
          target: 8,
          sharePct: 100,
          withinH: 0,
          window: 'month',
          calendar: 'always',
          exclusions: [],
        },
      },
    });
  });

  it.each([
    ['fine', {}, 'unknown-term-type', /"fine" is no term type: one of sla, penalty/],
    ['sla', {metric: 'uptime', target: 99}, 'bad-term', /^metric: /],
    ['sla', {metric: 'restoreH', target: 8, targett: 9}, 'bad-term', /targett/],
    ['penalty', {slaTermNo: 1, currency: 'EUR'}, 'bad-term', /charges nothing/],
    ['penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 1, graceH: -1}, 'bad-term', /^graceH: /],
    [
      'penalty',
      {slaTermNo: 1, currency: 'EUR', tiers: [{afterH: 9, perHourMinor: 1}, {afterH: 9, perHourMinor: 2}]}, // prettier-ignore
      'bad-term',
      /do not rise/,
    ],
    ['penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 1, tiers: [{afterH: 9, perHoureMinor: 2}]}, 'bad-term', /perHoureMinor/], // prettier-ignore
    ['sla', {metric: 'restoreH', target: 1e12}, 'bad-term', /^target: /],
    ['constructor', {}, 'unknown-term-type', /"constructor" is no term type/],
    ['price', {model: 'cost-plus', currency: 'EUR'}, 'bad-term', /markupPct of cost-plus/],
  ])('J1 %s %j is refused', (type, params, reason, detail) => {
    const read = readTerm(type, params);
    expect(read).toMatchObject({ok: false, reason, detail: expect.stringMatching(detail) as unknown});
  });

  it.each(TERM_TYPES)(
    'J1 of type %s is read with its parameters, and refused with its mistake named',
    (type) => {
      const {good, bad} = TERM_EXAMPLES[type];
      expect(readTerm(type, good)).toMatchObject({ok: true, value: {type, params: good}});
      for (const [change, says] of [...bad, [{misspelt: 1}, /misspelt/] as const])
        expect(readTerm(type, {...good, ...change})).toMatchObject({
          ok: false,
          reason: 'bad-term',
          detail: expect.stringMatching(says) as unknown,
        });
    },
  );

  it('J1 is about what its scope names, and about everything where it names nothing', () => {
    const one = {equipmentId: 'M-1', partId: 'P-1', depotId: 'D-1'};
    expect(inScope({}, one)).toBe(true);
    expect(inScope(TermScope.parse({partIds: ['P-1', 'P-2']}), one)).toBe(true);
    expect(inScope(TermScope.parse({partIds: ['P-1'], depotIds: ['D-2']}), one)).toBe(false);
  });
});
