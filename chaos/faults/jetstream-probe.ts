import {jetstream, jetstreamManager} from '@nats-io/jetstream';
import {connect} from '@nats-io/transport-node';

const PROBE = 'CHAOS_PROBE';
const ANSWER_MS = 5000;
/** Writing anew after an error may take JetStream a moment. */
const TRIES = 3;

/** Whether JetStream keeps a message, in a stream of the probe's own that is gone afterwards. */
export async function takesMessages(natsUrl: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) if (await takesOne(natsUrl)) return true;
  return false;
}

async function takesOne(natsUrl: string): Promise<boolean> {
  const connection = await connect({servers: new URL(natsUrl).host, timeout: ANSWER_MS, reconnect: false});
  try {
    const manager = await jetstreamManager(connection, {timeout: ANSWER_MS});
    await manager.streams.add({name: PROBE, subjects: [PROBE], max_msgs: 1});
    await jetstream(connection).publish(PROBE, 'probe', {timeout: ANSWER_MS});
    await manager.streams.delete(PROBE);
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
