import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, instantOf, toIso} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {nextChange, standingOf, stateOf} from '../../../partners/core/breach.ts';
import type {BreachNotice, DutyStanding} from '../../../partners/core/breach.ts';

const DISCOVERED = instantOf('2026-01-05T06:00:00Z');
const DUTY = {to: 'authority', hours: 72, basis: 'rule'};
const after = (hours: number, ms = 0): EpochMs => epochMs(DISCOVERED + hours * HOUR_MS + ms);
const sent = (to: string, hours: number, ms = 0): BreachNotice => ({
  ...{to, sentAt: after(hours, ms), sentBy: 'ops', reference: `${hours}`, note: null},
  ...{recordedAt: after(hours), recordedBy: 'ops'},
});
const standing = (now: EpochMs, notices: readonly BreachNotice[] = []): DutyStanding =>
  standingOf(DUTY, {discoveredAt: DISCOVERED, notices}, now);

describe('the clock of a notice', () => {
  it('K3 72 h from the discovery, told of when 18 h are left, overdue the millisecond after', () => {
    // GDPR Art. 33(1): not later than 72 hours after having become aware of it.
    expect(toIso(standing(DISCOVERED).dueAt)).toBe('2026-01-08T06:00:00.000Z');
    expect(toIso(standing(DISCOVERED).alertAt)).toBe('2026-01-07T12:00:00.000Z');
    expect([after(0), after(72), after(72, 1)].map((now) => standing(now).state)).toEqual([
      ...['open', 'open', 'overdue'],
    ]);
  });

  it('K3 done by the first notice to whom it is due, late where that was', () => {
    expect(standing(after(80), [sent('party:SUP', 1)])).toMatchObject({state: 'overdue', sentAt: null});
    expect(standing(after(80), [sent('authority', 72)])).toMatchObject({state: 'done', isLate: false});
    expect(standing(after(80), [sent('authority', 72, 1)])).toMatchObject({state: 'done', isLate: true});
    const both = [sent('authority', 79), sent('authority', 10)];
    expect(standing(after(80), both)).toMatchObject({sentAt: after(10), isLate: false});
  });

  it('K3 a breach is overdue as soon as one notice is, and done when all are', () => {
    const [open, overdue, done] = [{state: 'open'}, {state: 'overdue'}, {state: 'done'}] as const;
    expect([[open, overdue, done], [done, open], [done, done], []].map(stateOf)).toEqual([
      ...['overdue', 'open', 'done', 'done'],
    ]);
  });

  it('K3 is looked at again when it is to be told of, when it falls due, and then no more', () => {
    const next = (now: EpochMs, notices: readonly BreachNotice[] = []): EpochMs | null =>
      nextChange([standing(now, notices)], now);
    expect([next(after(0)), next(after(54)), next(after(72)), next(after(72, 1))]).toEqual([
      ...[after(54), after(72, 1), after(72, 1), null],
    ]);
    expect(next(after(0), [sent('authority', 0)])).toBeNull();
  });
});
