import {describe, expect, it} from 'vitest';
import {chooseFaults, FAULTS} from '../../chaos/faults/catalogue.ts';

const kinds = (choice: Parameters<typeof chooseFaults>[0]): string[] =>
  chooseFaults(choice).map(({kind}) => kind);

describe('the choice of faults', () => {
  it('M3 is all of them once, in an order that is the seed’s', () => {
    const all = kinds({only: [], seed: 1});
    expect([...all].sort()).toEqual(FAULTS.map(({kind}) => kind).sort());
    expect(kinds({only: [], seed: 1})).toEqual(all);
    expect(kinds({only: [], seed: 2})).not.toEqual(all);
  });

  it('M3 takes texts, and mixes those by the seed', () => {
    const mixed = kinds({only: ['kill store', 'power cut'], mix: 20, seed: 1});
    expect(mixed).toHaveLength(20);
    expect(mixed).toEqual(kinds({only: ['kill store', 'power cut'], mix: 20, seed: 1}));
    expect(new Set(mixed)).toEqual(
      new Set([
        'kill store',
        ...['broker', 'bus', 'database', 'machine'].map((what) => `power cut of the ${what}`),
      ]),
    );
  });

  it('refuses a text that names none, which would be a promise that nobody tried', () => {
    expect(() => kinds({only: ['kill shop'], seed: 1})).toThrow('kill shop');
  });
});
