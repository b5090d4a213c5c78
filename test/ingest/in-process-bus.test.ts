import {describe, expect, it} from 'vitest';
import {createInProcessBus} from '../../ingest/adapters/in-process-bus.ts';
import type {Delivery} from '../../ingest/bus.ts';
import {BUS_LIMITS, busContract} from './bus-contract.ts';
import {envelopeOf} from './envelopes.ts';

busContract(async () => {
  const bus = createInProcessBus(BUS_LIMITS);
  return {bus, promises: 'at commit', close: () => bus.close()};
});

describe('the bus in the process', () => {
  it('hands many messages over in two batches side by side, no partition in both, and few in one', async () => {
    const bus = createInProcessBus();
    const taken: {readonly partitions: number[]; readonly end: () => void}[] = [];
    await bus.consume({
      partitions: () => [0, 1, 2, 3],
      take: (batch: readonly Delivery[]) =>
        new Promise((resolve) => {
          const end = (): void => {
            for (const delivery of batch) delivery.done();
            resolve();
          };
          taken.push({partitions: batch.map(({envelope}) => envelope.partition), end});
        }),
      unreadable: async () => undefined,
    });
    let from = 0;
    const publish = (partitions: readonly number[], count: number): readonly Promise<void>[] =>
      partitions.map((partition) => bus.publish(envelopeOf(partition, (from += 1000), count)));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

    const first = publish([0], 1);
    await turn();
    const many = publish([0, 1, 2, 3, 1], 200);
    await turn();
    expect(taken.map(({partitions}) => partitions)).toEqual([[0]]); // a batch of few has all partitions
    taken[0]!.end();
    await turn();
    expect(taken.slice(1).map(({partitions}) => partitions)).toEqual([
      [0, 2],
      [1, 3, 1],
    ]);
    const later = publish([3, 2], 1);
    await turn();
    expect(taken).toHaveLength(3); // both halves are under way
    taken[2]!.end();
    await turn();
    expect(taken[3]!.partitions).toEqual([3]);
    taken[1]!.end();
    taken[3]!.end();
    await turn();
    taken[4]!.end();
    await Promise.all([...first, ...many, ...later]);
    await bus.close();
  });
});
