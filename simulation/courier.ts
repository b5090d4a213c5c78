import {Loop} from '../platform/loop.ts';
import {silentLogger} from '../platform/log.ts';
import {deliverOutbox} from '../platform/outbox.ts';
import {webhookTarget} from '../platform/outbox-targets.ts';
import type {EffectsLedger} from './effects-ledger.ts';
import type {Process} from './line.ts';
import {BATCH_MAX} from './memory-outbox.ts';
import type {MemoryOutbox} from './memory-outbox.ts';
import {WEBHOOK} from './receiver.ts';
import type {Receiver} from './receiver.ts';
import {lineToDatabase} from './stages.ts';
import type {Stage} from './stages.ts';
import type {World} from './world.ts';

/** How often it looks, long enough for days to pass in few steps. */
const IDLE_MS = 60_000;

/** A process that delivers effects: the product's loop, its outbox and its signed webhook, over lines of the world. */
export function startCourier(
  world: World,
  process: Process,
  {
    outbox,
    receiver,
    effects,
  }: {readonly outbox: MemoryOutbox; readonly receiver: Receiver; readonly effects: EffectsLedger},
): Stage {
  const webhook = webhookTarget(WEBHOOK.url, {
    secret: WEBHOOK.secret,
    privateHosts: [],
    post: receiver.post(process),
  });
  const loop = new Loop({
    name: process.name,
    idleMs: IDLE_MS,
    log: silentLogger(),
    runOnce: () =>
      deliverOutbox({
        book: outbox.book(lineToDatabase(world, process)),
        batchMax: BATCH_MAX,
        log: world.log(process.name),
        targets: [
          {
            id: webhook.id,
            deliver: async (effect) => {
              const end = effects.begin(process, effect);
              await webhook.deliver(effect).finally(end);
            },
          },
        ],
      }),
  }).start();
  process.onDeath(() => void loop.stop());
  return {stop: () => loop.stop()};
}
