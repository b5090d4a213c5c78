import {describe, expect, it} from 'vitest';
import {check, isClean} from '../../chaos/checker.ts';
import type {Found} from '../../chaos/checker.ts';
import {parseLedger} from '../../chaos/ledger.ts';

/** Five messages by hand: four acknowledged, the last still on its way; one of them must be refused. */
const LEDGER = parseLedger(`sent A/1/1 v=1
sent A/1/2 v=2
acked A/1/1
acked A/1/2
sent A/1/3 v=3
acked A/1/3
sent #abc
acked #abc
sent A/1/4 v=4
`);

const KEPT: Found = {
  stored: [
    {key: 'A/1/1', content: 'v=1'},
    {key: 'A/1/2', content: 'v=2'},
    {key: 'A/1/3', content: 'v=3'},
  ],
  letters: new Set(['#abc']),
  gaps: [],
  decisions: 2,
  executed: [{decisionId: 'd-1', ordered: true}],
  orders: ['d-1', 'd-2'],
  effects: [
    {idempotencyKey: 'webhook:order:d-1', delivered: true},
    {idempotencyKey: 'webhook:order:d-2', delivered: false},
  ],
  received: [{idempotencyKey: 'webhook:order:d-1', decisionId: 'd-1'}],
};

describe('the checker of the fault programme', () => {
  it('M3 is content with what was kept: acknowledged is stored or refused with a reason, the unacknowledged may be either', () => {
    const verdict = check(LEDGER, KEPT);
    expect(isClean(verdict)).toBe(true);
    expect(verdict).toMatchObject({
      readings: 5,
      pubacked: 4,
      stored: 3,
      deadLetters: 1,
      decisions: 2,
      orders: 2,
      webhooks: 1,
      examples: {},
    });
    const early = {...KEPT, stored: [...KEPT.stored, {key: 'A/1/4', content: 'v=4'}]};
    expect(isClean(check(LEDGER, early))).toBe(true);
  });

  it('M3 sees one lost, one duplicate, one phantom and one wrong', () => {
    const verdict = check(LEDGER, {
      ...KEPT,
      stored: [
        {key: 'A/1/1', content: 'v=1'},
        {key: 'A/1/1', content: 'v=1'},
        {key: 'A/1/2', content: 'v=200'},
        {key: 'A/1/9', content: 'v=9'},
      ],
    });
    expect(verdict).toMatchObject({lost: 1, duplicate: 1, phantom: 1, wrong: 1});
    expect(verdict.examples).toEqual({
      lost: ['A/1/3'],
      duplicate: ['A/1/1 2 times'],
      phantom: ['A/1/9'],
      wrong: ['A/1/2 is v=200'],
    });
    expect(isClean(verdict)).toBe(false);
  });

  it('M3 sees a refused message without its dead letter as lost', () => {
    expect(check(LEDGER, {...KEPT, letters: new Set()})).toMatchObject({lost: 1, deadLetters: 0});
  });

  it('M3 sees a decision with two orders, one with two effects, an effect that never came and one without a row', () => {
    expect(check(LEDGER, {...KEPT, orders: ['d-1', 'd-1']})).toMatchObject({decisionsTwice: 1});
    const twice = {idempotencyKey: 'webhook:order:d-1:again', decisionId: 'd-1'};
    const verdict = check(LEDGER, {...KEPT, received: [...KEPT.received, twice]});
    expect(verdict).toMatchObject({decisionsTwice: 1, effectsAstray: 1, webhooks: 2});
    expect(check(LEDGER, {...KEPT, received: []})).toMatchObject({effectsAstray: 1, webhooks: 0});
  });

  it('M3 sees an executed decision whose effect never came, and one whose order is not in the books', () => {
    const silent = check(LEDGER, {...KEPT, executed: [...KEPT.executed, {decisionId: 'd-2', ordered: true}]});
    expect(silent).toMatchObject({decisionsWithout: 1, examples: {decisionsWithout: ['d-2']}});
    expect(isClean(silent)).toBe(false);
    expect(check(LEDGER, {...KEPT, executed: [{decisionId: 'd-1', ordered: false}]})).toMatchObject({
      decisionsWithout: 1,
    });
  });

  it('M3 a request that comes again under its key is one effect', () => {
    const verdict = check(LEDGER, {...KEPT, received: [...KEPT.received, ...KEPT.received]});
    expect(verdict).toMatchObject({webhooks: 1, webhooksRepeated: 1, decisionsTwice: 0, effectsAstray: 0});
  });

  it('invariant I1: what a gap reports is excused where a bus that does not sync lost power, and nowhere else', () => {
    const torn = {
      ...KEPT,
      stored: KEPT.stored.slice(0, 2),
      gaps: [{equipmentId: 'A', boot: 1, first: 3, last: 3}],
    };
    expect(check(LEDGER, torn)).toMatchObject({lost: 1, gapsReported: 1});
    const telemetry = (content: string): boolean => content.startsWith('v=');
    expect(check(LEDGER, torn, telemetry)).toMatchObject({lost: 0, gapsReported: 1});
    expect(check(LEDGER, {...torn, gaps: []}, telemetry)).toMatchObject({lost: 1});
    expect(
      check(LEDGER, torn, () => false),
      'an event is never excused',
    ).toMatchObject({lost: 1});
    expect(check(LEDGER, {...KEPT, gaps: torn.gaps}), 'a gap over a stored message').toMatchObject({
      wrong: 1,
    });
  });

  it('a ledger with a PUBACK for what was never sent is not believed', () => {
    expect(() => parseLedger('acked A/1/1\n')).toThrow('A/1/1');
  });
});
