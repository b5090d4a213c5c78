import {describe, expect, it} from 'vitest';
import {Message} from '../../domain/reading.ts';
import {DoorWorld, NOW, reading} from './door-world.ts';

const EVENT = 'event/v1/AMS/CH-0001';

describe('what the door takes', () => {
  it('A1 a reading becomes one message with its identity, in the words of the bus', async () => {
    const world = new DoorWorld();
    await world.send(reading());
    expect(world.letters).toEqual([]);
    expect(world.messages).toEqual([
      {
        kind: 'reading',
        equipmentId: 'CH-0001',
        equipmentNo: 1,
        observedAt: NOW,
        receivedAt: NOW,
        wallReceivedAt: NOW,
        // printf '["CH-0001",3,1841]' | sha256sum | cut -c1-32
        messageKey: '33bc31730bd28f62d8a2900c11299656',
        contentHash: expect.any(Number) as number,
        boot: 3,
        seq: 1841,
        values: {vibration_mm_s: 4.2, temperature_c: 71.5},
      },
    ]);
    expect(Message.parse(world.messages[0])).toEqual(world.messages[0]);
  });

  it('A1 one bad element of an array costs only itself', async () => {
    const world = new DoorWorld();
    const good = [reading({seq: 1}), reading({seq: 3})].map((element) => JSON.stringify(element));
    const bad = '{"observedAt":"2026-01-05T10:00:00Z","boot":3,"seq":2,"values":{"temperature_c":NaN}}';
    await world.send(`[${good[0]!}, ${bad}, ${good[1]!}]`);
    expect(world.messages.map((message) => message.seq)).toEqual([1, 3]);
    expect(world.letters).toHaveLength(1);
    expect(world.letters[0]!.reason).toBe('not-a-number');
    expect(new TextDecoder().decode(world.letters[0]!.raw)).toBe(bad);
  });

  it('an event keeps its position, its serial and what else it told', async () => {
    const world = new DoorWorld();
    const body = {
      observedAt: '2026-01-05T09:59:00Z',
      type: 'part-replaced',
      component: 'comp1',
      partSerial: 'S-9',
      technician: 'B',
    };
    await world.send(body, EVENT);
    expect(world.messages[0]).toMatchObject({
      kind: 'event',
      type: 'part-replaced',
      positionId: 'comp1',
      serial: 'S-9',
      body: {technician: 'B'},
    });
    expect(Message.parse(world.messages[0])).toEqual(world.messages[0]);
  });

  it('the same content without boot and seq has the same key whatever the order of its keys', async () => {
    const world = new DoorWorld();
    const observedAt = '2026-01-05T10:00:00Z';
    await world.send({observedAt, values: {temperature_c: 20, vibration_mm_s: 1}});
    await world.send({values: {vibration_mm_s: 1, temperature_c: 20.0}, observedAt});
    await world.send({values: {vibration_mm_s: 1, temperature_c: 20.1}, observedAt});
    const [first, same, other] = world.messages.map(({messageKey}) => messageKey);
    expect(first).toBe(same);
    expect(first).not.toBe(other);
  });

  it('every shipped profile reads its own kind of message to the same values', async () => {
    const world = new DoorWorld();
    await world.send({temperature_c: 20, observedAt: '2026-01-05T10:00:00Z'}, 'flat/v1/AMS/CH-0001');
    await world.send({ts: NOW, values: {temperature_c: 20}}, 'ts/v1/AMS/CH-0001');
    const data = {values: {temperature_c: 20}};
    const cloudEvent = {
      specversion: '1.0',
      id: '1',
      source: '/ams',
      type: 'reading',
      time: '2026-01-05T10:00:00Z',
      data,
    };
    await world.send(cloudEvent, 'cloudevents/v1/AMS/CH-0001');
    await world.send(
      [{bn: 'urn:dev:CH-0001/', bt: NOW / 1000, n: 'temperature_c', u: 'K', v: 293.15}],
      'senml/v1/AMS/CH-0001',
    );
    expect(world.letters).toEqual([]);
    for (const message of world.messages)
      expect(message).toMatchObject({observedAt: NOW, values: {temperature_c: 20}});
    expect(world.messages).toHaveLength(4);
  });

  it('a CloudEvent with a type in its data is an event', async () => {
    const world = new DoorWorld();
    const data = {type: 'error', code: 'E3', component: 'comp1'};
    await world.send(
      {specversion: '1.0', id: '1', source: '/a', type: 'x', time: '2026-01-05T10:00:00Z', data},
      'cloudevents/v1/AMS/CH-0001',
    );
    expect(world.messages[0]).toMatchObject({kind: 'event', type: 'error', code: 'E3', positionId: 'comp1'});
    expect(world.messages[0]).not.toHaveProperty('body');
  });

  it('a message without time takes the time of receipt only where its profile says so, and never when retained', async () => {
    const world = new DoorWorld();
    await world.send({temperature_c: 20}, 'flat/v1/AMS/CH-0001');
    expect(world.messages[0]).toMatchObject({observedAt: NOW});
    await world.send({temperature_c: 21}, 'flat/v1/AMS/CH-0001', true);
    expect(world.letters.map(({reason}) => reason)).toEqual(['retained-without-time']);
    expect(await world.refusalOf({values: {temperature_c: 20}})).toContain('bad-time');
  });
});

