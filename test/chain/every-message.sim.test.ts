import {describe, expect, it} from 'vitest';
import {openTestDatabase} from '../support/database.ts';
import type {Emission} from '../../simulator/fleet.ts';
import {device, openChain, sendAll, tellStory} from './chain-world.ts';
import {createRandom} from './shuffle.ts';

/** A message gone wrong on its way, and the reason it must be refused for. */
const BREAKINGS: readonly (readonly [reason: string, (message: Emission) => Partial<Emission>])[] = [
  ['not-json', ({payload}) => ({payload: payload.slice(0, -1)})],
  ['bad-time', ({payload}) => ({payload: edit(payload, {observedAt: 'yesterday'})})],
  ['too-old', ({payload}) => ({payload: edit(payload, {observedAt: '2019-01-05T10:00:00.000Z'})})],
  ['time-in-future', ({payload}) => ({payload: edit(payload, {observedAt: '2031-01-05T10:00:00.000Z'})})],
  ['incomplete-identity', ({payload}) => ({payload: edit(payload, {boot: undefined})})],
  ['unknown-signal', ({payload}) => ({payload: edit(payload, {values: {no_such_signal: 1}})})],
  ['unknown-equipment', ({topic}) => ({topic: topic.replace(/[^/]+$/, 'NOBODY-1')})],
  ['bad-topic', ({topic}) => ({topic: `${topic}/more`})],
];

function edit(payload: string, over: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({...(JSON.parse(payload) as object), ...over});
}

describe('everything that equipment sends', () => {
  for (const seed of [1, 2]) {
    it(`A1 invariant I2: every message is stored once, or is a dead letter with its reason (seed ${seed})`, async () => {
      const {emissions, ...story} = tellStory({seed, machines: 6, days: 1});
      const random = createRandom(seed);
      const telemetry = emissions.filter(({topic}) => topic.startsWith('telemetry/'));
      const broken = random.shuffle(telemetry).slice(0, 8 * BREAKINGS.length);
      const refusals = broken.map((message, i) => {
        const [reason, breakIt] = BREAKINGS[i % BREAKINGS.length]!;
        return {...message, ...breakIt(message), reason};
      });
      // Same number, other time or other value: the equipment counted wrongly.
      const conflicts = random
        .shuffle(telemetry.filter((message) => !broken.includes(message)))
        .slice(0, 20)
        .map((message, i) => ({
          ...message,
          payload: edit(
            message.payload,
            i % 2 === 0 ? {observedAt: '2026-01-01T00:00:00.000Z'} : {values: {vibration_mm_s: 0.123}},
          ),
        }));
      const intact = emissions.filter((message) => !broken.includes(message));

      const database = await openTestDatabase();
      const engine = await openChain(database, {...story, emissions});
      const client = await device(engine);
      // Repeated and shuffled, the broken ones in between; conflicts come after what they contradict.
      await sendAll(
        client,
        random.shuffle([...intact, ...random.some(intact, 0.3), ...refusals, ...refusals]),
      );
      await sendAll(client, random.shuffle([...conflicts, ...random.some(intact, 0.1)]));
      await client.endAsync();
      await engine.stop();

      const pool = database.poolFor('forestock_ingest');
      const stored = await pool.query<{id: string; boot: number; seq: number}>(
        `SELECT e.equipment_id AS id, r.boot, r.seq FROM ingest.reading r JOIN network.equipment e USING (equipment_no)
         UNION ALL SELECT e.equipment_id, v.boot, v.seq FROM ingest.equipment_event v JOIN network.equipment e USING (equipment_no)`,
      );
      const nameOf = (id: string, boot: number, seq: number): string => `${id} ${boot}.${seq}`;
      const ideal = new Set(
        intact.map(({equipmentId, payload}) => {
          const {boot, seq} = JSON.parse(payload) as {boot: number; seq: number};
          return nameOf(equipmentId, boot, seq);
        }),
      );
      expect(stored.rows.map(({id, boot, seq}) => nameOf(id, boot, seq)).sort()).toEqual([...ideal].sort());

      const letters = await pool.query<{reason: string; letters: number; seen: number}>(
        `SELECT reason, count(*)::int AS letters, sum(seen_count)::int AS seen FROM ingest.dead_letter GROUP BY 1 ORDER BY 1`,
      );
      const expected = [
        ...BREAKINGS.map(([reason]) => {
          const of = refusals.filter((message) => message.reason === reason);
          const distinct = new Set(of.map(({topic, payload}) => `${topic} ${payload}`)).size;
          return {reason, letters: distinct, seen: 2 * of.length};
        }),
        {reason: 'sequence-conflict', letters: conflicts.length, seen: conflicts.length},
      ];
      expect(letters.rows).toEqual(expected.sort((a, b) => (a.reason < b.reason ? -1 : 1)));
      await database.close();
    });
  }
});
