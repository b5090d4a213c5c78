import type {WorldClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {causeId} from '../platform/ids.ts';
import {outboxTargets} from '../platform/outbox-targets.ts';
import type {Pool} from '../platform/pg.ts';
import {createNoticeStore} from './adapters/notice-store.ts';
import {tellOfAlerts} from './service.ts';

export interface Notices {
  /** Tells people of what changed; 0 when nothing is due. */
  tell(): Promise<number>;
}

/** Wires telling people. @param pool Its connections work under the role `forestock_notices`. */
export function startNotices({
  configuration,
  pool,
  clock,
}: {
  readonly configuration: Configuration;
  readonly pool: Pool;
  readonly clock: WorldClock;
}): Notices {
  const store = createNoticeStore(
    pool,
    outboxTargets(configuration).map(({id}) => id),
  );
  return {
    tell: () => tellOfAlerts({store, now: () => clock.now(), nameOf: causeId, publicUrl: null}),
  };
}
