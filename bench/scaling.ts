import {rmSync} from 'node:fs';
import {startEmbeddedPostgres} from '../platform/embedded-postgres.ts';
import {silentLogger} from '../platform/log.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';
import {committedRate, LOAD} from './peers.ts';
import {forestock, part} from './peers/forestock.ts';
import type {Peer, PeerServers} from './peers/peer.ts';
import {takeTurn} from './peers/turn.ts';

/** The connected chain in one process, and the same in two: what takes messages in, and all that comes after it. */
export async function scaling({runs}: Effort): Promise<Figure[]> {
  const folder = openFolder('bench-scaling');
  const database = await startEmbeddedPostgres({
    dataDir: openFolder('bench-scaling-db'),
    log: silentLogger(),
  });
  const where = {adminUrl: database.ownerUrl, folder};
  try {
    return await repeat(
      'scaling',
      runs,
      async () => {
        const one = await takeTurn(
          where,
          (servers) => forestock(LOAD.machines, servers),
          (turn) => committedRate(turn, 4),
        );
        const behind: Peer[] = [];
        const inTwo = async (servers: PeerServers): Promise<Peer> => {
          await forestock(LOAD.machines, servers); // its database gets the network
          const rest = await part(servers, 'store,predict,replenish,console');
          behind.push(rest);
          await rest.process.start();
          return part(servers, 'ingest');
        };
        const two = await takeTurn(where, inTwo, async (turn) => {
          try {
            return await committedRate(turn, 4);
          } finally {
            for (const {process} of behind) await process.end();
          }
        });
        return {one, two, times: Number((two / one).toFixed(2))};
      },
      {
        one: {unit: 'messages/s of 4 values, sent → committed, one process'},
        two: {unit: 'messages/s of 4 values, sent → committed, ingest in a process of its own'},
        times: {unit: 'times as many in two processes as in one'},
      },
    );
  } finally {
    await database.stop();
    rmSync(folder, {recursive: true, force: true});
  }
}
