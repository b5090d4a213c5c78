import {phraseAlert} from './phrase-alert.ts';
import type {SpokenAlert} from './phrase-alert.ts';

/** What is told, before a channel gives it its shape. The facts of an alert's kind stand beside it. */
export interface Message extends Readonly<Record<string, unknown>> {
  /** 'alert.opened', 'alert.escalated', 'alert.digest', 'customer.moved', 'test', … */
  readonly type: string;
  readonly title: string;
  readonly text: string;
  /** A page of the console; null where PUBLIC_URL is not set. */
  readonly link: string | null;
  /** One for all messages about one problem. */
  readonly problemId: string;
  readonly level: string | number;
}

export interface ToldAlert extends SpokenAlert {
  readonly alertId: string;
  readonly decisionId: string | null;
  readonly level: number;
}

/** Items that a digest lists; the rest is counted. */
const DIGEST_ITEMS_MAX = 100;

const HEADS: Readonly<Record<string, string>> = {
  escalated: 'Nobody has acknowledged: ',
  woken: 'Again: ',
  cleared: 'Over: ',
  acknowledged: 'Acknowledged: ',
};

/** The name of a message about an alert. Example: 'step-1' → 'alert.escalated'; 'opened' of a backorder in its first level → 'alert.warn'. */
export function typeOf(reason: string, level: unknown): string {
  const word = reason.split('-')[0]!;
  if (word === 'step') return 'alert.escalated';
  if (word === 'opened' || word === 'level')
    return `alert.${typeof level === 'string' ? level : word === 'opened' ? 'opened' : 'climbed'}`;
  return `alert.${word}`;
}

export function linkOf(
  publicUrl: string | null,
  {decisionId, alertId}: Pick<ToldAlert, 'decisionId' | 'alertId'>,
): string | null {
  if (publicUrl === null) return null;
  const path = decisionId === null ? `alerts/${alertId}` : `decisions/${decisionId}`;
  return `${publicUrl.replace(/\/$/, '')}/${path}`;
}

/** What is said about one alert. */
export function alertMessage(
  alert: ToldAlert,
  {
    reason,
    problemId,
    publicUrl,
  }: {readonly reason: string; readonly problemId: string; readonly publicUrl: string | null},
): Message {
  const {alertId, kind, subject, decisionId, body} = alert;
  const type = typeOf(reason, body['level']);
  const text = phraseAlert(alert);
  const title = `${HEADS[type.slice('alert.'.length)] ?? ''}${text}`;
  return {
    // The level of a backorder is a name, and stays it.
    ...{level: alert.level, ...body},
    ...{type, alertId, kind, subject, decisionId, problemId, title, text, link: linkOf(publicUrl, alert)},
  };
}

/** What found no room, in one message, the dearest first. */
export function digestMessage(
  digestId: string,
  alerts: readonly ToldAlert[],
  publicUrl: string | null,
): Message {
  const items = alerts.slice(0, DIGEST_ITEMS_MAX).map((alert) => ({
    alertId: alert.alertId,
    kind: alert.kind,
    subject: alert.subject,
    moneyMinor: alert.moneyMinor,
    currency: alert.currency,
    text: phraseAlert(alert),
    link: linkOf(publicUrl, alert),
  }));
  const more = alerts.length - items.length;
  const lines = [...items.map(({text}) => `- ${text}`), ...(more > 0 ? [`- and ${more} more`] : [])];
  return {
    type: 'alert.digest',
    problemId: digestId,
    level: 1,
    title: alerts.length === 1 ? '1 more alert' : `${alerts.length} more alerts`,
    text: lines.join('\n'),
    link: publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}/`,
    items,
    more,
  };
}
