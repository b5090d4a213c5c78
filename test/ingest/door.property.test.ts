import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Message} from '../../domain/reading.ts';
import {epochMs, toIso} from '../../domain/time.ts';
import {PacketSizeGuard} from '../../ingest/adapters/packet-size-guard.ts';
import {canonicalContent} from '../../ingest/core/identity.ts';
import {readInstant} from '../../ingest/core/instant.ts';
import {readJson} from '../../ingest/core/json.ts';
import {REJECTIONS} from '../../ingest/core/rejection.ts';
import {DoorWorld, reading} from './door-world.ts';

const SEED = {seed: 20260105, numRuns: 400};
const TOPICS = ['telemetry', 'event', 'flat', 'ts', 'cloudevents', 'senml'].map(
  (kind) => `${kind}/v1/AMS/CH-0001`,
);

const WORLD = new DoorWorld();

/** Every packet ends as messages that the bus accepts, or as letters with a known reason and a detail; and never as a throw. */
async function acceptedOrRefused(payload: unknown, topic: string): Promise<void> {
  WORLD.messages.length = 0;
  WORLD.letters.length = 0;
  const world = WORLD;
  await world.send(payload, topic);
  expect(world.messages.length + world.letters.length).toBeGreaterThan(0);
  for (const message of world.messages) Message.parse(message);
  for (const {reason, detail} of world.letters) {
    expect(REJECTIONS).toHaveProperty(reason);
    expect(detail).not.toBe('');
    expect(detail.isWellFormed()).toBe(true);
  }
}

describe('whatever comes in', () => {
  it('random bytes are accepted or refused with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({maxLength: 200}), fc.constantFrom(...TOPICS), acceptedOrRefused),
      SEED,
    );
  });

  it('random JSON is accepted or refused with a reason', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...TOPICS), acceptedOrRefused), SEED);
  });

  it('a good message with a few bytes changed is accepted or refused with a reason', async () => {
    const good = new TextEncoder().encode(JSON.stringify([reading(), reading({seq: 2})]));
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    const mutated = fc.array(change, {minLength: 1, maxLength: 4}).map((changes) => {
      const bytes = Uint8Array.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
    await fc.assert(fc.asyncProperty(mutated, fc.constantFrom(...TOPICS), acceptedOrRefused), SEED);
  });

  it('random topics are accepted or refused with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'binary', maxLength: 60}), (topic) =>
        acceptedOrRefused(reading(), topic),
      ),
      SEED,
    );
  });
});

describe('reading JSON', () => {
  it('gives what JSON.parse gives, for everything JSON.stringify writes of safe values', () => {
    const safe = fc.jsonValue({noUnicodeString: false, stringUnit: 'grapheme'});
    fc.assert(
      fc.property(safe, (value) => {
        const text = JSON.stringify(value);
        const read = readJson(text);
        if (!read.ok || read.faults.length > 0) return; // refused on purpose: depth, length, 2^53, __proto__
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      SEED,
    );
  });

  it('says the same of a text by either of its two ways: a blank in front takes the one that looks at every character', () => {
    const key = fc.constantFrom('a', 'b', 'a b', '__proto__', 'x'.repeat(200));
    const scalar = fc.constantFrom(
      '1',
      '-0.5',
      '1e999',
      '9007199254740993',
      '"t"',
      '"a\\u0000"',
      'null',
      'true',
      'NaN',
    );
    const blank = fc.constantFrom('', ' ');
    const member = fc.tuple(key, blank, scalar).map(([name, space, value]) => `"${name}"${space}:${value}`);
    const object = fc.array(member, {maxLength: 4}).map((members) => `{${members.join(',')}}`);
    const nested = fc.tuple(key, object).map(([name, inner]) => `{"${name}":${inner},"values":{"a":1}}`);
    const judged = (text: string): unknown => {
      const read = readJson(text);
      return read.ok
        ? [JSON.stringify(read.value), read.faults.map(({reason, detail}) => [reason, detail])]
        : read.fault.reason;
    };
    fc.assert(
      fc.property(fc.oneof(object, nested), (text) => {
        expect(judged(text)).toEqual(judged(` ${text}`));
      }),
      {...SEED, numRuns: 2000},
    );
  });

  it('fails exactly where JSON.parse fails, slips like NaN apart', () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from('{}[]",:0123456789.eE+-truefalsn \\u')),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, (candidate) => {
        const read = readJson(candidate);
        if (read.ok && read.faults.some(({reason}) => reason === 'not-a-number')) return;
        expect(read.ok).toBe(parses(candidate));
      }),
      {...SEED, numRuns: 3000},
    );
  });
});

it('an instant written in ISO 8601, in any zone, is read back', () => {
  const instant = fc.integer({min: -6e13, max: 2.5e14}).map(epochMs);
  fc.assert(
    fc.property(instant, fc.integer({min: -56, max: 56}), (at, quarters) => {
      expect(readInstant(toIso(at), 'iso')).toEqual({ok: true, at});
      const sign = quarters < 0 ? '-' : '+';
      const minutes = Math.abs(quarters) * 15;
      const zone = `${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      const local = toIso(epochMs(at + quarters * 900_000)).replace('Z', zone);
      expect(readInstant(local, 'iso')).toEqual({ok: true, at});
    }),
    SEED,
  );
});

it('the canonical content does not depend on the order of keys', () => {
  const values = fc.dictionary(
    fc.string({minLength: 1, maxLength: 8}),
    fc.double({noNaN: true, noDefaultInfinity: true}),
  );
  fc.assert(
    fc.property(values, (record) => {
      const reversed = Object.fromEntries(Object.entries(record).reverse());
      expect(canonicalContent({kind: 'reading', values: reversed})).toBe(
        canonicalContent({kind: 'reading', values: record}),
      );
    }),
    SEED,
  );
});

it('the packet size guard sees every packet that is too large and no other, however the stream is cut', () => {
  const packet = fc.integer({min: 0, max: 300}).map((length) => {
    const header = length < 128 ? [0x30, length] : [0x30, (length % 128) + 128, Math.floor(length / 128)];
    return Uint8Array.from([...header, ...new Array<number>(length).fill(0xff)]);
  });
  fc.assert(
    fc.property(fc.array(packet, {maxLength: 8}), fc.integer({min: 1, max: 97}), (packets, step) => {
      const stream = Uint8Array.from(packets.flatMap((bytes) => [...bytes]));
      const guard = new PacketSizeGuard(200);
      let seen: number | undefined;
      for (let at = 0; at < stream.length && seen === undefined; at += step)
        seen = guard.see(stream.subarray(at, at + step));
      const sizes = packets.map((bytes) => bytes.length - (bytes.length > 129 ? 3 : 2));
      expect(seen).toBe(sizes.find((size) => size > 200));
    }),
    SEED,
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
