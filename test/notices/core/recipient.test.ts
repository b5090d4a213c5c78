import {describe, expect, it} from 'vitest';
import {instantOf, toIso} from '../../../domain/time.ts';
import {shareOut} from '../../../notices/core/allowance.ts';
import {hears, reachableAt} from '../../../notices/core/recipient.ts';
import type {Recipient} from '../../../notices/core/recipient.ts';

const ADA: Recipient = {
  ...{
    recipientId: 'planners',
    role: 'planner',
    partyId: null,
    channel: 'email',
    address: 'planners@example.test',
  },
  ...{
    kinds: null,
    depots: null,
    levelMin: 1,
    language: 'en',
    timeZone: 'Europe/Warsaw',
    hours: 'Mon-Fri 07:00-19:00',
  },
  ...{quietBelow: 3, perHour: null, active: true},
};
const ABOUT = {kind: 'backorder-impact', depotId: 'D-1', level: 1, partyId: 'OWN'};
const OPENED = {reason: 'opened', role: 'planner', isFollowUp: false};

describe('when a recipient is told', () => {
  it('E7 quiet hours are in the time zone of the recipient, summer time included', () => {
    const told = (level: number, at: string): string => toIso(reachableAt(ADA, level, instantOf(at)));
    expect(told(1, '2026-01-09T21:00:00Z')).toBe('2026-01-12T06:00:00.000Z'); // Friday evening → Monday 07:00 in Warsaw
    expect(told(1, '2026-07-03T21:00:00Z')).toBe('2026-07-06T05:00:00.000Z');
    expect(told(1, '2026-01-12T06:00:00Z')).toBe('2026-01-12T06:00:00.000Z'); // to the very instant
    expect(told(1, '2026-01-12T17:59:00Z')).toBe('2026-01-12T17:59:00.000Z');
    expect(told(1, '2026-01-12T18:00:00Z')).toBe('2026-01-13T06:00:00.000Z');
    expect(told(3, '2026-01-09T21:00:00Z')).toBe('2026-01-09T21:00:00.000Z'); // the level breaks the quiet
  });

  it('hears of its role, its kinds, its depots and its levels', () => {
    expect(hears(ADA, OPENED, ABOUT)).toBe(true);
    expect(hears(ADA, {...OPENED, role: 'planning-lead'}, ABOUT)).toBe(false);
    expect(hears({...ADA, kinds: ['order-slipping']}, OPENED, ABOUT)).toBe(false);
    expect(hears({...ADA, depots: ['D-2']}, OPENED, ABOUT)).toBe(false);
    expect(hears({...ADA, depots: ['D-2']}, OPENED, {...ABOUT, depotId: null})).toBe(false);
    expect(hears({...ADA, levelMin: 2}, OPENED, ABOUT)).toBe(false);
    expect(hears({...ADA, active: false}, OPENED, ABOUT)).toBe(false);
    expect(hears({...ADA, partyId: 'PARTNER-1'}, OPENED, ABOUT)).toBe(false);
  });

  it('who watches everything hears what opens and not the steps that are for one role', () => {
    const watcher = {...ADA, role: '*'};
    expect(hears(watcher, OPENED, ABOUT)).toBe(true);
    expect(hears(watcher, {...OPENED, reason: 'step-1', role: 'planning-lead'}, ABOUT)).toBe(false);
  });

  it('only systems that keep a state hear that it is over', () => {
    const over = {reason: 'cleared', role: '*', isFollowUp: true};
    expect((['email', 'slack', 'teams', 'pagerduty', 'mqtt', 'webhook'] as const).filter((channel) => hears({...ADA, channel}, over, ABOUT)))
      .toEqual(['pagerduty', 'mqtt', 'webhook']); // prettier-ignore
  });

  it('20 at once: 6 leave now, an hour later 6 more and the other 8 in one digest', () => {
    const open = {hours: 'Mon-Sun 00:00-24:00', timeZone: 'UTC'};
    const now = instantOf('2026-01-05T10:00:00Z');
    const waiting = Array.from({length: 20}, (_, nth) => ({
      ...{noticeId: `n-${nth}`, dueAt: now, isFirst: nth === 3, moneyMinor: nth * 100},
    }));
    const rules = {perHour: 6, digestAfterH: 1};
    const first = shareOut(open, waiting, [], {...rules, now});
    expect(first.leave.map(({noticeId}) => noticeId)).toEqual([
      'n-3',
      'n-19',
      'n-18',
      'n-17',
      'n-16',
      'n-15',
    ]);
    expect(first.digest).toEqual([]);
    const later = instantOf('2026-01-05T11:00:00Z');
    expect(first.lookAt).toBe(later);
    const left = waiting.filter((one) => !first.leave.includes(one));
    const sentAt = first.leave.map(() => now);
    const almost = instantOf('2026-01-05T10:59:59Z');
    expect(shareOut(open, left, sentAt, {...rules, now: almost})).toMatchObject({leave: [], digest: []});
    const second = shareOut(open, left, sentAt, {...rules, now: later});
    expect(second.leave.map(({moneyMinor}) => moneyMinor)).toEqual([1400, 1300, 1200, 1100, 1000, 900]);
    expect(second.digest).toHaveLength(8);
  });
});
