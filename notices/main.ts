import type {EpochMs} from '../domain/time.ts';
import type {WorldClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {causeId} from '../platform/ids.ts';
import {outboxTargets} from '../platform/outbox-targets.ts';
import type {Pool} from '../platform/pg.ts';
import {openChannels} from './adapters/channel-target.ts';
import type {Channels, Publish} from './adapters/channel-target.ts';
import {createCustomerStore} from './adapters/customer-books.ts';
import {createNoticeStore} from './adapters/notice-store.ts';
import {tellCustomers} from './customer-service.ts';
import type {ShareFacts} from './customer-ports.ts';
import {tellOfAlerts} from './service.ts';

export {openRecipientDesk} from './adapters/recipient-desk.ts';
export {openTemplateDesk} from './adapters/template-desk.ts';

export interface Notices {
  /** Tells people of what changed; 0 when nothing is due. */
  tell(): Promise<number>;
  /** Where recipients' messages go, for whoever delivers. */
  readonly targetOf: Channels['targetOf'];
  readonly close: () => Promise<void>;
}

/** Wires telling people. @param pool Its connections work under the role `forestock_notices`. */
export function startNotices({
  configuration,
  pool,
  clock,
  publish,
  shareFacts,
}: {
  readonly configuration: Configuration;
  readonly pool: Pool;
  readonly clock: WorldClock;
  /** The MQTT door of this process, once it is open. */
  readonly publish: () => Publish | null;
  /** What a customer is sent of the facts of its line. */
  readonly shareFacts: ShareFacts;
}): Notices {
  const store = createNoticeStore(
    pool,
    outboxTargets(configuration).map(({id}) => id),
  );
  const customers = createCustomerStore(pool);
  const {targetOf, close} = openChannels(pool, configuration, publish);
  const publicUrl = configuration.publicUrl ?? null;
  return {
    async tell() {
      const now = (): EpochMs => clock.now();
      const alerts = await tellOfAlerts({store, now, nameOf: causeId, publicUrl});
      return alerts + (await tellCustomers({store: customers, now, nameOf: causeId, shareFacts}));
    },
    targetOf,
    close,
  };
}