describe('what the door refuses, with the hint', () => {
  const cases: readonly (readonly [name: string, payload: unknown, expected: RegExp, topic?: string])[] = [
    [
      'epoch seconds for ISO',
      reading({observedAt: 1_767_607_200}),
      /^epoch-seconds: .*"2026-01-05T10:00:00.000Z"/,
    ],
    ['epoch milliseconds for ISO', reading({observedAt: NOW}), /^bad-time: .*"2026-01-05T10:00:00.000Z"/],
    [
      'epoch seconds for milliseconds',
      {ts: 1_767_607_200, values: {temperature_c: 1}},
      /^epoch-seconds: .*1767607200000/,
      'ts/v1/AMS/CH-0001',
    ],
    [
      'local time without zone',
      reading({observedAt: '2026-01-05T10:00:00'}),
      /^time-without-zone: .*end it with Z/,
    ],
    [
      'local time sent as UTC',
      reading({observedAt: '2026-01-05T12:00:00Z'}),
      /^time-in-future: .*120 min.*local time/,
    ],
    [
      'a clock that runs ahead',
      reading({observedAt: '2026-01-05T10:07:00Z'}),
      /^time-in-future: .*set the clock/,
    ],
    ['a message from last century', reading({observedAt: '1999-01-05T10:07:00Z'}), /^too-old: .*days old/],
    ['a day that no calendar has', reading({observedAt: '2026-02-30T10:07:00Z'}), /^bad-time: /],
    [
      'a number as text',
      reading({values: {temperature_c: '4.2'}}),
      /^text-number: .*send 4.2 without quotes/,
    ],
    ['a number with a comma', reading({values: {temperature_c: '4,2'}}), /^text-number: .*send 4.2/],
    ['NaN as text', reading({values: {temperature_c: 'NaN'}}), /^not-a-number: .*leave it out/],
    [
      'NaN as a token',
      '{"observedAt":"2026-01-05T10:00:00Z","values":{"temperature_c":NaN}}',
      /^not-a-number: .*temperature_c/,
    ],
    [
      'a number beyond a double',
      '{"observedAt":"2026-01-05T10:00:00Z","values":{"temperature_c":1e999}}',
      /^not-a-number: .*1e999/,
    ],
    ['null', reading({values: {temperature_c: null}}), /^null-value: .*leave it out/],
    ['true for 1', reading({values: {temperature_c: true}}), /^not-a-number: .*boolean/],
    ['no values', reading({values: {}}), /^no-values/],
    ['an empty array', [], /^no-values/],
    ['°F for °C', reading({values: {temperature_c: 160}}), /^out-of-range: .*160 °F would be 71.11 °C/],
    [
      'Pa for kPa',
      reading({values: {pressure_kpa: 101_325}}),
      /^out-of-range: .*101325 Pa would be 101.3 kPa/,
    ],
    [
      'an impossible value',
      reading({values: {vibration_mm_s: -1}}),
      /^out-of-range: .*0..50 mm\/s; check the sensor/,
    ],
    [
      'an unknown signal',
      reading({values: {Temperature_C: 20}}),
      /^unknown-signal: .*did you mean "temperature_c"/,
    ],
    ['boot without seq', reading({seq: undefined}), /^incomplete-identity: boot without seq/],
    ['seq without boot', reading({boot: undefined}), /^incomplete-identity: seq without boot/],
    ['a broken seq', reading({seq: 1.5}), /^incomplete-identity: seq is/],
    [
      'an integer beyond 2^53',
      '{"observedAt":"2026-01-05T10:00:00Z","boot":1,"seq":9007199254740993,"values":{"temperature_c":1}}',
      /^unsafe-integer/,
    ],
    [
      'a NUL escape',
      '{"observedAt":"2026-01-05T10:00:00Z","values":{"temperature_c":1},"texts":{"note":"a\\u0000b"}}',
      /^bad-text: .*NUL/,
    ],
    [
      'half a surrogate pair',
      '{"observedAt":"2026-01-05T10:00:00Z","values":{"temperature_c":1},"texts":{"note":"\\ud800"}}',
      /^bad-text: .*surrogate/,
    ],
    [
      'a key twice',
      '{"observedAt":"2026-01-05T10:00:00Z","values":{"temperature_c":1,"temperature_c":2}}',
      /^not-json: .*twice/,
    ],
    [
      '__proto__',
      '{"observedAt":"2026-01-05T10:00:00Z","values":{"temperature_c":1,"__proto__":2}}',
      /^not-json: .*__proto__/,
    ],
    ['deep JSON', `${'['.repeat(100)}${']'.repeat(100)}`, /^too-deep/],
    ['no JSON', 'hello', /^not-json: offset 0/],
    ['half a JSON', '{"observedAt":', /^not-json: .*the payload ends/],
    ['no UTF-8', Uint8Array.of(0xff, 0xfe), /^not-utf8/],
    ['a scalar', '42', /^wrong-shape: expected an object/],
    ['no values field', {observedAt: '2026-01-05T10:00:00Z', temperature_c: 1}, /^wrong-shape: .*"values"/],
    [
      'a topic of another shape',
      reading(),
      /^bad-topic: expected telemetry\/v1\/\{site\}\/\{equipmentId\}/,
      'telemetry/v1/CH-0001',
    ],
    ['a topic nobody listens on', reading(), /^unknown-topic/, 'sensors/CH-0001'],
    [
      'an unknown event type',
      {observedAt: '2026-01-05T10:00:00Z', type: 'explosion'},
      /^unknown-event-type: .*known are error/,
      EVENT,
    ],
    [
      'an unknown component',
      {observedAt: '2026-01-05T10:00:00Z', type: 'error', component: 'c9'},
      /^unknown-component: .*comp1/,
      EVENT,
    ],
    [
      'a replaced part without position',
      {observedAt: '2026-01-05T10:00:00Z', type: 'part-replaced'},
      /^wrong-shape: .*component/,
      EVENT,
    ],
    [
      'nested event data',
      {observedAt: '2026-01-05T10:00:00Z', type: 'error', more: {a: 1}},
      /^wrong-shape: .*"more"/,
      EVENT,
    ],
    [
      'a SenML unit that cannot be converted',
      [{bn: 'x/', bt: 1_767_607_200, n: 'temperature_c', u: 'kg', v: 1}],
      /^unit-mismatch/,
      'senml/v1/AMS/CH-0001',
    ],
  ];
  for (const [name, payload, expected, topic] of cases) {
    it(`A1 ${name}`, async () => {
      const world = new DoorWorld();
      expect(await world.refusalOf(payload, topic)).toMatch(expected);
      expect(world.messages).toEqual([]);
    });
  }

  it('a payload beyond the limit is refused and its letter keeps only the beginning', async () => {
    const world = new DoorWorld({payloadBytesMax: 10_000});
    expect(await world.refusalOf(new Uint8Array(10_001))).toMatch(/^too-large: 10001 bytes/);
    expect(world.letters[0]!.raw.byteLength).toBe(4096);
  });

  it('an unknown equipment is quarantined with the bytes it sent', async () => {
    const world = new DoorWorld();
    await world.send(reading(), 'telemetry/v1/AMS/CH-9999');
    expect(world.letters).toMatchObject([
      {state: 'quarantined', equipmentId: 'CH-9999', reason: 'unknown-equipment'},
    ]);
  });
});

