import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {shareOut} from '../../platform/share-out.ts';
import type {Lease} from '../../platform/share-out.ts';

describe('sharing partitions out', () => {
  it('gives back what is beyond the fair share', () => {
    const leases = Array.from({length: 16}, (_, partitionNo): Lease => ({
      partitionNo,
      owner: partitionNo < 8 ? 'a' : 'b',
      epoch: 1,
      expired: false,
    }));
    expect(shareOut({leases, owner: 'a', members: 3, partitions: 16})).toEqual({
      kept: [0, 1, 2, 3, 4, 5],
      taken: [],
      released: [6, 7],
    });
  });

  it('after everybody has looked twice, each partition has one owner and nobody more than its share', () => {
    const start = fc.record({
      partitions: fc.integer({min: 1, max: 64}),
      owners: fc.integer({min: 1, max: 8}),
      held: fc.array(fc.record({owner: fc.integer({min: 0, max: 9}), expired: fc.boolean()}), {
        maxLength: 64,
      }),
    });
    fc.assert(
      fc.property(start, ({partitions, owners, held}) => {
        const alive = Array.from({length: owners}, (_, i) => `p${i}`);
        let leases: Lease[] = held.slice(0, partitions).map(({owner, expired}, partitionNo) => ({
          partitionNo,
          owner: `p${owner}`,
          epoch: 1,
          expired: expired || owner >= owners, // the dead ones have lapsed
        }));
        for (let round = 0; round < 2; round += 1) {
          for (const owner of alive) {
            const share = shareOut({leases, owner, members: owners, partitions});
            const mine = new Set([...share.kept, ...share.taken]);
            leases = Array.from({length: partitions}, (_, partitionNo) => {
              const before = leases.find((lease) => lease.partitionNo === partitionNo);
              if (mine.has(partitionNo)) return {partitionNo, owner, epoch: 1, expired: false};
              if (share.released.includes(partitionNo)) return {...before!, expired: true};
              return before ?? {partitionNo, owner: 'nobody', epoch: 0, expired: true};
            });
          }
        }
        expect(leases.every(({expired}) => !expired)).toBe(true);
        for (const owner of alive) {
          expect(leases.filter((lease) => lease.owner === owner).length).toBeLessThanOrEqual(
            Math.ceil(partitions / owners),
          );
        }
      }),
      {seed: 11},
    );
  });
});
