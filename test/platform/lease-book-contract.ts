import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {silentLogger} from '../../platform/log.ts';
import type {LeaseBook} from '../../platform/lease-book.ts';
import {PartitionLeases} from '../../platform/partition-leases.ts';
import type {LeaseOptions} from '../../platform/partition-leases.ts';

export interface BookHarness {
  readonly book: LeaseBook;
  /** What a killed process leaves behind, some time later. */
  lapse(owner: string): Promise<unknown>;
  /** Sets the book's wall clock back. */
  setBack(hours: number): Promise<unknown>;
  close(): Promise<void>;
}

/** What processes that share partitions rely on, whatever keeps the book. */
export function leaseBookContract(open: () => Promise<BookHarness>): void {
  describe('partition leases', () => {
    let harness: BookHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const process = (owner: string, over: Partial<LeaseOptions> = {}): PartitionLeases =>
      new PartitionLeases({
        book: harness.book,
        stage: 'predict',
        partitions: 8,
        owner,
        log: silentLogger(),
        ...over,
      });
    const numbers = (leases: PartitionLeases): number[] => [...leases.owned().keys()];
    it('the only process has all partitions, and the second one gets half of them', async () => {
      const [a, b] = [process('a'), process('b')];
      await a.renew();
      expect(numbers(a)).toHaveLength(8);
      await b.renew(); // sees that all are held
      expect(numbers(b)).toEqual([]);
      await a.renew(); // sees that it is not alone
      await b.renew();
      expect([...numbers(a), ...numbers(b)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(numbers(a)).toHaveLength(4);
    });

    it('a killed process is replaced, with higher fencing numbers', async () => {
      const [a, b] = [process('a'), process('b')];
      await a.renew();
      await harness.lapse('a');
      await b.renew();
      expect(numbers(b)).toHaveLength(8);
      for (const [no, epoch] of b.owned()) expect(epoch).toBeGreaterThan(a.owned().get(no)!);
      await a.renew(); // wakes up: nothing is left for it until b has given some back
      expect(numbers(a)).toEqual([]);
    });

    it('a process that was killed before the clock was set back is replaced as well', async () => {
      const [a, b] = [process('a'), process('b')];
      await a.renew();
      await harness.setBack(1);
      await b.renew();
      expect(numbers(b)).toHaveLength(8); // also: it does not count a dead one as a member that has to get its share
      await process('c').renew();
      await b.renew();
      expect(numbers(b)).toHaveLength(4); // leases of now are as good as ever
    });

    it('a process that stops gives everything back at once', async () => {
      const [a, b] = [process('a'), process('b')];
      await a.renew();
      await a.stop();
      expect(numbers(a)).toEqual([]);
      await b.renew();
      expect(numbers(b)).toHaveLength(8);
    });

    it('a process that could not renew in time holds nothing by its own clock', async () => {
      const a = process('a', {leaseMs: 0});
      await a.renew();
      expect(numbers(a)).toEqual([]);
    });

    it('says when its partitions have changed, and only then', async () => {
      const changes: number[] = [];
      const a = process('a', {changed: (owned) => changes.push(owned.length)});
      await a.renew();
      await a.renew();
      await process('b').renew();
      await a.renew();
      expect(changes).toEqual([8, 4]);
    });

    it('many processes that come at once share without two holding the same', async () => {
      const all = ['a', 'b', 'c', 'd', 'e'].map((owner) => process(owner));
      for (let round = 0; round < 3; round += 1) await Promise.all(all.map((each) => each.renew()));
      const held = all.flatMap(numbers).sort((x, y) => x - y);
      expect(held).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });

    it('a renewal whose answer was lost does not leave the process with the fencing number of before', async () => {
      const {book} = harness;
      let lost = false;
      const a = process('a', {
        book: {
          renew: async (renewal, choose) => {
            const taken = await book.renew(renewal, choose);
            if (lost) throw new Error('the connection is lost');
            return taken;
          },
          giveBack: (stage, owner) => book.giveBack(stage, owner),
        },
      });
      await a.renew();
      const before = a.owned().get(0)!;
      await harness.lapse('a'); // it was away for a while, and nobody else has come
      lost = true;
      await expect(a.renew()).rejects.toThrow('lost');
      lost = false;
      await a.renew();
      // The lost answer said 'before + 1', and that is what the rows are guarded by: to go on with 'before' would write nothing for ever.
      expect(a.owned().get(0)).toBe(before + 2);
      await a.renew();
      expect(a.owned().get(0)).toBe(before + 2);
    });
  });
}
