import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {HOUR_MS, MINUTE_MS, instantOf, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {DEFAULT_ALERT_RULES} from '../../notices/core/alert-rules.ts';
import type {Recipient} from '../../notices/core/recipient.ts';
import {tellOfAlerts} from '../../notices/service.ts';
import {causeId} from '../../platform/ids.ts';
import {MemoryBooks} from './memory-books.ts';

const START = instantOf('2026-01-05T00:00:00Z');
const person = (recipientId: string, role: string, hours = 'Mon-Sun 00:00-24:00'): Recipient => ({
  ...{
    recipientId,
    role,
    partyId: null,
    channel: 'email',
    address: `${recipientId}@example.test`,
    kinds: null,
  },
  ...{depots: null, levelMin: 1, language: 'en', timeZone: 'Europe/Warsaw', hours, quietBelow: null},
  ...{perHour: null, active: true},
});
const RECIPIENTS = [
  person('planners', 'planner', 'Mon-Fri 07:00-19:00'),
  person('lead', 'planning-lead'),
  person('watcher', '*'),
];

const act = fc.record({
  afterMin: fc.integer({min: 0, max: 90}),
  subject: fc.integer({min: 1, max: 25}),
  does: fc.constantFrom('open', 'open', 'open', 'clear', 'acknowledge', 'climb', 'snooze'),
  moneyMinor: fc.integer({min: 0, max: 1_000_000}),
});
type Act = {afterMin: number; subject: number; does: string; moneyMinor: number};

/** A world of alerts on a clock of its own; everything that is due in between happens. */
async function live(acts: readonly Act[], recipients = RECIPIENTS): Promise<MemoryBooks> {
  const books = new MemoryBooks(DEFAULT_ALERT_RULES, recipients);
  let now: EpochMs = START;
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 1000; round += 1)
      if ((await tellOfAlerts({store: books, now: () => now, nameOf: causeId, publicUrl: null})) === 0)
        return;
    throw new Error('telling never came to rest');
  };
  const until = async (at: EpochMs): Promise<void> => {
    for (let next = books.nextAt(); next !== null && next < at; next = books.nextAt()) {
      now = Math.max(now, next) as EpochMs;
      await settle();
    }
    now = at;
  };
  for (const [nth, {afterMin, subject, does, moneyMinor}] of acts.entries()) {
    await until(plusMs(now, afterMin * MINUTE_MS));
    const standing = [...books.alerts.values()].find(
      (one) => one.subject === `P-${subject}@D-1` && one.state !== 'cleared',
    );
    if (standing === undefined) {
      if (does === 'open')
        books.put({
          ...{
            alertId: `a-${nth}`,
            kind: 'backorder-impact',
            subject: `P-${subject}@D-1`,
            openedAt: now,
            state: 'open',
            level: 1,
          },
          ...{moneyMinor, partyId: 'OWN', criticality: 'A', tier: null, tell: null, depotId: 'D-1'},
          ...{acknowledgedUntil: null, snoozedUntil: null},
        });
    } else if (does === 'clear') books.put({...standing, state: 'cleared'});
    else if (does === 'acknowledge')
      books.put({...standing, state: 'acknowledged', acknowledgedUntil: plusMs(now, 5 * HOUR_MS)});
    else if (does === 'climb') books.put({...standing, level: Math.min(3, standing.level + 1)});
    else if (does === 'snooze' && standing.state === 'open')
      books.put({...standing, snoozedUntil: plusMs(now, HOUR_MS)});
    await settle();
  }
  await until(plusMs(now, 10 * 24 * HOUR_MS)); // a weekend, and every step of every path
  await settle();
  return books;
}

/** Why a message may stay away from people who are there; whoever reads the record is told one of these. */
const WHY_NOT = [
  'the problem was over before',
  'somebody had acknowledged or snoozed it before',
  'a later message about the same problem says more',
  'nobody', // has the role that the step asks for
];

describe('telling people of alerts', () => {
  it('never more than six messages leave to one recipient within any hour, digests aside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, {maxLength: 150}), async (acts) => {
        const {sent} = await live(acts);
        for (const {recipientId} of RECIPIENTS) {
          const own = sent.filter((one) => one.recipient.recipientId === recipientId);
          const [digests, single] = [own.filter((one) => one.causeKind === 'digest'), own.filter((one) => one.causeKind !== 'digest')]; // prettier-ignore
          for (const {at} of single) {
            const within = single.filter((one) => one.at > at - HOUR_MS && one.at <= at);
            expect(within.length).toBeLessThanOrEqual(6);
          }
          for (const [nth, {at}] of digests.entries())
            if (nth > 0) expect(at).toBeGreaterThan(digests[nth - 1]!.at);
        }
      }),
      {numRuns: 60},
    );
  });

  it('nothing is lost: every notice ends in a message, in a digest, or is withheld for a named reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, {maxLength: 150}), async (acts) => {
        const books = await live(acts);
        const ids = new Set(books.sent.map(({id}) => id));
        for (const {settled, noticeId} of books.notices.values()) {
          expect(settled).not.toBeNull();
          if (settled!.state === 'sent') expect(ids.has(noticeId)).toBe(true);
          else if (settled!.state === 'digested') expect(ids.has(settled!.digestId!)).toBe(true);
          else expect(WHY_NOT).toContain(settled!.why);
        }
        // Whoever stands open at the end was told of to somebody.
        const told = new Set([...books.notices.values()].map(({courseId}) => courseId));
        for (const alert of books.alerts.values())
          if (alert.state === 'open') {
            const of = [...books.notices.values()].filter(
              (one) => books.alerts.get(one.alertId)!.subject === alert.subject,
            );
            expect(of.some(({settled}) => settled!.state !== 'withheld')).toBe(true);
          }
        expect(told.size).toBeLessThanOrEqual(books.alerts.size);
      }),
      {numRuns: 60},
    );
  });

  it('one problem that comes and goes every few minutes is one message to each who hears of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({min: 1, max: 50}), {minLength: 2, maxLength: 80}),
        async (pauses) => {
          const acts = pauses.map((afterMin, nth): Act => ({
            afterMin,
            subject: 1,
            does: nth % 2 === 0 ? 'open' : 'clear',
            moneyMinor: 1,
          }));
          const watchers = [person('watcher', '*')];
          const {sent} = await live(acts, watchers);
          expect(sent.map(({reason}) => reason)).toEqual(['opened']);
        },
      ),
    );
  });

  it('what nobody takes is kept, with its reason', async () => {
    const acts = [{afterMin: 0, subject: 1, does: 'open', moneyMinor: 1}];
    const books = await live(acts, []);
    expect([...books.notices.values()].map(({reason, settled}) => [reason, settled!.state])).toEqual([
      ['opened', 'withheld'],
      ['step-1', 'withheld'],
      ['step-2', 'withheld'],
    ]);
    expect(books.sent).toEqual([]);
  });
});
