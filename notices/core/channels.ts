import type {Message} from './message.ts';

/** Limits of the receivers: Slack's header and section, PagerDuty's summary. */
const SLACK_HEADER_MAX = 150;
const SLACK_SECTION_MAX = 3000;
const PAGERDUTY_SUMMARY_MAX = 1024;
/** Teams refuses messages above 28 KB. */
const TEAMS_TEXT_MAX = 8000;

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** Slack reads &, < and > as markup; written so, a name cannot mention a channel or make a link. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An incoming webhook with blocks. Source: docs.slack.dev, Block Kit: header 150, section 3,000 characters; `text` is the notification. */
export function slackBody({title, text, link}: Message): object {
  const button = {type: 'button', text: {type: 'plain_text', text: 'Open'}, url: link};
  return {
    text: slackText(cut(title, SLACK_SECTION_MAX)),
    blocks: [
      {type: 'header', text: {type: 'plain_text', text: cut(title, SLACK_HEADER_MAX)}},
      {type: 'section', text: {type: 'mrkdwn', text: cut(slackText(text), SLACK_SECTION_MAX)}},
      ...(link === null ? [] : [{type: 'actions', elements: [button]}]),
    ],
  };
}

/** What a Teams workflow takes by webhook: a message with one adaptive card. Source: learn.microsoft.com, Workflows support adaptive cards only. */
export function teamsBody({title, text, link}: Message): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            {
              type: 'TextBlock',
              size: 'Medium',
              weight: 'Bolder',
              wrap: true,
              text: cut(title, SLACK_SECTION_MAX),
            },
            {type: 'TextBlock', wrap: true, text: cut(text, TEAMS_TEXT_MAX)},
          ],
          actions: link === null ? [] : [{type: 'Action.OpenUrl', title: 'Open', url: link}],
        },
      },
    ],
  };
}

/** By level: 1 warns, 2 is an error, 3 and more are critical. */
function severityOf(level: unknown): string {
  const named = {warn: 'warning', breach: 'error', escalate: 'critical'}[String(level)];
  return named ?? (Number(level) >= 3 ? 'critical' : Number(level) === 2 ? 'error' : 'warning');
}

/** What happens to the incident: one for each problem, whatever is said about it. */
const ACTIONS: Readonly<Record<string, string>> = {
  'alert.cleared': 'resolve',
  'alert.acknowledged': 'acknowledge',
};

/** PagerDuty Events API v2. The key is of the integration; the problem's id keeps all its messages in one incident. */
export function pagerDutyEvent(message: Message, routingKey: string): object {
  const {type, title, text, link, problemId, level} = message;
  const action = ACTIONS[type] ?? 'trigger';
  const about = {routing_key: routingKey, event_action: action, dedup_key: problemId};
  if (action !== 'trigger') return about;
  return {
    ...about,
    payload: {
      summary: cut(title, PAGERDUTY_SUMMARY_MAX),
      source: 'forestock',
      severity: severityOf(level),
      ...(typeof message['kind'] === 'string' && {class: message['kind']}),
      ...(typeof message['depotId'] === 'string' && {component: message['depotId']}),
      custom_details: {text, subject: message['subject'] ?? null},
    },
    client: 'Forestock',
    ...(link === null ? {} : {client_url: link, links: [{href: link, text: 'Open in Forestock'}]}),
  };
}

function html(text: string): string {
  const marks: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
  return text.replaceAll(/[&<>"]/g, (mark) => marks[mark]!);
}

/** Subject, text and a plain page of the same; a line break in a title would begin a header of its own. */
export function mailOf({title, text, link}: Message): {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
} {
  const paragraphs = text.split('\n').map((line) => `<p>${html(line)}</p>`);
  const anchor = link === null ? '' : `<p><a href="${html(link)}">Open in Forestock</a></p>`;
  return {
    subject: cut(title.replaceAll(/[\r\n]+/g, ' '), 200),
    text: link === null ? `${text}\n` : `${text}\n\n${link}\n`,
    html: `<!doctype html><html><body><h1 style="font-size:1.1em">${html(title)}</h1>${paragraphs.join('')}${anchor}</body></html>`,
  };
}

/** Down-link for screens and equipment of a depot. Not retained: what is open says the API, and a retained message would outlive its alert. */
export function mqttTopicOf(message: Message): string {
  const depot = typeof message['depotId'] === 'string' ? message['depotId'] : 'all';
  return `alerts/v1/${depot.replaceAll(/[+#/]/g, '_')}`;
}
