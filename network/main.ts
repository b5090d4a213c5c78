import type {WorldClock} from '../platform/clock.ts';
import type {Pool} from '../platform/pg.ts';
import {openNetworkPorts} from './adapters/postgres.ts';
import type {NetworkPorts} from './ports.ts';
import {createFollower} from './service.ts';

export interface Network {
  readonly ports: NetworkPorts;
  readonly follower: ReturnType<typeof createFollower>;
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
  return {ports, follower: createFollower(ports)};
}
