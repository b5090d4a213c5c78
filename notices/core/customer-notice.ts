import {z} from 'zod';
import {DAY_MS, HOUR_MS, instantOf, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Channel} from './recipient.ts';

/** What happened to a line, as its customer sees it. */
export const CUSTOMER_REASONS = ['promised', 'moved', 'prolonged', 'filled', 'cancelled'] as const;
export type CustomerReason = (typeof CUSTOMER_REASONS)[number];

/** What ops say about telling customers: data with effective dates (platform.parameter, key 'notices.customers'). */
export const CustomerRules = z.strictObject({
  moveMinH: z.number().min(0).max(8760).describe('A promised date that moves by less is not told'),
  prolongedDays: z
    .number()
    .positive()
    .max(3650)
    .describe(
      'A line that has waited so long beyond its date of need is told once with the text for prolonged shortages',
    ),
});
export type CustomerRules = z.infer<typeof CustomerRules>;

/** A place to start from: as many hours as count for a slipped order. */
export const DEFAULT_CUSTOMER_RULES: CustomerRules = {moveMinH: 12, prolongedDays: 14};

export interface WaitingLine {
  readonly state: 'open' | 'filled' | 'cancelled';
  readonly neededAt: EpochMs;
  readonly promisedAt: EpochMs | null;
  /** Late already. */
  readonly isLate: boolean;
}

/** What one recipient was told of a line last. */
export interface ToldLine {
  readonly reason: CustomerReason;
  readonly promisedAt: EpochMs | null;
  /** It had the text for prolonged shortages, now or before. */
  readonly prolonged: boolean;
}

/**
 * What a customer is to hear of its line now; null: nothing new. A line is a backorder when it is late, or promised for later than it is
 * needed; how it ended hears who heard of it before.
 *
 * Example: told 10 January, promised for 12 January → 'moved'; for 10 January 08:00 with 12 h → null.
 */
export function judgeLine(
  {moveMinH, prolongedDays}: CustomerRules,
  line: WaitingLine,
  told: ToldLine | null,
  now: EpochMs,
): CustomerReason | null {
  const hasEnded = told !== null && (told.reason === 'filled' || told.reason === 'cancelled');
  if (line.state !== 'open') return told === null || hasEnded ? null : line.state;
  const {promisedAt, neededAt} = line;
  if (told === null && !line.isLate && (promisedAt === null || promisedAt <= neededAt)) return null;
  if (promisedAt !== null) {
    if (told?.promisedAt == null) return 'promised'; // eslint-disable-line eqeqeq -- told nothing, or told without a date
    if (Math.abs(promisedAt - told.promisedAt) >= Math.max(1, moveMinH * HOUR_MS)) return 'moved';
  }
  const isProlonged = now >= prolongedAt({prolongedDays}, line);
  return isProlonged && told?.prolonged !== true ? 'prolonged' : null;
}

/** When a line that is still open has waited too long. */
export function prolongedAt(
  {prolongedDays}: Pick<CustomerRules, 'prolongedDays'>,
  {neededAt}: Pick<WaitingLine, 'neededAt'>,
): EpochMs {
  return plusMs(neededAt, Math.round(prolongedDays * DAY_MS));
}

/** A text as it was written, and for whom. */
export interface Template {
  readonly templateId: string;
  readonly version: number;
  readonly reason: CustomerReason;
  /** Null: any. */
  readonly tier: string | null;
  readonly channel: Channel | null;
  readonly language: string;
  readonly title: string;
  readonly body: string;
}

/** The facts of a line, as far as its customer is sent them. Instants are ISO 8601. */
export type LineFacts = Readonly<Record<string, unknown>>;

/** What a text may name in braces. */
export const PLACEHOLDERS = [
  ...[
    'demandId',
    'partId',
    'partName',
    'equipmentId',
    'depotId',
    'qty',
    'neededAt',
    'promisedAt',
    'promisedBefore',
  ],
  ...['waitingDays', 'tier'],
] as const;

/** Names in braces. Example: 'The {part} comes' → ['part']. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w*)\}/g)].map(([, name]) => name!);
}

/**
 * Of the approved texts the one that fits best: of the recipient's language, else of the language without its country, else English; of
 * the tier before any, of the channel before any. Null: there is none, and nothing is sent.
 */
export function chooseTemplate(
  templates: readonly Template[],
  want: {
    readonly reason: CustomerReason;
    readonly tier: string;
    readonly channel: Channel;
    readonly language: string;
  },
): Template | null {
  const fits = templates.filter(
    ({reason, tier, channel}) =>
      reason === want.reason &&
      (tier ?? want.tier) === want.tier &&
      (channel ?? want.channel) === want.channel,
  );
  for (const language of [want.language, want.language.split('-')[0]!, 'en']) {
    const best = fits
      .filter((one) => one.language === language)
      .sort((a, b) => specific(b) - specific(a) || (a.templateId < b.templateId ? -1 : 1))[0];
    if (best !== undefined) return best;
  }
  return null;
}

function specific({tier, channel}: Template): number {
  return (tier === null ? 0 : 2) + (channel === null ? 0 : 1);
}

export type Filled =
  | {readonly ok: true; readonly title: string; readonly text: string}
  | {readonly ok: false; readonly missing: readonly string[]};

/**
 * A text with the facts in it, instants in the words of the recipient's language and zone. A fact that is not there, or that the customer
 * is not sent, leaves no hole: then there is no text.
 */
export function fillTemplate({title, body, language}: Template, facts: LineFacts, timeZone: string): Filled {
  const missing = [...new Set([...namesIn(title), ...namesIn(body)])].filter(
    (name) => (facts[name] ?? null) === null,
  );
  if (missing.length > 0) return {ok: false, missing};
  const instants = new Intl.DateTimeFormat(language, {dateStyle: 'medium', timeStyle: 'short', timeZone});
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = facts[name];
      const isInstant = typeof value === 'string' && name.match(/At$|Before$/) !== null;
      return isInstant ? instants.format(instantOf(value)) : String(value);
    });
  return {ok: true, title: fill(title), text: fill(body)};
}
