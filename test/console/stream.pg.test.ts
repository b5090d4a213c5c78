/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {SafeHead, feedPage} from '../../console/api/feed.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: {readonly what?: string; readonly decision?: {decisionId: string; state: string}};
}

describe('the event stream', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose'});
  });
  afterAll(() => world.stop());

  /** Reads events until `enough` says so. */
  async function read(
    lastEventId: string | null,
    enough: (events: StreamEvent[]) => boolean,
  ): Promise<StreamEvent[]> {
    const abort = new AbortController();
    const response = await fetch(`${world.url}/api/v1/stream`, {
      headers: lastEventId === null ? {} : {'last-event-id': lastEventId},
      signal: abort.signal,
    });
    const events: StreamEvent[] = [];
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(
      new TextDecoderStream() as never,
    ) as AsyncIterable<string>) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('event') === 'decision' || field('event') === 'alert')
          events.push({id: field('id'), event: field('event'), data: JSON.parse(field('data'))});
      }
      if (enough(events)) break;
    }
    abort.abort();
    return events;
  }

  it('tells each decision and alert once, and goes on where a client left off', async () => {
    await world.decide();
    const first = await read('0', (events) => events.some(({event}) => event === 'decision'));
    const proposal = (await world.get('/api/v1/proposals')).body.proposals[0];
    const told = first.find(({data}) => data.decision?.decisionId === proposal.decisionId)!;
    expect(told).toMatchObject({event: 'decision', data: {what: 'proposed', decision: {state: 'proposed'}}});

    await world.post(`/api/v1/proposals/${proposal.decisionId}/approve`, {});
    const next = await read(first.at(-1)!.id, (events) => events.length > 0);
    const ids = new Set(first.map(({id}) => id));
    expect(next.some(({id}) => ids.has(id))).toBe(false);
    expect(next[0]).toMatchObject({
      data: {what: 'approved', decision: {decisionId: proposal.decisionId, state: 'approved'}},
    });
  });

  it('passes no event over whose transaction commits late', async () => {
    const pool = world.db.poolFor('forestock_replenish');
    const api = world.db.poolFor('forestock_api');
    const at = new Date(world.clock.now()).toISOString();
    const {decisionId} = (await world.get('/api/v1/decisions')).body.decisions[0];
    const audit = `SELECT platform.record_audit($1, 'test', 'decision.' || $2, $3, '{}')`;
    const slow = await pool.connect();
    const head = new SafeHead();
    const before = (await head.look(api))!;
    await slow.query('BEGIN');
    await slow.query(audit, [at, 'slow', decisionId]); // draws the smaller id
    await pool.query(audit, [at, 'quick', decisionId]);
    await head.look(api);
    expect(await head.look(api)).toBe(before); // the quick one waits for the slow one
    await slow.query('COMMIT');
    slow.release();
    await head.look(api);
    const safe = (await head.look(api))!;
    const {events} = await feedPage(api, before, safe);
    expect(events.map(({what}) => what)).toEqual(['slow', 'quick']);
  });
});
