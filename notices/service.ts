import {groupBy} from '../domain/group-by.ts';
import {HOUR_MS, plusMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {shareOut} from './core/allowance.ts';
import type {AlertRules} from './core/alert-rules.ts';
import {judgeCourse} from './core/course.ts';
import type {Tell} from './core/course.ts';
import {alertMessage, digestMessage} from './core/message.ts';
import {hears, reachableAt} from './core/recipient.ts';
import type {Recipient} from './core/recipient.ts';
import type {HeldNotice, NewNotice, NoticeBooks, NoticeStore, Problem, SettledNotice} from './ports.ts';

/** Rows of one transaction; the rest is still due in the next. */
const PROBLEMS_MAX = 200;
const NOTICES_MAX = 5000;

export interface TellingPorts {
  readonly store: NoticeStore;
  readonly now: () => EpochMs;
  /** The name of what a cause brought about: the same cause, said twice, has one. */
  readonly nameOf: (...cause: readonly (string | number)[]) => string;
  /** Where the console is; null: messages have no link. */
  readonly publicUrl: string | null;
}

/**
 * Tells people of alerts: looks at problems that changed or whose time has come, makes a notice for each recipient that is to hear of it,
 * and lets notices leave: within the recipient's hours and allowance, the dearest first, what finds no room in a digest.
 *
 * @returns how many problems were looked at and notices settled; 0 means that nothing is due.
 */
export async function tellOfAlerts(ports: TellingPorts): Promise<number> {
  const now = ports.now();
  const done = await ports.store.transaction(now, async (books) => {
    const [rules, recipients] = [await books.rules(now), await books.recipients()];
    const problems = await books.due(now, PROBLEMS_MAX);
    for (const problem of problems) await look(ports, books, {rules, recipients, problem, now});
    return problems.length + (await dispatch(ports, books, {rules, recipients, now}));
  });
  return done ?? 0;
}

interface Look {
  readonly rules: AlertRules;
  readonly recipients: readonly Recipient[];
  readonly problem: Problem;
  readonly now: EpochMs;
}

async function look(
  ports: TellingPorts,
  books: NoticeBooks,
  {rules, recipients, problem, now}: Look,
): Promise<void> {
  const {alert, course} = problem;
  const verdict = judgeCourse(rules, alert, course, now);
  if (verdict.wakes) await books.wake(alert.alertId, now);
  if (verdict.lookAt !== null) await books.lookAgain(alert.alertId, verdict.lookAt);
  if (verdict.course === null) return;
  const isNew = course === null || course.stage === 'ended';
  if (isNew && verdict.tells.length === 0) return;
  const courseId = isNew ? ports.nameOf('course', alert.alertId) : course.courseId;
  await books.keepCourse(courseId, alert, verdict.course);
  const told = verdict.tells.some(({isFollowUp}) => isFollowUp) ? await books.told(courseId) : [];
  const notices = verdict.tells.flatMap((tell) =>
    noticesOf(ports, {tell, courseId, alert, told, recipients, now}),
  );
  await books.add(notices, now);
}

function noticesOf(
  {nameOf}: TellingPorts,
  work: {
    readonly tell: Tell;
    readonly courseId: string;
    readonly alert: Problem['alert'];
    /** Who was told of the problem before. */
    readonly told: readonly string[];
    readonly recipients: readonly Recipient[];
    readonly now: EpochMs;
  },
): NewNotice[] {
  const {tell, courseId, alert, told, recipients, now} = work;
  const about = {courseId, alertId: alert.alertId, reason: tell.reason, level: alert.level};
  const named = (recipientId: string): string => nameOf('notice', courseId, tell.reason, recipientId);
  const takers = recipients.filter(
    (one) => hears(one, tell, alert) && (!tell.isFollowUp || told.includes(one.recipientId)),
  );
  if (takers.length === 0 && !tell.isFollowUp)
    return [{...about, noticeId: named(''), recipientId: null, dueAt: now}];
  return takers.map((one) => ({
    ...about,
    noticeId: named(one.recipientId),
    recipientId: one.recipientId,
    dueAt: tell.isFollowUp ? now : reachableAt(one, alert.level, now),
  }));
}

/** Why a notice is not to leave any more; null: it may leave, or waits for what becomes of its problem. */
function whyNot({stage, reason}: HeldNotice, recipient: Recipient | undefined): string | null {
  if (recipient === undefined || !recipient.active) return 'the recipient was taken out';
  if (isFollowUp(reason)) return null;
  if (stage === 'ended') return 'the problem was over before';
  if (stage === 'acknowledged') return 'somebody had acknowledged or snoozed it before';
  return null;
}

function isFollowUp(reason: string): boolean {
  return reason === 'cleared' || reason.startsWith('acknowledged');
}

async function dispatch(
  ports: TellingPorts,
  books: NoticeBooks,
  {rules, recipients, now}: Omit<Look, 'problem'>,
): Promise<number> {
  const waiting = await books.waiting(NOTICES_MAX);
  if (waiting.length === 0) {
    await books.dispatchAt(null);
    return 0;
  }
  const byId = new Map(recipients.map((one) => [one.recipientId, one]));
  const sent = groupBy(await books.sentSince(plusMs(now, -HOUR_MS)), ({recipientId}) => recipientId);
  const settled: SettledNotice[] = [];
  const looks: EpochMs[] = [];
  for (const [recipientId, held] of groupBy(waiting, (one) => one.recipientId)) {
    const recipient = byId.get(recipientId);
    const live: HeldNotice[] = [];
    for (const notice of held) {
      const why = whyNot(notice, recipient);
      if (why === null) live.push(notice);
      else settled.push({noticeId: notice.noticeId, state: 'withheld', why, digestId: null});
    }
    if (recipient === undefined) continue;
    const recent = (sent.get(recipientId) ?? []).map(({at}) => at);
    const share = await leave(ports, books, {recipient, live, recent, rules, now});
    settled.push(...share.settled);
    if (share.lookAt !== null) looks.push(share.lookAt);
  }
  await books.settle(settled, now);
  await books.dispatchAt(looks.length === 0 ? null : (Math.min(...looks) as EpochMs));
  return settled.length;
}

async function leave(
  {nameOf, publicUrl}: TellingPorts,
  books: NoticeBooks,
  work: {
    readonly recipient: Recipient;
    readonly live: readonly HeldNotice[];
    readonly recent: readonly EpochMs[];
    readonly rules: AlertRules;
    readonly now: EpochMs;
  },
): Promise<{readonly settled: readonly SettledNotice[]; readonly lookAt: EpochMs | null}> {
  const {recipient, live, recent, rules, now} = work;
  // A problem that has cleared may come back within its calm time: what was not told of it waits so long.
  const open = live.filter(({reason, stage}) => !isFollowUp(reason) && stage === 'open');
  const {latest, superseded} = latestOfEach(open, now);
  const ranked = latest.map((notice) => ({
    ...notice,
    moneyMinor: notice.alert.moneyMinor,
    isFirst: rules.first.includes(notice.alert.kind),
  }));
  const share = shareOut(recipient, ranked, recent, {
    perHour: recipient.perHour ?? rules.perHour,
    digestAfterH: rules.digestAfterH,
    now,
  });
  const followUps = live.filter(({reason}) => isFollowUp(reason));
  for (const {noticeId, courseId, alert, reason} of [...share.leave, ...followUps]) {
    const message = alertMessage(alert, {reason, problemId: courseId, publicUrl});
    await books.send(
      {recipient, id: noticeId, causeKind: 'alert', causeId: alert.alertId, reason, message},
      now,
    );
  }
  const digestId = share.digest.length === 0 ? null : nameOf('digest', recipient.recipientId, now);
  if (digestId !== null) {
    const message = digestMessage(
      digestId,
      share.digest.map(({alert}) => alert),
      publicUrl,
    );
    await books.send(
      {recipient, id: digestId, causeKind: 'digest', causeId: digestId, reason: 'digest', message},
      now,
    );
  }
  const as =
    (state: SettledNotice['state'], id: string | null) =>
    ({noticeId}: {readonly noticeId: string}) => ({
      noticeId,
      state,
      why: null,
      digestId: id,
    });
  return {
    settled: [
      ...superseded.map(({noticeId}) => ({
        noticeId,
        state: 'withheld' as const,
        why: 'a later message about the same problem says more',
        digestId: null,
      })),
      ...[...share.leave, ...followUps].map(as('sent', null)),
      ...share.digest.map(as('digested', digestId)),
    ],
    lookAt: share.lookAt,
  };
}

/** Of each problem the latest notice that is due, and those that may not leave yet; what came before it says nothing more. */
function latestOfEach(
  notices: readonly HeldNotice[],
  now: EpochMs,
): {readonly latest: readonly HeldNotice[]; readonly superseded: readonly HeldNotice[]} {
  const latest: HeldNotice[] = [];
  const superseded: HeldNotice[] = [];
  for (const of of groupBy(notices, ({courseId}) => courseId).values()) {
    const last = of.findLastIndex(({dueAt}) => dueAt <= now);
    superseded.push(...of.slice(0, Math.max(0, last)));
    latest.push(...of.slice(Math.max(0, last)));
  }
  return {latest, superseded};
}
