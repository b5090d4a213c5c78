/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import {simpleParser} from 'mailparser';
import type {ParsedMail} from 'mailparser';
import {SMTPServer} from 'smtp-server';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {CustomerNotice} from '../../domain/effect-message.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {createCustomerStore} from '../../notices/adapters/customer-books.ts';
import {openChannels} from '../../notices/adapters/channel-target.ts';
import type {Channels} from '../../notices/adapters/channel-target.ts';
import {tellCustomers} from '../../notices/customer-service.ts';
import {openDataShares} from '../../partners/main.ts';
import {shareFacts} from '../../partners/api.ts';
import {causeId} from '../../platform/ids.ts';
import {silentLogger} from '../../platform/log.ts';
import {pgOutboxBook} from '../../platform/outbox-book.ts';
import {deliverOutbox} from '../../platform/outbox.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {startWebhookReceiver} from '../support/webhook-receiver.ts';

const at = (hours: number): string => toIso(epochMs(START + hours * HOUR_MS));
const MOVED = {
  reason: 'moved',
  language: 'en',
  title: 'New date for {partName}',
  body: 'Your {qty} of {partId} for {equipmentId}, so far due {promisedBefore}, come on {promisedAt}.',
};

describe('customers and their backorders', () => {
  const mails: ParsedMail[] = [];
  let smtp: SMTPServer;
  let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
  let world: ConsoleWorld;
  let channels: Channels;
  let lines = 0;

  beforeAll(async () => {
    smtp = new SMTPServer({
      ...{authOptional: true, disabledCommands: ['STARTTLS'], logger: false},
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
    world = await openConsoleWorld({mode: 'shadow', data: tinyNetwork()});
    channels = openChannels(
      world.db.poolFor('forestock_notices'),
      {
        smtpUrl: `smtp://127.0.0.1:${port}`,
        smtpFrom: 'forestock@example.test',
        mqttUrl: undefined,
        webhookPrivateHosts: ['127.0.0.1'],
      },
      () => null,
    );
    await recipient();
  });
  beforeEach(() => {
    mails.length = 0;
    receiver.received.length = 0;
  });
  afterAll(async () => {
    await channels.close();
    await world.stop();
    await receiver.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });

  const recipient = (more: object = {}, name = 'cus-mail') =>
    world.send('PUT', `/api/v1/recipients/${name}`, {
      ...{role: 'customer', partyId: 'CUS', channel: 'email', email: 'parts@customer.test'},
      ...more,
    });
  const write = async (name: string, text: object, approves = true): Promise<number> => {
    const {body} = await world.send('PUT', `/api/v1/notice-templates/${name}`, {...text, actor: 'writer'});
    if (approves)
      await world.post(`/api/v1/notice-templates/${name}/${body.version}/approve`, {actor: 'approver'});
    return body.version as number;
  };
  const sql = (text: string, values: readonly unknown[] = []) =>
    world.db.poolFor('forestock_network').query(text, [...values]);
  /** A line that is needed at START and promised for later. */
  const line = async (promisedAt: string): Promise<string> => {
    lines += 1;
    const demandId = causeId('line', lines);
    await sql(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty, requested_at, needed_at, promised_at)
       SELECT $1, 'test', $2, 'P-1', 'D-1', equipment_no, 'CUS', 'gold', 2, $3, $3, $4 FROM network.equipment WHERE equipment_id = 'M-1'`,
      [demandId, `line-${lines}`, at(0), promisedAt],
    );
    return demandId;
  };
  const promise = (demandId: string, promisedAt: string) =>
    sql('UPDATE network.demand_line SET promised_at = $2 WHERE demand_id = $1', [demandId, promisedAt]);
  const tell = async (): Promise<void> => {
    const shares = openDataShares(world.db.poolFor('forestock_partners'), world.clock);
    const ports = {
      store: createCustomerStore(world.db.poolFor('forestock_notices')),
      now: () => world.clock.now(),
      nameOf: causeId,
      shareFacts: (partyId: string, facts: object) => shareFacts(shares, partyId, {...facts}),
    };
    while ((await tellCustomers(ports)) > 0);
    const pool = world.db.poolFor('forestock_platform');
    await deliverOutbox({
      book: pgOutboxBook(pool),
      targets: [],
      targetOf: channels.targetOf,
      log: silentLogger(),
    });
  };
  const withheld = async (demandId: string): Promise<string[]> => {
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query<{why: string}>(
        `SELECT why FROM notices.notice WHERE demand_id = $1 AND state = 'withheld' ORDER BY made_at`,
        [demandId],
      );
    return rows.map(({why}) => why);
  };

  it('I3 an unapproved template is never sent, and who wrote it cannot approve it', async () => {
    const version = await write(
      'promised',
      {reason: 'promised', language: 'en', title: 'Date', body: '{promisedAt}'},
      false,
    );
    const approve = (actor: string) =>
      world.post(`/api/v1/notice-templates/promised/${version}/approve`, {actor});
    expect(await approve('writer')).toMatchObject({status: 409, body: {error: 'same-person'}});
    const demandId = await line(at(48));
    await tell();
    expect(mails).toEqual([]);
    expect(await withheld(demandId)).toEqual(['no approved text for promised, tier gold, email, en']);
    expect(await approve('approver')).toMatchObject({status: 200, body: {approvedBy: 'approver'}});
    await promise(demandId, at(72));
    await tell();
    expect(mails.map(({subject, text}) => [subject, text?.trim()])).toEqual([
      ['Date', 'Jan 8, 2026, 12:00 AM'],
    ]);
    await write('promised', {reason: 'promised', language: 'en', title: 'Other words', body: 'x'}, false);
    await line(at(48));
    await tell();
    expect(mails.map(({subject}) => subject)).toEqual(['Date', 'Date']);
    expect(
      await world.send('PUT', '/api/v1/notice-templates/odd', {...MOVED, body: '{price}'}),
    ).toMatchObject({
      status: 422,
      body: {error: 'template-invalid', message: expect.stringContaining('names {price}')},
    });
  });

  it('I3 one message per change; opt-out honoured', async () => {
    await write('moved', MOVED);
    const demandId = await line(at(48));
    await tell();
    mails.length = 0;
    await promise(demandId, at(96));
    await tell();
    await tell();
    await promise(demandId, at(96));
    await promise(demandId, at(98)); // 2 hours are no change
    await tell();
    expect(mails.map(({subject, text}) => [subject, text?.trim()])).toEqual([
      [
        'New date for Compressor',
        'Your 2 of P-1 for M-1, so far due Jan 7, 2026, 12:00 AM, come on Jan 9, 2026, 12:00 AM.',
      ],
    ]);
    await promise(demandId, at(48));
    await tell();
    await promise(demandId, at(96)); // back to a date that was told before: another change
    await tell();
    expect(mails).toHaveLength(3);
    await promise(demandId, at(144));
    await recipient({optedOut: true});
    await tell();
    await promise(demandId, at(240));
    await tell();
    expect(mails).toHaveLength(3);
    await recipient();
  });

  it('I3 what changes in quiet hours is told once, when they are over, as it is then', async () => {
    const demandId = await line(at(48));
    await tell();
    mails.length = 0;
    await recipient({hours: 'Mon-Sun 08:00-18:00'});
    await promise(demandId, at(96));
    await tell();
    await promise(demandId, at(192));
    await tell();
    expect(mails).toEqual([]);
    await world.clock.advanceTo(epochMs(START + 8 * HOUR_MS));
    await tell();
    expect(mails.map(({text}) => text?.includes('Jan 13, 2026'))).toEqual([true]);
    expect(await withheld(demandId)).toEqual(['what is known now says more']);
    await recipient();
  });

  it('I4 webhook of a changed promise matches its schema, and carries what is shared with the customer alone', async () => {
    await recipient(
      {channel: 'webhook', email: undefined, url: receiver.url, key: receiver.secret},
      'cus-crm',
    );
    const demandId = await line(at(48));
    await tell();
    await promise(demandId, at(96));
    await tell();
    const share = {purpose: 'p', useRights: 'r', fields: {depotId: 'plain'}, retentionDays: 9};
    await world.send('PUT', '/api/v1/data-shares/CUS/backorder-notices', share);
    await promise(demandId, at(200));
    await tell();
    const bodies = receiver.received.map(({body}) => body);
    expect(bodies.map((body) => CustomerNotice.strict().safeParse(body).error)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(bodies.map((body) => [body['type'], body['depotId']])).toEqual([
      ['customer.promised', undefined],
      ['customer.moved', undefined],
      ['customer.moved', 'D-1'],
    ]);
    expect(bodies[1]).toMatchObject({
      demandId,
      promisedAt: at(96),
      promisedBefore: at(48),
      equipmentId: 'M-1',
    });
    expect(CustomerNotice.safeParse({...bodies[1], promisedAt: 'soon'}).success).toBe(false);
    expect((await world.get('/api/v1/data-shares/sent')).body.sent[0]).toMatchObject({
      way: 'notice',
      partyId: 'CUS',
    });
    await recipient({channel: 'webhook', email: undefined, active: false}, 'cus-crm');
  });

  it('I3 a shortage of 14 days is told once in the words for it, and what ended says so', async () => {
    await write('long', {
      reason: 'prolonged',
      language: 'en',
      title: 'Still waiting',
      body: '{waitingDays} days',
    });
    await write('filled', {reason: 'filled', language: 'en', title: 'Here', body: '{partName} is here.'});
    const demandId = await line(at(2000));
    await tell();
    mails.length = 0;
    await world.clock.advanceTo(epochMs(START + 14 * DAY_MS - 1));
    await tell();
    expect(mails).toEqual([]);
    await world.clock.advanceTo(epochMs(START + 14 * DAY_MS));
    await tell();
    await tell();
    const own = mails.filter(({subject}) => subject === 'Still waiting');
    expect(own.map(({text}) => text?.trim())).toContain('14 days');
    mails.length = 0;
    await sql(
      `UPDATE network.demand_line SET state = 'filled', filled_qty = qty, filled_at = $2 WHERE demand_id = $1`,
      [demandId, at(336)],
    );
    await tell();
    await tell();
    expect(mails.map(({text}) => text?.trim())).toEqual(['Compressor is here.']);
  });
});
