import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import {simpleParser} from 'mailparser';
import type {ParsedMail} from 'mailparser';
import {SMTPServer} from 'smtp-server';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, instantOf, toIso} from '../../domain/time.ts';
import {openChannels} from '../../notices/adapters/channel-target.ts';
import type {Channels} from '../../notices/adapters/channel-target.ts';
import {createNoticeStore} from '../../notices/adapters/notice-store.ts';
import {openRecipientDesk} from '../../notices/adapters/recipient-desk.ts';
import type {NoticeDesk, RecipientRequest} from '../../notices/desk.ts';
import {tellOfAlerts} from '../../notices/service.ts';
import {causeId} from '../../platform/ids.ts';
import {silentLogger} from '../../platform/log.ts';
import {pgOutboxBook} from '../../platform/outbox-book.ts';
import {deliverOutbox} from '../../platform/outbox.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {startWebhookReceiver} from '../support/webhook-receiver.ts';

const RECIPIENT = {
  ...{
    role: 'planner',
    partyId: null,
    kinds: null,
    depots: null,
    levelMin: 1,
    language: 'en',
    timeZone: 'UTC',
  },
  ...{hours: 'Mon-Sun 00:00-24:00', quietBelow: null, perHour: null, active: true, optedOut: false},
} satisfies Partial<RecipientRequest>;

