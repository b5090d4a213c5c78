import {describe, expect, it} from 'vitest';
import {DEFAULT_ALERT_RULES, pathOf} from '../../../notices/core/alert-rules.ts';
import {judgeCourse} from '../../../notices/core/course.ts';
import type {Course, StandingAlert} from '../../../notices/core/course.ts';
import {MINUTE_MS, instantOf, plusMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';

const START = instantOf('2026-01-05T10:00:00Z');
const ALERT: StandingAlert = {
  ...{alertId: 'a-1', kind: 'backorder-impact', subject: 'P-1@D-1', openedAt: START, state: 'open', level: 1},
  ...{moneyMinor: 100_00, partyId: 'OWN', criticality: 'A', tier: 'gold', tell: null},
  ...{acknowledgedUntil: null, snoozedUntil: null},
};
const at = (minutes: number): EpochMs => plusMs(START, minutes * MINUTE_MS);

/** One alert's telling on a clock of its own; `says` are [minute, reason, role]. */
class Telling {
  readonly said: [number, string, string][] = [];
  course: Course | null = null;
  lookAt: EpochMs | null = START;
  alert = ALERT;

  to(minutes: number, change: Partial<StandingAlert> = {}): this {
    while (this.lookAt !== null && this.lookAt < at(minutes)) this.look(this.lookAt);
    this.alert = {...this.alert, ...change};
    this.look(at(minutes));
    return this;
  }

  look(now: EpochMs): void {
    const verdict = judgeCourse(DEFAULT_ALERT_RULES, this.alert, this.course, now);
    this.course = verdict.course;
    this.lookAt = verdict.lookAt === null || verdict.lookAt <= now ? null : verdict.lookAt;
    for (const {reason, role} of verdict.tells) this.said.push([(now - START) / MINUTE_MS, reason, role]);
    if (verdict.wakes) {
      this.alert = {...this.alert, state: 'open', acknowledgedUntil: null, snoozedUntil: null};
      this.look(now);
    }
  }
}

describe('how people are told of an alert', () => {
  it('E7 nobody acknowledges: the next role hears of it after 60, then after 240 minutes', () => {
    expect(new Telling().to(600).said).toEqual([
      [0, 'opened', 'planner'],
      [60, 'step-1', 'planning-lead'],
      [240, 'step-2', 'operations-manager'],
    ]);
  });

  it('E7 an acknowledgement stops it', () => {
    const telling = new Telling().to(90, {state: 'acknowledged'}).to(3000);
    expect(telling.said).toEqual([
      [0, 'opened', 'planner'],
      [60, 'step-1', 'planning-lead'],
      [90, 'acknowledged-1', '*'],
    ]);
  });

  it('E7 an acknowledgement until 14:00 that is over begins the path anew', () => {
    const telling = new Telling().to(30, {state: 'acknowledged', acknowledgedUntil: at(240)}).to(310);
    expect(telling.said).toEqual([
      [0, 'opened', 'planner'],
      [30, 'acknowledged-1', '*'],
      [240, 'woken-2', 'planner'],
      [300, 'step-1-2', 'planning-lead'],
    ]);
  });

  it('a snooze keeps it quiet until its time, and is told to nobody', () => {
    const telling = new Telling().to(10, {snoozedUntil: at(100)}).to(120);
    expect(telling.said).toEqual([
      [0, 'opened', 'planner'],
      [100, 'woken-2', 'planner'],
    ]);
  });

  it('E5 each level that it climbs is told once, to the role that the level names', () => {
    const telling = new Telling()
      .to(20, {level: 2, tell: 'planning-lead'})
      .to(25)
      .to(30, {level: 3, tell: 'operations-manager'})
      .to(50);
    expect(telling.said).toEqual([
      [0, 'opened', 'planner'],
      [20, 'level-2', 'planning-lead'],
      [30, 'level-3', 'operations-manager'],
    ]);
  });

  it('E7 a clock that jumped over two steps passes both, in order', () => {
    const telling = new Telling().to(0);
    telling.lookAt = null; // nobody looked in between
    expect(telling.to(300).said).toEqual([
      [0, 'opened', 'planner'],
      [300, 'step-1', 'planning-lead'],
      [300, 'step-2', 'operations-manager'],
    ]);
  });

  it('one that clears and comes back every half hour is told once, and over six hours after it stayed away', () => {
    const telling = new Telling();
    telling.alert = {...ALERT, criticality: 'C'};
    for (let minute = 0; minute < 200; minute += 60)
      telling.to(minute, {state: 'open'}).to(minute + 30, {state: 'cleared'});
    telling.to(2000);
    expect(telling.said).toEqual([
      [0, 'opened', 'planner'],
      [210 + 6 * 60, 'cleared', '*'],
    ]);
    expect(telling.course).toBeNull();
    expect(telling.to(2100, {state: 'open'}).said).toHaveLength(3); // another problem by now
  });

  it('an alert must have stood for as long as the rules say', () => {
    const rules = {...DEFAULT_ALERT_RULES, standMin: 15};
    expect(judgeCourse(rules, ALERT, null, at(5))).toMatchObject({course: null, tells: [], lookAt: at(15)});
    expect(judgeCourse(rules, {...ALERT, state: 'cleared'}, null, at(10))).toMatchObject({
      course: null,
      lookAt: null,
    });
    expect(judgeCourse(rules, ALERT, null, at(15)).tells).toHaveLength(1);
  });

  it('E7 the first path counts whose conditions the alert meets: machine, tier, party, level and money', () => {
    const steps = [{role: 'site-lead', afterMin: 5}];
    const rest = {steps: [{role: 'planner', afterMin: 0}]};
    const taken = (condition: object, alert: Partial<StandingAlert> = {}): boolean =>
      pathOf({...DEFAULT_ALERT_RULES, escalation: [{...condition, steps}, rest]}, {...ALERT, ...alert})
        .steps === steps;
    expect(taken({kinds: ['backorder-impact'], criticality: 'A', tier: 'gold', partyId: 'OWN'})).toBe(true);
    for (const other of [{kinds: ['order-slipping']}, {criticality: 'B'}, {tier: 'silver'}, {partyId: 'SUP'}])
      expect(taken(other)).toBe(false);
    expect([taken({levelMin: 2}), taken({levelMin: 2}, {level: 2})]).toEqual([false, true]);
    expect([taken({moneyMinMinor: 100_01}), taken({moneyMinMinor: 100_00})]).toEqual([false, true]);
  });
});
