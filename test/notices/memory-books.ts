import type {EpochMs} from '../../domain/time.ts';
import type {AlertRules} from '../../notices/core/alert-rules.ts';
import type {Course} from '../../notices/core/course.ts';
import type {Recipient} from '../../notices/core/recipient.ts';
import type {
  NewNotice,
  NoticeBooks,
  NoticeStore,
  Outgoing,
  Problem,
  SettledNotice,
} from '../../notices/ports.ts';

type Alert = Problem['alert'];
type Kept = NewNotice & {readonly madeNo: number; settled: SettledNotice | null; settledAt: EpochMs | null};

/** The books of notices in memory, with a register of alerts that a test changes as it likes. */
export class MemoryBooks implements NoticeStore {
  readonly alerts = new Map<string, Alert>();
  readonly notices = new Map<string, Kept>();
  readonly sent: (Outgoing & {readonly at: EpochMs})[] = [];
  readonly #courses = new Map<
    string,
    Course & {courseId: string; kind: string; subject: string; alertId: string}
  >();
  readonly #changed = new Set<string>();
  readonly #timers = new Map<string, EpochMs>();
  readonly #rules: AlertRules;
  readonly #recipients: readonly Recipient[];

  constructor(rules: AlertRules, recipients: readonly Recipient[]) {
    this.#rules = rules;
    this.#recipients = recipients;
  }

  put(alert: Alert): void {
    this.alerts.set(alert.alertId, alert);
    this.#changed.add(alert.alertId);
  }

  /** The next instant at which something is due by itself. */
  nextAt(): EpochMs | null {
    return this.#timers.size === 0 ? null : (Math.min(...this.#timers.values()) as EpochMs);
  }

  stageOf(courseId: string): Course['stage'] {
    return this.#courses.get(courseId)!.stage;
  }

  transaction<T>(now: EpochMs, work: (books: NoticeBooks) => Promise<T>): Promise<T | null> {
    const isDue = this.#changed.size > 0 || [...this.#timers.values()].some((at) => at <= now);
    return isDue ? work(this.#books()) : Promise.resolve(null);
  }

  #books(): NoticeBooks {
    const done = <T>(value: T): Promise<T> => Promise.resolve(value);
    return {
      rules: () => done(this.#rules),
      recipients: () => done(this.#recipients),
      due: (now) => done(this.#due(now)),
      keepCourse: (courseId, {kind, subject, alertId}, course) => {
        this.#courses.set(courseId, {...course, courseId, kind, subject, alertId});
        return done(undefined);
      },
      told: (courseId) =>
        done(
          [...this.notices.values()].flatMap((one) =>
            one.courseId === courseId && one.settled?.state === 'sent' ? [one.recipientId!] : [],
          ),
        ),
      add: (notices, now) => {
        for (const notice of notices) {
          const isNobody = notice.recipientId === null;
          const settled = isNobody
            ? {noticeId: notice.noticeId, state: 'withheld' as const, why: 'nobody', digestId: null}
            : null;
          if (!this.notices.has(notice.noticeId))
            this.notices.set(notice.noticeId, {
              ...notice,
              madeNo: this.notices.size,
              settled,
              settledAt: isNobody ? now : null,
            });
        }
        return done(undefined);
      },
      lookAgain: (alertId, at) => done(void this.#timers.set(alertId, at)),
      wake: (alertId) => {
        const alert = this.alerts.get(alertId)!;
        if (alert.state !== 'cleared')
          this.put({...alert, state: 'open', acknowledgedUntil: null, snoozedUntil: null});
        return done(undefined);
      },
      waiting: () =>
        done(
          [...this.notices.values()]
            .filter(({settled}) => settled === null)
            .map((one) => {
              const course = this.#courses.get(one.courseId)!;
              const alert = this.alerts.get(course.alertId)!;
              const told = {...alert, currency: 'EUR', decisionId: null, body: {}};
              return {...one, recipientId: one.recipientId!, stage: course.stage, alert: told};
            }),
        ),
      sentSince: (from) =>
        done(
          [...this.notices.values()].flatMap(({settled, settledAt, reason, recipientId}) =>
            settled?.state === 'sent' &&
            settledAt! > from &&
            reason !== 'cleared' &&
            !reason.startsWith('acknowledged')
              ? [{recipientId: recipientId!, at: settledAt!}]
              : [],
          ),
        ),
      settle: (settled, now) => {
        for (const one of settled)
          Object.assign(this.notices.get(one.noticeId)!, {settled: one, settledAt: now});
        return done(undefined);
      },
      send: (outgoing, now) => done(void this.sent.push({...outgoing, at: now})),
      dispatchAt: (at) => {
        if (at === null) this.#timers.delete('*');
        else this.#timers.set('*', at);
        return done(undefined);
      },
    };
  }

  #due(now: EpochMs): Problem[] {
    const timed = [...this.#timers].filter(([key, at]) => key !== '*' && at <= now).map(([key]) => key);
    const ids = new Set([...this.#changed, ...timed]);
    this.#changed.clear();
    for (const key of timed) this.#timers.delete(key);
    const problems = new Map<string, Problem>();
    for (const id of ids) {
      const {kind, subject} = this.alerts.get(id)!;
      const alert = [...this.alerts.values()]
        .filter((one) => one.kind === kind && one.subject === subject)
        .sort(
          (a, b) => Number(a.state === 'cleared') - Number(b.state === 'cleared') || b.openedAt - a.openedAt,
        )[0]!;
      const course = [...this.#courses.values()].find(
        (one) => one.kind === kind && one.subject === subject && one.stage !== 'ended',
      );
      problems.set(`${kind} ${subject}`, {alert, course: course ?? null});
    }
    return [...problems.values()];
  }
}
