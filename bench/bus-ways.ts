import {randomUUID} from 'node:crypto';
import {openJetStreamBus} from '../ingest/adapters/jetstream-bus.ts';
import type {ReadingsBus} from '../ingest/bus.ts';
import {createLogger} from '../platform/log.ts';
import {openNats} from '../platform/nats.ts';
import {envelopeOf} from '../test/ingest/envelopes.ts';
import {NatsServer} from '../test/support/nats-server.ts';
import {repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';

const PARTITIONS = 4;
/** Publishers that each wait for their PubAck: as many as the bus lets go out at once. */
const PUBLISHERS = 256;

/** Messages through JetStream's door, by how many share an envelope. Nobody takes them off again. */
export async function busWays({runs, seconds}: Effort): Promise<Figure[]> {
  const log = createLogger('error');
  const server = await NatsServer.start();
  const connection = await openNats(server.url, 'bench', log);
  const bus = await openJetStreamBus({connection, log, partitions: PARTITIONS});
  try {
    return await repeat(
      'bus',
      runs,
      async () => ({
        together: await perSecond(bus, 256, (1000 * seconds) / 2),
        alone: await perSecond(bus, 1, (1000 * seconds) / 2),
      }),
      {
        together: {unit: 'messages/s with PubAck, 256 in an envelope'},
        alone: {unit: 'messages/s with PubAck, one in an envelope'},
      },
    );
  } finally {
    await bus.close();
    await connection.close();
    await server.stop();
  }
}

async function perSecond(bus: ReadingsBus, size: number, forMs: number): Promise<number> {
  const envelopes = Array.from({length: PARTITIONS}, (_, partition) => envelopeOf(partition, 1, size));
  const startAt = performance.now();
  let sent = 0;
  const publisher = async (nth: number): Promise<void> => {
    while (performance.now() - startAt < forMs) {
      await bus.publish({...envelopes[nth % PARTITIONS]!, envelopeId: randomUUID()});
      sent += size;
    }
  };
  await Promise.all(Array.from({length: PUBLISHERS}, (_, nth) => publisher(nth)));
  return Math.round((1000 * sent) / (performance.now() - startAt));
}
