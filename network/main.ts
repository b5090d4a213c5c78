import {OperationalFault} from '../domain/fault.ts';
import type {WorldClock} from '../platform/clock.ts';
import type {Pool} from '../platform/pg.ts';
import {networkReads} from './adapters/network-reads.ts';
import {openNetworkPorts} from './adapters/postgres.ts';
import type {MasterData} from './core/master-data.ts';
import {toRawFolder} from './core/master-data.ts';
import {importMasterData} from './import-master-data.ts';
import type {NetworkPorts} from './ports.ts';
import type {NetworkReads} from './read-ports.ts';
import {createFeedWatch} from './feed-watch.ts';
import {createFollower} from './service.ts';

export {readCsvFile, readCsvFolder, writeCsvFolder} from './adapters/csv-folder.ts';
export type {RawTable} from './core/master-data.ts';
export type {Mistake} from './core/mistake.ts';

export interface Network {
  readonly ports: NetworkPorts;
  readonly reads: NetworkReads;
  readonly follower: ReturnType<typeof createFollower>;
  readonly feedWatch: ReturnType<typeof createFeedWatch>;
  /** Imports master data made by a program; a mistake in it is a fault that lists them all. */
  importMaster(data: MasterData, actor: string): Promise<void>;
}

/** Wires the installed base and the stock books. */
export function startNetwork(options: {
  readonly pool: Pool;
  readonly clock: WorldClock;
  readonly partitions: number;
  readonly autoIssue: boolean;
}): Network {
  const {pool, clock, partitions, autoIssue} = options;
  const ports = openNetworkPorts(pool, {worldClock: clock, partitions, autoIssue});
  return {
    ports,
    reads: networkReads(pool),
    follower: createFollower(ports),
    feedWatch: createFeedWatch(ports),
    async importMaster(data, actor) {
      const outcome = await importMasterData(ports, toRawFolder(data), {actor});
      if (outcome.ok) return;
      const listed = outcome.mistakes
        .slice(0, 20)
        .map(
          ({file, line, column, what, nextStep}) => `${file} line ${line}: ${column} ${what}; ${nextStep}`,
        );
      throw new OperationalFault('import-refused', listed.join('\n'), {retryable: false});
    },
  };
}

export type {NetworkPorts} from './ports.ts';
