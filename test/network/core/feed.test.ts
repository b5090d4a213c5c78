import {describe, expect, it} from 'vitest';
import {epochMs, HOUR_MS} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {judgeFeed} from '../../../network/core/feed.ts';
import type {Feed} from '../../../network/core/feed.ts';

const MONDAY = epochMs(Date.UTC(2026, 0, 5));
const at = (hours: number): EpochMs => epochMs(MONDAY + hours * HOUR_MS);
const feed = (change: Partial<Feed>): Feed => ({
  partyId: 'SVC-A',
  kind: 'repair-reports',
  expectedIntervalH: 24,
  graceH: 3,
  freshWithinH: null,
  agreedAt: at(0),
  heardAt: at(6),
  newestAt: at(6),
  overdueSince: null,
  ...change,
});

describe('the schedule of a feed', () => {
  it('A4 every 24 h with 3 h of grace, heard Monday 06:00: on time at 08:59 on Tuesday, overdue at 09:00', () => {
    expect(judgeFeed(feed({}), epochMs(at(33) - 1))).toEqual({lapse: null, lookAt: at(33)});
    expect(judgeFeed(feed({}), at(33))).toEqual({lapse: 'nothing-came', lookAt: null});
  });

  it('nobody is late for what was not agreed: a schedule counts from the day it was made', () => {
    const agreed = feed({agreedAt: at(100), heardAt: null, newestAt: null});
    expect(judgeFeed(agreed, at(126))).toEqual({lapse: null, lookAt: at(127)});
    expect(judgeFeed(agreed, at(127))).toEqual({lapse: 'nothing-came', lookAt: null});
    expect(judgeFeed(feed({agreedAt: at(100)}), at(126))).toEqual({lapse: null, lookAt: at(127)});
  });

  it('A4 what arrives on time and tells only of old repairs is overdue where freshness was agreed', () => {
    const stale = feed({freshWithinH: 48, heardAt: at(60), newestAt: at(6)});
    expect(judgeFeed(stale, at(56))).toEqual({lapse: null, lookAt: at(57)});
    expect(judgeFeed(stale, at(61))).toEqual({lapse: 'only-old-entries', lookAt: null});
    expect(judgeFeed({...stale, freshWithinH: null}, at(61))).toEqual({lapse: null, lookAt: at(87)});
  });

  it('an overdue feed is on time again within the limit itself, not within its grace', () => {
    const overdue = feed({freshWithinH: 48, overdueSince: at(57), heardAt: at(60)});
    const withNewest = (newestAt: EpochMs) => judgeFeed({...overdue, newestAt}, at(61)).lapse;
    expect(withNewest(at(12))).toBe('only-old-entries'); // 49 h old: within the grace, so it would not have opened
    expect(withNewest(at(14))).toBeNull();
  });

  it('before the first word nothing is old', () => {
    const silent = feed({freshWithinH: 1, heardAt: null, newestAt: null});
    expect(judgeFeed(silent, at(10))).toEqual({lapse: null, lookAt: at(27)});
  });
});