describe('what the door promises', () => {
  it('rejects the packet, so that no PUBACK goes out, when the bus cannot take a message', async () => {
    const world = new DoorWorld();
    world.sinkDown = true;
    await expect(world.send(reading())).rejects.toThrow('the bus is away');
    expect(world.counted).toMatchObject({packets: 1, accepted: 0, refusedForNow: 1});
  });

  it('rejects the packet when the dead letter cannot be committed, and tells nobody', async () => {
    const world = new DoorWorld();
    world.lettersDown = true;
    await expect(world.send('hello')).rejects.toThrow('the database is away');
    expect(world.told).toEqual([]);
  });

  it('tells the equipment what was wrong, ten times at once and then once every six seconds', async () => {
    const world = new DoorWorld();
    for (let i = 0; i < 13; i += 1) await world.send(reading({seq: undefined}));
    expect(world.told).toHaveLength(10);
    expect(world.told[0]).toMatchObject({
      topic: 'status/v1/AMS/CH-0001',
      payload: {
        version: 1,
        status: 'rejected',
        reason: 'incomplete-identity',
        receivedAt: '2026-01-05T10:00:00.000Z',
      },
    });
    world.worldNow = (NOW + 6000) as typeof NOW;
    await world.send(reading({seq: undefined}));
    expect(world.told).toHaveLength(11);
    expect(world.told[10]!.payload['untold']).toBe(3);
    expect(world.counted.rejected).toHaveLength(14);
  });
});