describe('messages on their way to people', () => {
  const mails: ParsedMail[] = [];
  const published: [string, string][] = [];
  let refusing = false;
  let smtp: SMTPServer;
  let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
  let owner: Pool;
  let outbox: Pool;
  let desk: NoticeDesk;
  let channels: Channels;
  let now = instantOf('2026-01-05T10:00:00Z');
  let store: ReturnType<typeof createNoticeStore>;

  beforeAll(async () => {
    smtp = new SMTPServer({
      ...{authOptional: true, disabledCommands: ['STARTTLS'], logger: false},
      onMailFrom: (_address, _session, done) => done(refusing ? new Error('not now') : null),
      onData(stream, _session, done) {
        simpleParser(stream).then(
          (mail) => {
            mails.push(mail);
            done();
          },
          (error: unknown) => done(error as Error),
        );
      },
    });
    smtp.listen(0, '127.0.0.1');
    await once(smtp.server, 'listening');
    const {port} = smtp.server.address() as AddressInfo;
    receiver = await startWebhookReceiver();
    const database = await openTestDatabase();
    owner = database.poolFor('forestock_replenish');
    outbox = database.poolFor('forestock_platform');
    const pool = database.poolFor('forestock_notices');
    desk = openRecipientDesk(pool, () => now);
    store = createNoticeStore(pool, []);
    const settings = {
      smtpUrl: `smtp://127.0.0.1:${port}`,
      smtpFrom: 'forestock@example.test',
      mqttUrl: undefined,
      webhookPrivateHosts: ['127.0.0.1'],
    };
    channels = openChannels(pool, settings, () => async (topic, payload) => {
      published.push([topic, payload]);
      return Promise.resolve();
    });
  });
  afterAll(async () => {
    await channels.close();
    await receiver.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });

  const put = async (
    request: Partial<RecipientRequest> & Pick<RecipientRequest, 'recipientId' | 'channel'>,
  ) => desk.put({...RECIPIENT, ...request}, 'ops');
  const deliver = async (): Promise<void> => {
    await outbox.query(`UPDATE platform.outbox SET next_wall = '-infinity' WHERE state = 'pending'`);
    await deliverOutbox({
      book: pgOutboxBook(outbox),
      targets: [],
      targetOf: channels.targetOf,
      log: silentLogger(),
    });
  };
  const tell = async (): Promise<void> => {
    while (
      (await tellOfAlerts({store, now: () => now, nameOf: causeId, publicUrl: 'https://forestock.example'})) >
      0
    );
  };
  const open = (subject: string, moneyMinor = 5000): Promise<unknown> =>
    owner.query(
      `SELECT replenish.open_alert($1, 'depot-unplannable', $2, NULL, $3, 1, $4, 'EUR', NULL, $5)`,
      [
        causeId('alert', subject, now),
        subject,
        toIso(now),
        moneyMinor,
        JSON.stringify({depotId: 'D-1', why: 'no source'}),
      ],
    );
  const outcome = async () => {
    const {rows} = await outbox.query<{target: string; state: string; attempts: number}>(
      `SELECT target_id AS target, state, attempts FROM platform.outbox ORDER BY target_id`,
    );
    return rows;
  };

  it('one alert reaches each recipient once, by its own way, and credentials are never shown', async () => {
    await put({recipientId: 'planners', channel: 'email', email: 'planners@example.test'});
    await put({recipientId: 'erp', channel: 'webhook', url: receiver.url, key: receiver.secret});
    await put({recipientId: 'shelf-screen', channel: 'mqtt'});
    await put({recipientId: 'lead', channel: 'email', role: 'planning-lead', email: 'lead@example.test'});
    await open('P-1@D-1');
    await tell();
    await tell();
    await deliver();
    await deliver();
    const text = 'depot unplannable: P-1@D-1, no source';
    expect(mails.map(({to, subject, text: said}) => [[to].flat()[0]?.text, subject, said])).toEqual([
      [
        'planners@example.test',
        text,
        `${text}\n\nhttps://forestock.example/alerts/${causeId('alert', 'P-1@D-1', now)}\n`,
      ],
    ]);
    expect(mails[0]!.html).toContain('Open in Forestock');
    expect(receiver.received.map(({body}) => body['type'])).toEqual(['alert.opened']); // its signature was verified
    expect(published.map(([topic]) => topic)).toEqual(['alerts/v1/D-1']);
    const shown = JSON.stringify(await desk.recipients());
    expect(shown).toContain('127.0.0.1');
    for (const secret of [receiver.secret, '/hook']) expect(shown).not.toContain(secret);
    const audit = await outbox.query(`SELECT body FROM platform.audit_entry WHERE action = 'recipient.set'`);
    expect(JSON.stringify(audit.rows)).not.toContain(receiver.secret);
    await expect(outbox.query('SELECT FROM notices.recipient_secret')).rejects.toThrow('permission denied');
  });

  it('E7 the lead hears of it when nobody has acknowledged for four hours, and not of what is acknowledged', async () => {
    mails.length = 0;
    await open('P-2@D-1');
    await tell();
    await owner.query(
      `UPDATE replenish.alert SET state = 'acknowledged', acknowledged_by = 'ada' WHERE subject = 'P-2@D-1'`,
    );
    await tell();
    now = epochMs(now + 4 * HOUR_MS);
    await tell();
    await deliver();
    expect(mails.map(({to, subject}) => [[to].flat()[0]?.text, subject])).toContainEqual([
      'lead@example.test',
      'Nobody has acknowledged: depot unplannable: P-1@D-1, no source',
    ]);
    expect(mails.filter(({to}) => [to].flat()[0]?.text === 'lead@example.test')).toHaveLength(1);
    const kept = await owner.query(
      `SELECT n.reason, n.recipient_id, n.state FROM notices.notice n JOIN replenish.alert a USING (alert_id) WHERE a.subject = 'P-2@D-1' AND recipient_id = 'erp' ORDER BY 1`,
    );
    expect(kept.rows).toEqual([
      {reason: 'acknowledged-1', recipient_id: 'erp', state: 'sent'}, // it keeps the state of what it was told
      {reason: 'opened', recipient_id: 'erp', state: 'sent'},
    ]);
  });

  it('a mail server that refuses is tried again, and the message arrives once it takes it', async () => {
    mails.length = 0;
    await put({recipientId: 'shelf-screen', channel: 'mqtt', active: false});
    await put({recipientId: 'erp', channel: 'webhook', active: false});
    refusing = true;
    expect(await desk.test('planners', 'ops')).toMatchObject({
      ok: true,
      value: {idempotencyKey: 'notice:test:planners:1'},
    });
    await deliver();
    expect(mails).toEqual([]);
    expect((await outcome()).filter(({state}) => state === 'pending')).toMatchObject([
      {target: 'notice:planners', attempts: 1},
    ]);
    refusing = false;
    await deliver();
    expect(mails.map(({subject}) => subject)).toEqual(['A test message from Forestock']);
  });

  it('what a recipient lacks is refused by name', async () => {
    const why = async (request: Parameters<typeof put>[0]) => {
      const done = await put(request);
      return done.ok ? 'ok' : done.detail;
    };
    const recipientId = 'r';
    expect(await why({recipientId, channel: 'email'})).toBe('recipient r: channel email needs email');
    expect(await why({recipientId, channel: 'slack'})).toBe('recipient r: channel slack needs url');
    expect(await why({recipientId, channel: 'pagerduty'})).toBe('recipient r: channel pagerduty needs key');
    expect(await why({recipientId, channel: 'slack', url: 'http://hooks.example/x'})).toContain(
      'not encrypted',
    );
    expect(await why({recipientId, channel: 'mqtt', hours: 'Mon 9-5'})).toContain('is no rule of hours');
    expect(await why({recipientId, channel: 'mqtt', timeZone: 'Warsaw'})).toContain('no time zone');
    expect(await why({recipientId, channel: 'mqtt', partyId: 'NOBODY'})).toContain(
      'there is no party NOBODY',
    );
    expect(await why({recipientId, channel: 'installation'})).toContain('of that name');
    expect(await desk.test('nobody', 'ops')).toMatchObject({ok: false, reason: 'unknown-recipient'});
  });

  it('E7 quiet hours keep a message until they end', async () => {
    mails.length = 0;
    await put({
      recipientId: 'planners',
      channel: 'email',
      email: 'planners@example.test',
      hours: 'Mon-Fri 08:00-16:00',
    });
    now = instantOf('2026-01-09T21:00:00Z'); // Friday
    await open('P-9@D-1');
    await tell();
    now = instantOf('2026-01-12T07:59:00Z');
    await tell();
    const left = async () => {
      const {rows} = await owner.query<{state: string}>(
        `SELECT n.state FROM notices.notice n JOIN replenish.alert a USING (alert_id) WHERE a.subject = 'P-9@D-1' AND recipient_id = 'planners'`,
      );
      return rows.map(({state}) => state);
    };
    expect(await left()).toEqual(['waiting']);
    now = instantOf('2026-01-12T08:00:00Z');
    await tell();
    expect(await left()).toEqual(['sent']);
  });
});
