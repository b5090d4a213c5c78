import {beforeEach, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {rebirthRequest} from '../../ingest/core/sparkplug-payload.ts';
import type {SparkplugBirth} from '../../ingest/core/sparkplug.ts';
import {SparkplugRegistry} from '../../ingest/sparkplug-registry.ts';
import {decodeSparkplug, encodeSparkplug} from '../support/sparkplug-node.ts';
import {SILENT} from './door-contract.ts';
import {DoorWorld, NOW} from './door-world.ts';

const encode = (payload: object): Uint8Array => encodeSparkplug({timestamp: NOW, ...payload});
const topic = (type: string, device = 'CH-0001'): string =>
  `spBv1.0/plant/${type}/edge1${type.startsWith('D') ? `/${device}` : ''}`;

const NBIRTH = encode({
  seq: 0,
  metrics: [
    {name: 'bdSeq', datatype: 8, long_value: 7},
    {name: 'Node Control/Rebirth', datatype: 11, boolean_value: false},
  ],
});
const DECLARED = [
  {name: 'temperature_c', alias: 1, datatype: 9},
  {name: 'vibration_mm_s', alias: 2, datatype: 10},
];
const DBIRTH = encode({
  seq: 1,
  metrics: [
    {...DECLARED[0], float_value: 20.5},
    {...DECLARED[1], double_value: 1.25},
  ],
});

describe('Sparkplug B', () => {
  let saved: SparkplugBirth[];
  let asked: string[];
  let world: DoorWorld;
  const open = (births: readonly SparkplugBirth[] = []): SparkplugRegistry =>
    new SparkplugRegistry(
      {loadAll: async () => births, save: async (birth) => void saved.push(birth)},
      {publish: async (address) => void asked.push(address)},
      SILENT,
    );

  beforeEach(() => {
    saved = [];
    asked = [];
    world = new DoorWorld({sparkplug: open()});
  });

  async function born(): Promise<void> {
    await world.send(NBIRTH, topic('NBIRTH'));
    await world.send(DBIRTH, topic('DBIRTH'));
  }

  it('data that name their metrics by alias alone are read by the BIRTH', async () => {
    await born();
    await world.send(
      encode({
        seq: 2,
        metrics: [
          {alias: 1, float_value: 21.5},
          {alias: 2, double_value: 1.5},
        ],
      }),
      topic('DDATA'),
    );
    expect(world.letters).toEqual([]);
    expect(world.messages.map((message) => message.kind === 'reading' && message.values)).toEqual([
      {temperature_c: 20.5, vibration_mm_s: 1.25},
      {temperature_c: 21.5, vibration_mm_s: 1.5},
    ]);
    expect(saved.map(({device, bdSeq}) => [device, bdSeq])).toEqual([
      ['', 7],
      ['CH-0001', undefined],
    ]);
    expect(asked).toEqual([]);
  });

  it('a hole in the sequence asks the node for a rebirth, once, and still stores the data', async () => {
    await born();
    await world.send(encode({seq: 5, metrics: [{alias: 1, float_value: 21}]}), topic('DDATA'));
    await world.send(encode({seq: 9, metrics: [{alias: 1, float_value: 22}]}), topic('DDATA'));
    expect(asked).toEqual(['spBv1.0/plant/NCMD/edge1']);
    expect(world.messages).toHaveLength(3);
  });

  it('the sequence goes on from 255 to 0 without a hole', async () => {
    await born();
    for (let seq = 2; seq <= 260; seq += 1) {
      await world.send(
        encode({seq: seq % 256, metrics: [{alias: 1, float_value: 20 + seq / 100}]}),
        topic('DDATA'),
      );
    }
    expect(asked).toEqual([]);
  });

  it('an alias that nobody declared is refused with its bytes, and asks for a rebirth', async () => {
    await born();
    const bytes = encode({seq: 2, metrics: [{alias: 99, float_value: 1}]});
    await world.send(bytes, topic('DDATA'));
    expect(world.letters).toMatchObject([{reason: 'unknown-alias', equipmentId: 'CH-0001'}]);
    expect([...world.letters[0]!.raw]).toEqual([...bytes]);
    expect(asked).toHaveLength(1);
  });

  it('a restart keeps the aliases', async () => {
    await born();
    const registry = open(saved);
    await registry.load();
    world = new DoorWorld({sparkplug: registry});
    await world.send(encode({seq: 2, metrics: [{alias: 1, float_value: 21.5}]}), topic('DDATA'));
    expect(world.messages).toMatchObject([{values: {temperature_c: 21.5}}]);
    expect(asked).toEqual([]);
  });

  it('a DEATH marks what the node said as stale, unless it belongs to an older birth', async () => {
    await born();
    saved = [];
    await world.send(encode({metrics: [{name: 'bdSeq', datatype: 8, long_value: 6}]}), topic('NDEATH'));
    expect(saved).toEqual([]);
    await world.send(encode({metrics: [{name: 'bdSeq', datatype: 8, long_value: 7}]}), topic('NDEATH'));
    expect(saved.map(({device, stale}) => [device, stale])).toEqual([
      ['', true],
      ['CH-0001', true],
    ]);
  });

  it('a BIRTH right after a DEATH reaches the database after it, however long that one takes', async () => {
    const kept: string[] = [];
    const waiting: (() => void)[] = [];
    const slow = new SparkplugRegistry(
      {
        loadAll: async () => [],
        save: async ({device, stale}) => {
          if (stale) await new Promise<void>((resolve) => waiting.push(resolve));
          kept.push(`${device} ${stale ? 'dead' : 'alive'}`);
        },
      },
      {publish: async () => undefined},
      SILENT,
    );
    await slow.take(topic('NBIRTH'), NBIRTH, NOW)?.kept;
    await slow.take(topic('DBIRTH'), DBIRTH, NOW)?.kept;
    const death = slow.take(topic('DDEATH'), encode({seq: 2}), NOW);
    const birth = slow.take(topic('DBIRTH'), encode({seq: 3, metrics: []}), NOW);
    await new Promise((resolve) => setImmediate(resolve));
    for (const go of waiting) go();
    await Promise.all([death?.kept, birth?.kept]);
    expect(kept).toEqual([' alive', 'CH-0001 alive', 'CH-0001 dead', 'CH-0001 alive']);
  });

  it('what hosts say to nodes and of themselves is no mistake of anybody', async () => {
    const command = rebirthRequest(NOW);
    for (const address of [
      'spBv1.0/plant/NCMD/edge1',
      'spBv1.0/plant/DCMD/edge1/CH-0001',
      'spBv1.0/STATE/scada',
    ])
      await world.send(command, address);
    expect(world.letters).toEqual([]);
    expect(world.counted).toMatchObject({packets: 3, accepted: 0});
  });

  it('aliases end with a DEATH: data whose BIRTH was missed are refused, not misread', async () => {
    await born();
    await world.send(encode({metrics: [{name: 'bdSeq', datatype: 8, long_value: 7}]}), topic('NDEATH'));
    saved = [];
    world.messages.length = 0;
    await world.send(encode({seq: 2, metrics: [{alias: 1, float_value: 21}]}), topic('DDATA'));
    expect(world.messages).toEqual([]);
    expect(world.letters).toMatchObject([{reason: 'unknown-alias'}]);
    expect(asked).toEqual(['spBv1.0/plant/NCMD/edge1']);
    expect(saved.map(({device, stale}) => [device, stale])).toEqual([['CH-0001', false]]); // … but it lives
  });

  it("a restart forgets devices that have not followed their node's last BIRTH", async () => {
    await born();
    const [node, device] = [saved[0]!, saved[1]!];
    const registry = open([device, {...node, bornAt: epochMs(NOW + 1)}]);
    await registry.load();
    world = new DoorWorld({sparkplug: registry});
    await world.send(encode({seq: 2, metrics: [{alias: 1, float_value: 21.5}]}), topic('DDATA'));
    expect(world.letters).toMatchObject([{reason: 'unknown-alias'}]);
  });

  it('historical values and values of another time are messages of their own', async () => {
    await born();
    world.messages.length = 0;
    const metrics = [
      {alias: 1, float_value: 21.5},
      {alias: 2, double_value: 3, timestamp: NOW - 60_000, is_historical: true},
    ];
    await world.send(encode({seq: 2, metrics}), topic('DDATA'));
    expect(world.messages).toMatchObject([
      {observedAt: NOW, values: {temperature_c: 21.5}},
      {observedAt: NOW - 60_000, values: {vibration_mm_s: 3}, historical: true},
    ]);
    expect(world.messages[0]).not.toHaveProperty('historical');
  });

  it('integers are signed by their datatype, booleans are 0 and 1, null is no value', async () => {
    await world.send(NBIRTH, topic('NBIRTH'));
    const metrics = [
      {name: 'temperature_c', datatype: 3, int_value: 0xff_ff_ff_fe},
      {name: 'vibration_mm_s', datatype: 11, boolean_value: true},
      {name: 'pressure_kpa', datatype: 9, is_null: true},
    ];
    await world.send(encode({seq: 1, metrics}), topic('DBIRTH'));
    expect(world.messages).toMatchObject([{values: {temperature_c: -2, vibration_mm_s: 1}}]);
  });

  it('bytes that are no Sparkplug message are refused', async () => {
    expect(await world.refusalOf('{"json": true}', topic('DDATA'))).toMatch(
      /^wrong-shape: .*no Sparkplug B message/,
    );
    expect(await world.refusalOf(NBIRTH, 'spBv1.0/plant/NBIRTH')).toMatch(/^bad-topic/);
  });

  it('a rebirth request is a Sparkplug payload that others can read', () => {
    expect(decodeSparkplug(rebirthRequest(NOW))).toEqual({
      timestamp: String(NOW),
      metrics: [{name: 'Node Control/Rebirth', timestamp: String(NOW), datatype: 11, boolean_value: true}],
    });
  });
});
