import {DiscardPolicy, RetentionPolicy, StorageType, jetstream, jetstreamManager} from '@nats-io/jetstream';
import type {NatsConnection} from './nats.ts';

export const FEED_STREAM = 'FORESTOCK_FEEDS';

const NS_PER_MS = 1_000_000;
/** An integrator that was away for a week reads on; one that was away longer asks the lists of the API. */
const KEPT_MS = 7 * 86_400_000;
const BYTES_MAX = 2 ** 30;
/** A process that ends between publishing and noting it publishes again: within this window the server drops the repeat. */
const REPEAT_WINDOW_MS = 10 * 60_000;
const PUBACK_WAIT_MS = 5000;

/** What other systems listen to. */
export interface FeedStream {
  /** Resolves when the server has it. A repeat under the same id within ten minutes is dropped there. */
  publish(subject: string, id: string, body: unknown): Promise<void>;
}

/** The stream of outgoing feeds. It drops its oldest messages by age and size, for nobody's reading may hold the service up. */
export function openFeedStream(connection: NatsConnection): FeedStream {
  let ready: Promise<unknown> | null = null;
  const ensure = async (): Promise<void> => {
    const manager = await jetstreamManager(connection);
    const wanted = {
      name: FEED_STREAM,
      subjects: ['decisions.v1.>', 'alerts.v1.>', 'shares.v1.>'],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      storage: StorageType.File,
      max_age: KEPT_MS * NS_PER_MS,
      max_bytes: BYTES_MAX,
      duplicate_window: REPEAT_WINDOW_MS * NS_PER_MS,
    };
    const found = await manager.streams.info(FEED_STREAM).catch(() => null);
    // Operators may have chosen other limits; a stream that is there keeps them, and hears of subjects that are new.
    if (found === null) await manager.streams.add(wanted);
    else if (wanted.subjects.some((subject) => !found.config.subjects.includes(subject))) {
      const subjects = [...new Set([...found.config.subjects, ...wanted.subjects])];
      await manager.streams.update(FEED_STREAM, {...found.config, subjects});
    }
  };
  return {
    async publish(subject, id, body) {
      ready ??= ensure();
      await ready.catch((error: unknown) => {
        ready = null; // asked again with the next message
        throw error;
      });
      await jetstream(connection).publish(subject, JSON.stringify(body), {
        msgID: id,
        timeout: PUBACK_WAIT_MS,
      });
    },
  };
}
