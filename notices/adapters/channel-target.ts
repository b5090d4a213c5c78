import {connectAsync} from 'mqtt';
import type {MqttClient} from 'mqtt';
import {createTransport} from 'nodemailer';
import type {Transporter} from 'nodemailer';
import type {Configuration} from '../../platform/configuration.ts';
import {EffectRefused} from '../../platform/outbox.ts';
import type {Effect} from '../../platform/outbox-book.ts';
import type {OutboxTarget} from '../../platform/outbox.ts';
import {postJson, webhookTarget} from '../../platform/outbox-targets.ts';
import type {Pool} from '../../platform/pg.ts';
import {mailOf, mqttTopicOf, pagerDutyEvent, slackBody, teamsBody} from '../core/channels.ts';
import type {Message} from '../core/message.ts';
import type {Channel} from '../core/recipient.ts';

const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';
const TARGET = 'notice:';
const SMTP_TIMEOUT_MS = 20_000;

export type ChannelSettings = Pick<Configuration, 'smtpUrl' | 'smtpFrom' | 'mqttUrl' | 'webhookPrivateHosts'>;
export type Publish = (topic: string, payload: string) => Promise<void>;

interface Address {
  readonly channel: Channel;
  readonly address: string;
  readonly url: string | null;
  readonly key: string | null;
}

/** The ways to recipients: where each is to be reached is read when a message leaves, so that a corrected address serves what waits. */
export interface Channels {
  readonly targetOf: (targetId: string) => OutboxTarget | null;
  readonly close: () => Promise<void>;
}

/**
 * @param pool  Its connections work under the role `forestock_notices`.
 * @param publish  The MQTT door of this process; null where it has none.
 */
export function openChannels(
  pool: Pool,
  {smtpUrl, smtpFrom, mqttUrl, webhookPrivateHosts: privateHosts}: ChannelSettings,
  publish: () => Publish | null,
): Channels {
  let mail: Transporter | null = null;
  let broker: Promise<MqttClient> | null = null;
  const mailer = (): Transporter => {
    if (smtpUrl === undefined)
      throw new Error('there is no mail server: set SMTP_URL, then the message leaves by itself');
    const timeouts = {
      connectionTimeout: SMTP_TIMEOUT_MS,
      greetingTimeout: SMTP_TIMEOUT_MS,
      socketTimeout: SMTP_TIMEOUT_MS,
    };
    return (mail ??= createTransport({
      url: smtpUrl,
      ...timeouts,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as object));
  };
  const toBroker = async (): Promise<Publish> => {
    const own = publish();
    if (own !== null) return own;
    if (mqttUrl === undefined)
      throw new Error('this process has no MQTT listener: set MQTT_URL, or run it with the ingest stage');
    const opening = (broker ??= connectAsync(mqttUrl, {reconnectPeriod: 5000, queueQoSZero: false}));
    try {
      const client = await opening;
      return async (topic, payload) => {
        await client.publishAsync(topic, payload, {qos: 1});
      };
    } catch (error) {
      broker = null;
      throw error;
    }
  };
  const send = async ({channel, address, url, key}: Address, effect: Effect): Promise<void> => {
    const message = effect.payload as Message;
    switch (channel) {
      case 'email':
        await mailer().sendMail({
          from: smtpFrom,
          to: {name: '', address},
          ...mailOf(message),
          messageId: `<${effect.idempotencyKey.replaceAll(/[^\w-]/g, '.')}@forestock.invalid>`,
          headers: {'auto-submitted': 'auto-generated'},
        });
        return;
      case 'slack':
        return postJson(url!, slackBody(message), {privateHosts});
      case 'teams':
        return postJson(url!, teamsBody(message), {privateHosts});
      case 'pagerduty':
        return postJson(url ?? PAGERDUTY_URL, pagerDutyEvent(message, key!), {privateHosts});
      case 'mqtt':
        return (await toBroker())(mqttTopicOf(message), JSON.stringify(message));
      case 'webhook':
        return webhookTarget(url!, {secret: key!, privateHosts}).deliver(effect);
      case 'installation':
        throw new EffectRefused('messages to the installation itself go to its own targets');
    }
  };
  return {
    targetOf(targetId) {
      if (!targetId.startsWith(TARGET)) return null;
      const recipientId = targetId.slice(TARGET.length);
      return {
        id: targetId,
        async deliver(effect) {
          const {rows} = await pool.query<Address>(
            `SELECT channel, address, url, key FROM notices.recipient LEFT JOIN notices.recipient_secret USING (recipient_id)
              WHERE recipient_id = $1 AND active AND opted_out_at IS NULL`,
            [recipientId],
          );
          const [found] = rows;
          if (found === undefined)
            throw new EffectRefused(
              `recipient ${recipientId} was taken out or wants nothing more; nothing is sent to it`,
            );
          await send(found, effect);
        },
      };
    },
    async close() {
      mail?.close();
      await broker?.then((client) => client.endAsync()).catch(() => undefined);
    },
  };
}
