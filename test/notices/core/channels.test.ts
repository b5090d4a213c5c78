import {describe, expect, it} from 'vitest';
import {mailOf, mqttTopicOf, pagerDutyEvent, slackBody, teamsBody} from '../../../notices/core/channels.ts';
import {alertMessage, digestMessage} from '../../../notices/core/message.ts';
import type {ToldAlert} from '../../../notices/core/message.ts';

const ALERT: ToldAlert = {
  ...{alertId: 'a-1', kind: 'backorder-impact', subject: 'UNL-50@MIL-1', level: 1, moneyMinor: 123_456},
  ...{currency: 'EUR', decisionId: 'd-1'},
  body: {
    ...{partId: 'UNL-50', depotId: 'MIL-1', equipmentId: 'PK-0012', positionId: 'unloader', backordered: 0},
    emptyAt: '2026-01-07T11:00:00.000Z',
  },
};
const told = (reason: string, alert = ALERT) =>
  alertMessage(alert, {reason, problemId: 'c-1', publicUrl: 'https://forestock.example/'});
const TEXT =
  'MIL-1 may run out of UNL-50 by 2026-01-07 11:00 UTC; expected cost 1,234.56 EUR. PK-0012 unloader is hit first.';

describe('what is told, by each way', () => {
  it('says what the alert says, and leads to its decision', () => {
    expect(told('opened')).toMatchObject({
      ...{type: 'alert.opened', title: TEXT, text: TEXT, level: 1, depotId: 'MIL-1', problemId: 'c-1'},
      link: 'https://forestock.example/decisions/d-1',
    });
    expect(told('step-1')).toMatchObject({
      type: 'alert.escalated',
      title: `Nobody has acknowledged: ${TEXT}`,
    });
    expect(told('opened', {...ALERT, decisionId: null}).link).toBe('https://forestock.example/alerts/a-1');
    expect(['level-2', 'woken-2', 'cleared', 'acknowledged-1'].map((reason) => told(reason).type)).toEqual([
      ...['alert.climbed', 'alert.woken', 'alert.cleared', 'alert.acknowledged'],
    ]);
  });

  it('Slack: a header, a section and a button, within its limits and without markup of ours', () => {
    const message = {
      ...told('opened'),
      title: 'x'.repeat(200),
      text: `<!channel> a & b ${'y'.repeat(5000)}`,
    };
    const body = slackBody(message) as {
      blocks: {type: string; text: {text: string}; elements: object[]}[];
    };
    expect(body.blocks.map(({type}) => type)).toEqual(['header', 'section', 'actions']);
    expect(body.blocks[0]!.text).toEqual({type: 'plain_text', text: `${'x'.repeat(149)}…`});
    expect(body.blocks[1]!.text.text).toHaveLength(3000);
    expect(body.blocks[1]!.text.text).toContain('&lt;!channel&gt; a &amp; b');
    expect(body.blocks[2]!.elements[0]).toMatchObject({
      type: 'button',
      url: 'https://forestock.example/decisions/d-1',
    });
    expect((slackBody({...message, link: null}) as {blocks: unknown[]}).blocks).toHaveLength(2);
  });

  it('Teams: one adaptive card in a message', () => {
    expect(teamsBody(told('opened'))).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            body: [
              {type: 'TextBlock', text: TEXT},
              {type: 'TextBlock', wrap: true},
            ],
            actions: [{type: 'Action.OpenUrl', url: 'https://forestock.example/decisions/d-1'}],
          },
        },
      ],
    });
  });

  it('PagerDuty: one incident a problem, opened, acknowledged and resolved under one key', () => {
    const event = (reason: string, level = 1) => pagerDutyEvent({...told(reason), level}, 'R1'.repeat(16));
    expect(event('opened')).toMatchObject({
      ...{routing_key: 'R1'.repeat(16), event_action: 'trigger', dedup_key: 'c-1', client: 'Forestock'},
      payload: {
        summary: TEXT,
        source: 'forestock',
        severity: 'warning',
        class: 'backorder-impact',
        component: 'MIL-1',
      },
    });
    expect(event('level-2', 2)).toMatchObject({event_action: 'trigger', payload: {severity: 'error'}});
    expect(event('level-3', 3)).toMatchObject({payload: {severity: 'critical'}});
    expect(event('acknowledged-1')).toEqual({
      routing_key: 'R1'.repeat(16),
      event_action: 'acknowledge',
      dedup_key: 'c-1',
    });
    expect(event('cleared')).toMatchObject({event_action: 'resolve', dedup_key: 'c-1'});
  });

  it('e-mail: a title cannot begin a header, and no name is markup', () => {
    const mail = mailOf({...told('opened'), title: 'a\r\nBcc: b@example.test', text: '<b>P-1</b>\nsecond'});
    expect(mail.subject).toBe('a Bcc: b@example.test');
    expect(mail.html).toContain('<p>&lt;b&gt;P-1&lt;/b&gt;</p><p>second</p>');
    expect(mail.text).toBe('<b>P-1</b>\nsecond\n\nhttps://forestock.example/decisions/d-1\n');
  });

  it('MQTT: the topic of the depot, whatever its name', () => {
    expect(mqttTopicOf(told('opened'))).toBe('alerts/v1/MIL-1');
    expect(mqttTopicOf({...told('opened'), depotId: 'A/#+'})).toBe('alerts/v1/A___');
    expect(mqttTopicOf({...told('opened'), depotId: undefined})).toBe('alerts/v1/all');
  });

  it('a digest lists the dearest hundred and counts the rest', () => {
    const digest = digestMessage(
      'g-1',
      Array.from({length: 120}, () => ALERT),
      null,
    );
    expect(digest).toMatchObject({type: 'alert.digest', title: '120 more alerts', more: 20, link: null});
    expect(digest.text.split('\n')).toHaveLength(101);
    expect(digest.text.endsWith('- and 20 more')).toBe(true);
  });
});
