import type {Pool} from '../../platform/pg.ts';
import type {Emission} from '../../simulator/fleet.ts';
import {tellStory} from './chain-world.ts';
import type {Story} from './chain-world.ts';
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

interface Letters {
  readonly reason: string;
  readonly letters: number;
  readonly seen: number;
}

/** A day of a small fleet as a bad line delivers it, and what must be left of it. */
export interface MessyStory {
  readonly story: Story;
  /** Repeated, late and shuffled, with broken messages in between. */
  readonly first: readonly Emission[];
  /** To be sent when the first are taken: messages that contradict them, and repeats. */
  readonly then: readonly Emission[];
  /** 'equipment boot.seq' of each message that must be stored, sorted. */
  readonly ideal: readonly string[];
  /** By reason, sorted. */
  readonly letters: readonly Letters[];
}

export function tellMessyStory(seed: number): MessyStory {
  const story = tellStory({seed, machines: 6, days: 1});
  const {emissions} = story;
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
  const ideal = new Set(
    intact.map(({equipmentId, payload}) => {
      const {boot, seq} = JSON.parse(payload) as {boot: number; seq: number};
      return nameOf(equipmentId, boot, seq);
    }),
  );
  const letters = [
    ...BREAKINGS.map(([reason]) => {
      const of = refusals.filter((message) => message.reason === reason);
      const distinct = new Set(of.map(({topic, payload}) => `${topic} ${payload}`)).size;
      return {reason, letters: distinct, seen: 2 * of.length};
    }),
    {reason: 'sequence-conflict', letters: conflicts.length, seen: conflicts.length},
  ];
  return {
    story,
    first: random.shuffle([...intact, ...random.some(intact, 0.3), ...refusals, ...refusals]),
    then: random.shuffle([...conflicts, ...random.some(intact, 0.1)]),
    ideal: [...ideal].sort(),
    letters: letters.sort((a, b) => (a.reason < b.reason ? -1 : 1)),
  };
}

function nameOf(id: string, boot: number, seq: number): string {
  return `${id} ${boot}.${seq}`;
}

/** What is left of it in the database, to be compared with `ideal`. */
export async function storedNames(pool: Pool): Promise<readonly string[]> {
  const {rows} = await pool.query<{id: string; boot: number; seq: number}>(
    `SELECT e.equipment_id AS id, r.boot, r.seq FROM ingest.reading r JOIN network.equipment e USING (equipment_no)
     UNION ALL SELECT e.equipment_id, v.boot, v.seq FROM ingest.equipment_event v JOIN network.equipment e USING (equipment_no)`,
  );
  return rows.map(({id, boot, seq}) => nameOf(id, boot, seq)).sort();
}

/** The dead letters, to be compared with `letters`. */
export async function keptLetters(pool: Pool): Promise<readonly Letters[]> {
  const {rows} = await pool.query<Letters>(
    `SELECT reason, count(*)::int AS letters, sum(seen_count)::int AS seen FROM ingest.dead_letter GROUP BY 1 ORDER BY 1`,
  );
  return rows;
}
