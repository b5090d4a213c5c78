import {describe, expect, it} from 'vitest';
import type {Equipment} from '../../chaos/equipment.ts';
import type {Fault} from '../../chaos/faults/fault.ts';
import {pause} from '../../chaos/faults/fault.ts';
import {inject} from '../../chaos/inject.ts';
import type {World} from '../../chaos/world.ts';

/** None of these faults looks at its world. */
const NOWHERE = {
  world: undefined as unknown as World,
  equipment: undefined as unknown as Equipment,
  outageMs: 20,
  freezeMs: 20,
  calmMs: 0,
  withinMs: 60_000,
  say: () => undefined,
};

describe('the way faults are done', () => {
  /** Names begin and end of each fault as they happen. */
  function watched(names: readonly (readonly [string, readonly string[]])[]): {
    readonly faults: Fault[];
    readonly seen: string[];
  } {
    const seen: string[] = [];
    const faults = names.map(([kind, touches]) => ({
      kind,
      touches,
      async inject({outageMs}: {readonly outageMs: number}) {
        seen.push(`+${kind}`);
        await pause(outageMs);
        seen.push(`-${kind}`);
        return undefined;
      },
    }));
    return {faults, seen};
  }

  it('M3 one at a time is one after the other', async () => {
    const {faults, seen} = watched([
      ['a', ['store']],
      ['b', ['bus']],
    ]);
    const injected = await inject({...NOWHERE, faults, atOnce: 1});
    expect(seen).toEqual(['+a', '-a', '+b', '-b']);
    expect(injected.map(({kind}) => kind)).toEqual(['a', 'b']);
  });

  it('M3 two at a time overlap, and never where they touch the same thing', async () => {
    const {faults, seen} = watched([
      ['kill store', ['store']],
      ['freeze store', ['store']],
      ['kill bus', ['bus']],
      ['kill all', ['store', 'bus']],
    ]);
    const injected = await inject({...NOWHERE, faults, atOnce: 2});
    expect(injected.map(({kind}) => kind)).toEqual(['kill store', 'kill bus', 'freeze store', 'kill all']);
    expect(seen.slice(0, 2)).toEqual(['+kill store', '+kill bus']);
    expect(seen.indexOf('-kill store')).toBeLessThan(seen.indexOf('+freeze store'));
    expect(seen.slice(-2)).toEqual(['+kill all', '-kill all']);
  });

  it('M3 begins no fault when the time is over, lets those under way end, and names the others', async () => {
    const {faults, seen} = watched([
      ['a', ['store']],
      ['b', ['bus']],
    ]);
    const injected = await inject({...NOWHERE, faults, atOnce: 1, withinMs: 10});
    expect(seen).toEqual(['+a', '-a']);
    expect(injected.map(({kind, skipped}) => [kind, skipped])).toEqual([
      ['a', undefined],
      ['b', 'the time for faults was over'],
    ]);
  });

  it('M3 names what cannot be done and what failed, and goes on', async () => {
    const broken: Fault = {
      kind: 'broken',
      touches: ['bus'],
      inject: () => Promise.reject(new Error('store does not come up')),
    };
    const never: Fault = {...broken, kind: 'never', unable: () => 'no loop device'};
    const {faults} = watched([['last', ['bus']]]);
    const injected = await inject({...NOWHERE, faults: [never, broken, ...faults], atOnce: 1});
    expect(injected).toEqual([
      expect.objectContaining({kind: 'never', ms: 0, skipped: 'no loop device'}),
      expect.objectContaining({kind: 'broken', failed: 'store does not come up'}),
      expect.objectContaining({kind: 'last'}),
    ]);
  });
});
