import {LRUCache} from 'lru-cache';
import type {z} from 'zod';
import {toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {REJECTIONS} from './core/rejection.ts';
import type {Rejection} from './core/rejection.ts';
import {takeToken} from './core/token-bucket.ts';
import type {Bucket} from './core/token-bucket.ts';
import type {EquipmentStatus} from './core/wire-schema.ts';
import type {IngestClocks, IngestLog, MqttDoor} from './ports.ts';

/** Ten mistakes at once, then one answer every 6 s: enough to debug with, too little to flood a slow modem. */
const STATUS_RULE = {burst: 10, refillMs: 6000};
/** Equipment remembered at most; a forgotten one starts with a full bucket. */
const STATUS_BUCKETS_MAX = 10_000;

/** The down-link status/v1/{site}/{equipmentId}: tells equipment what was wrong with its message, at a bounded rate. */
export class StatusLine {
  readonly #buckets = new LRUCache<string, Bucket>({max: STATUS_BUCKETS_MAX});
  readonly #door: Pick<MqttDoor, 'publish'>;
  readonly #clocks: IngestClocks;
  readonly #log: IngestLog;

  constructor(door: Pick<MqttDoor, 'publish'>, clocks: IngestClocks, log: IngestLog) {
    this.#door = door;
    this.#clocks = clocks;
    this.#log = log;
  }

  /** Best effort and never awaited: the sender's PUBACK does not depend on it. */
  tell(
    siteId: string,
    equipmentId: string,
    topic: string,
    receivedAt: EpochMs,
    {reason, detail}: Rejection,
  ): void {
    const address = `status/v1/${siteId}/${equipmentId}`;
    const before = this.#buckets.get(address);
    const {given, bucket} = takeToken(before, STATUS_RULE, this.#clocks.wallNow());
    this.#buckets.set(address, bucket);
    if (!given) return;
    const status: z.output<typeof EquipmentStatus> = {
      version: 1,
      status: 'rejected',
      receivedAt: toIso(receivedAt),
      topic,
      reason,
      detail,
      next: REJECTIONS[reason].next,
      /** Rejections since the last status that were not told one by one. */
      untold: before?.refused ?? 0,
    };
    this.#door.publish(address, JSON.stringify(status)).catch((error: unknown) => {
      this.#log.warn({equipmentId, err: error}, 'status not sent');
    });
  }
}
