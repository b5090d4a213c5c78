import {describe, expect, it} from 'vitest';
import {dirtyGroups} from '../../replenish/adapters/group-signals.ts';
import {DecidingNetwork} from './reference.ts';

const MINUTE_MS = 60_000;

describe('groups that something was heard of', () => {
  it('D4 wait for what else is heard within the window, and not for a clock that was set back to be there again', async () => {
    const network = await DecidingNetwork.open();
    const dirty = (): Promise<readonly string[]> => dirtyGroups(network.pool, 10, MINUTE_MS);
    const heardAt = (shift: string): Promise<unknown> =>
      network.pool.query(
        'UPDATE replenish.demand_signal SET wall_at = clock_timestamp() + $1::interval WHERE pending',
        [shift],
      );
    await network.signal('G-1');
    expect(await dirty()).toEqual([]);
    await heardAt('-1 minute');
    expect(await dirty()).toEqual(['G-1']);
    await heardAt('1 hour');
    expect(await dirty()).toEqual(['G-1']);
  });
});
