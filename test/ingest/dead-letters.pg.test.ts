import pg from 'pg';
import {beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {Message} from '../../domain/reading.ts';
import {PgDeadLetterStore} from '../../ingest/adapters/dead-letters.ts';
import {PgEquipmentDirectory} from '../../ingest/adapters/directory.ts';
import {
  listDeadLetters,
  listQuarantinedEquipment,
  resubmitDeadLetter,
  resubmitEquipment,
} from '../../ingest/api.ts';
import type {IngestApiPorts} from '../../ingest/api.ts';
import {sha256Key} from '../../ingest/message-key.ts';
import {DoorService} from '../../ingest/service.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {SILENT} from './door-contract.ts';
import {bytes, NOW, reading} from './door-world.ts';
import {addEquipment, installBase} from './installed-base.ts';

describe('dead letters and quarantine in the database', () => {
  let database: TestDatabase;
  let ingest: Pool;
  let owner: Pool;
  let published: Message[];
  let ports: IngestApiPorts & {readonly service: DoorService};

  beforeAll(async () => {
    database = await openTestDatabase();
    ingest = database.poolFor('forestock_ingest');
    owner = database.poolFor('forestock_network');
    const schemaOwner = new pg.Pool({connectionString: database.ownerUrl, max: 1});
    await installBase(schemaOwner, ['CH-0001']);
    await schemaOwner.end();
  });

  beforeEach(async () => {
    await ingest.query('DELETE FROM ingest.dead_letter');
    published = [];
    ports = makePorts(new PgDeadLetterStore(ingest, {perEquipmentMax: 3, overallMax: 5}));
    await ports.directory.refresh();
  });

  function makePorts(deadLetters: PgDeadLetterStore): IngestApiPorts & {readonly service: DoorService} {
    const directory = new PgEquipmentDirectory(ingest);
    const sink = {publish: async (messages: readonly Message[]) => void published.push(...messages)};
    const nothing = (): void => undefined;
    const service = new DoorService({
      door: {
        start: async () => ({}),
        publish: async () => undefined,
        state: () => 'up',
        stop: async () => undefined,
      },
      sink,
      directory,
      deadLetters,
      keyOf: sha256Key,
      clocks: {worldNow: () => NOW, wallNow: () => NOW},
      metrics: {
        packet: nothing,
        accepted: nothing,
        rejected: nothing,
        refusedForNow: nothing,
        quarantineOverflow: nothing,
      },
      log: SILENT,
    });
    return {deadLetters, directory, sink, service};
  }

  const send = (payload: unknown, equipmentId = 'CH-0001'): Promise<void> =>
    ports.service.handle({topic: `telemetry/v1/AMS/${equipmentId}`, payload: bytes(payload), retain: false});

  it('A1 a rejected message is kept once with its bytes, its reason and how often it came', async () => {
    for (let i = 0; i < 3; i += 1) await send(reading({boot: undefined}));
    const letters = await listDeadLetters(ports, {limit: 10});
    expect(letters).toMatchObject([
      {
        reason: 'incomplete-identity',
        seenCount: 3,
        state: 'rejected',
        equipmentId: 'CH-0001',
        partyId: 'customer-1',
        receivedAt: NOW,
      },
    ]);
    expect([...letters[0]!.raw]).toEqual([...bytes(reading({boot: undefined}))]);
  });

  it('keeps bytes and topics that are no text', async () => {
    await ports.service.handle({
      topic: 'telemetry/v1/AMS\u0000/\ud800',
      payload: Uint8Array.of(0, 255),
      retain: false,
    });
    const [letter] = await listDeadLetters(ports, {limit: 1});
    expect(letter).toMatchObject({reason: 'bad-topic'});
    expect([...letter!.raw]).toEqual([0, 255]);
  });

  it('an unknown equipment waits in quarantine up to the caps, is registered, and passes once', async () => {
    for (let seq = 1; seq <= 5; seq += 1) await send(reading({seq}), 'CH-NEW');
    for (let seq = 1; seq <= 5; seq += 1) await send(reading({seq}), 'CH-OTHER');
    const waiting = await listQuarantinedEquipment(ports);
    expect(waiting.map(({equipmentId, letters}) => [equipmentId, letters])).toEqual([
      ['CH-NEW', 3],
      ['CH-OTHER', 2],
    ]);
    expect(await resubmitEquipment(ports, 'CH-NEW')).toMatchObject({ok: false, reason: 'unknown-equipment'});

    await addEquipment(owner, 'CH-NEW');
    expect(await resubmitEquipment(ports, 'CH-NEW')).toEqual({
      ok: true,
      value: {letters: 3, messages: 3, refused: 0},
    });
    expect(published.map(({seq}) => seq).sort()).toEqual([1, 2, 3]);
    expect(await resubmitEquipment(ports, 'CH-NEW')).toEqual({
      ok: true,
      value: {letters: 0, messages: 0, refused: 0},
    });
    await send(reading({seq: 9}), 'CH-NEW');
    expect(published).toHaveLength(4);
  });

  it('A5 a corrected letter passes once', async () => {
    await send(reading({values: {temperature_c: '4.2'}}));
    const [letter] = await listDeadLetters(ports, {limit: 1});
    const id = letter!.deadLetterId;
    expect(await resubmitDeadLetter(ports, id)).toMatchObject({ok: false, reason: 'text-number'});
    const fixed = JSON.stringify(reading({values: {temperature_c: 4.2}}));
    expect(await resubmitDeadLetter(ports, id, fixed)).toEqual({ok: true, value: {messages: 1}});
    expect(published).toMatchObject([{values: {temperature_c: 4.2}}]);
    expect(await resubmitDeadLetter(ports, id, fixed)).toMatchObject({ok: false, reason: 'letter-closed'});
    expect(await resubmitDeadLetter(ports, 'no-such-id')).toMatchObject({
      ok: false,
      reason: 'no-such-letter',
    });
  });

  it('a message that waited is judged by the clock of its receipt', async () => {
    await send({temperature_c: 20}, 'CH-LATE');
    const flat = {topic: 'flat/v1/AMS/CH-LATE', payload: bytes({temperature_c: 20}), retain: false};
    await ports.service.handle(flat);
    await addEquipment(owner, 'CH-LATE');
    const outcome = await resubmitEquipment(ports, 'CH-LATE');
    expect(outcome).toEqual({ok: true, value: {letters: 2, messages: 1, refused: 1}}); // the first was not in its topic's form
    expect(published).toMatchObject([{observedAt: NOW, values: {temperature_c: 20}}]);
    expect(await listDeadLetters(ports, {state: 'rejected', limit: 10})).toMatchObject([
      {reason: 'wrong-shape'},
    ]);
  });

  it('the packet is not taken while the database is away', async () => {
    const away = openPool({url: 'postgres://127.0.0.1:1/none', role: 'forestock_ingest'});
    const {service} = makePorts(new PgDeadLetterStore(away));
    await expect(service.handle({topic: 'nonsense', payload: bytes('x'), retain: false})).rejects.toThrow();
    await away.end();
  });
});
