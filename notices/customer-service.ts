import {DAY_MS, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {chooseTemplate, fillTemplate, judgeLine, prolongedAt} from './core/customer-notice.ts';
import type {CustomerReason, CustomerRules, LineFacts, Template} from './core/customer-notice.ts';
import type {Message} from './core/message.ts';
import {reachableAt} from './core/recipient.ts';
import type {Recipient} from './core/recipient.ts';
import type {
  CustomerBooks,
  CustomerStore,
  DueLine,
  LastTold,
  LineNotice,
  ShareFacts,
} from './customer-ports.ts';

/** Rows of one transaction; the rest is still due in the next. */
const LINES_MAX = 200;
const NOTICES_MAX = 1000;

export interface CustomerPorts {
  readonly store: CustomerStore;
  readonly now: () => EpochMs;
  /** The name of what a cause brought about: the same cause, said twice, has one. */
  readonly nameOf: (...cause: readonly (string | number)[]) => string;
  readonly shareFacts: ShareFacts;
}

/**
 * Tells customers of their backorders (I3): each recipient of the customer once for each change of the promised date or the state, in
 * approved words alone, within its hours.
 *
 * @returns how many lines were looked at and notices settled; 0 means that nothing is due.
 */
export async function tellCustomers(ports: CustomerPorts): Promise<number> {
  const now = ports.now();
  const done = await ports.store.transaction(now, async (books) => {
    const lines = await books.due(now, LINES_MAX);
    if (lines.length > 0) {
      const [rules, recipients, templates] = [
        await books.rules(now),
        await books.recipients(),
        await books.templates(),
      ];
      const told = await books.lastTold(lines.map(({demandId}) => demandId));
      for (const line of lines) await look(ports, books, {line, rules, recipients, templates, told, now});
    }
    return lines.length + (await books.dispatch(now, NOTICES_MAX));
  });
  return done ?? 0;
}

interface Look {
  readonly line: DueLine;
  readonly rules: CustomerRules;
  readonly recipients: readonly Recipient[];
  readonly templates: readonly Template[];
  readonly told: readonly LastTold[];
  readonly now: EpochMs;
}

async function look(ports: CustomerPorts, books: CustomerBooks, looked: Look): Promise<void> {
  const {line, rules, recipients, now} = looked;
  const takers = recipients.filter(
    ({active, partyId, kinds, depots}) =>
      active &&
      partyId === line.partyId &&
      (kinds?.includes('backorder') ?? true) &&
      (depots?.includes(line.depotId) ?? true),
  );
  for (const recipient of takers) {
    const {demandId} = line;
    const last =
      looked.told.find((one) => one.demandId === demandId && one.recipientId === recipient.recipientId) ??
      null;
    const reason = judgeLine(rules, line, last, now);
    const {recipientId} = recipient;
    await books.put(
      reason === null
        ? {demandId, recipientId, noticeId: null}
        : await noticeOf(ports, {...looked, recipient, reason, last}),
      now,
    );
  }
  const long = prolongedAt(rules, line);
  if (takers.length > 0 && line.state === 'open' && long > now) await books.lookAgain(line.demandId, long);
}

async function noticeOf(
  {nameOf, shareFacts}: CustomerPorts,
  work: Look & {
    readonly recipient: Recipient;
    readonly reason: CustomerReason;
    readonly last: LastTold | null;
  },
): Promise<LineNotice> {
  const {line, recipient, reason, last, templates, now} = work;
  const {demandId, promisedAt, tier} = line;
  const {recipientId, channel, language, timeZone} = recipient;
  const before = last?.promisedAt ?? null;
  const facts = await shareFacts(line.partyId, {
    ...line.facts,
    ...(before === null ? {} : {promisedBefore: toIso(before)}),
    waitingDays: Math.max(0, Math.floor((now - line.neededAt) / DAY_MS)),
  });
  const words = wordsFor(templates, {reason, tier, channel, language}, facts, timeZone);
  return {
    // After the same notice the same change is the same: a date that comes back a second time is told a second time.
    noticeId: nameOf('customer', demandId, recipientId, last?.noticeId ?? '', reason, promisedAt ?? ''),
    demandId,
    recipientId,
    reason,
    dueAt: reachableAt(recipient, 1, now),
    withheld: words.withheld,
    told: {reason, promisedAt, prolonged: reason === 'prolonged' || last?.prolonged === true},
    message:
      words.message === null
        ? null
        : {...facts, ...words.message, type: `customer.${reason}`, problemId: demandId},
  };
}

function wordsFor(
  templates: readonly Template[],
  want: Parameters<typeof chooseTemplate>[1],
  facts: LineFacts,
  timeZone: string,
): {
  readonly withheld: string | null;
  readonly message: Pick<Message, 'title' | 'text' | 'link' | 'level'> | null;
} {
  const template = chooseTemplate(templates, want);
  const {reason, tier, channel, language} = want;
  if (template === null)
    return {withheld: `no approved text for ${reason}, tier ${tier}, ${channel}, ${language}`, message: null};
  const filled = fillTemplate(template, facts, timeZone);
  const name = `text ${template.templateId} version ${template.version}`;
  if (!filled.ok)
    return {
      withheld: `${name} names ${filled.missing.join(', ')}, which is not there or not sent to this customer`,
      message: null,
    };
  return {withheld: null, message: {title: filled.title, text: filled.text, link: null, level: 1}};
}
