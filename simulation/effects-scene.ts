import {startCourier} from './courier.ts';
import {startDecider} from './decider.ts';
import type {Wish} from './decider.ts';
import {EffectsLedger} from './effects-ledger.ts';
import {databaseFault, processFaults} from './installation.ts';
import type {Fault} from './installation.ts';
import {Process} from './line.ts';
import {MemoryOutbox} from './memory-outbox.ts';
import {Receiver} from './receiver.ts';
import type {Scene} from './scene.ts';
import {lineToDatabase} from './stages.ts';
import {Supervisor} from './supervisor.ts';
import type {World} from './world.ts';

const WISHES_MAX = 20;
/** More than a target that rests could be asked about one at a time. */
const FLOOD = 80;
/** Beyond the three days after which effects are given up. */
const LONG_STORM_MS = 100 * 3_600_000;
/** An effect that was tried for hours is due again after three, ± 20 %. */
const HEALED_WITHIN_MS = 4 * 3_600_000;
const ATTENDED_EVERY_MS = 600_000;

/** Decisions, the outbox, those who deliver from it, and the ERP that they deliver to. */
export function effectsScene(world: World): Scene {
  const {time, random, database} = world;
  const effects = new EffectsLedger(world);
  const outbox = new MemoryOutbox(() => time.nowMs, effects);
  const receiver = new Receiver(world, (request) => effects.heard(request));
  effects.watch(receiver);
  const wishes: Wish[] = [];
  const deciders = ['decider-a', 'decider-b'].map(
    (name) => new Supervisor(world, name, async (process) => startDecider(world, process, {outbox, wishes})),
  );
  const couriers = ['courier-a', 'courier-b'].map(
    (name) =>
      new Supervisor(world, name, async (process) =>
        startCourier(world, process, {outbox, receiver, effects}),
      ),
  );
  const desk = new Process('desk');
  const all = [...deciders, ...couriers];
  const replay = (): void => {
    const book = outbox.book(lineToDatabase(world, desk));
    for (const {outboxId, state} of outbox.rows.values())
      if (state === 'dead') void book.replay(outboxId).catch(() => undefined);
  };
  /** Somebody looks now and then, and replays whatever was given up. */
  const attend = (): void => {
    replay();
    time.after(ATTENDED_EVERY_MS, attend);
  };
  return {
    faults: [
      ...all.flatMap((each, i) =>
        processFaults(world, i < 2 ? `decider ${i + 1}` : `courier ${i - 1}`, each),
      ),
      databaseFault(world),
      receiverAway(world, receiver, 60_000),
      receiverAway(world, receiver, 1_800_000),
      {name: 'somebody replays what was given up', strike: replay},
    ],
    healedWithinMs: HEALED_WITHIN_MS,
    start: () => {
      for (const each of all) each.start();
    },
    plan: (stormMs) => {
      const long = random.chance(0.1);
      const wholeMs = long ? LONG_STORM_MS : stormMs * 10;
      if (long) time.after(random.between(0, wholeMs / 10), () => receiver.server.stop());
      const most = random.chance(0.2) ? FLOOD : WISHES_MAX;
      for (let left = random.integer(1, most); left > 0; left -= 1)
        time.after(random.between(0, stormMs), () => wishes.push({wishId: `wish-${left}`, isDone: false}));
      return wholeMs;
    },
    heal: () => {
      database.server.start();
      receiver.server.start();
      receiver.mend();
    },
    lastWords: [{afterMs: 1000, say: attend}],
    isDone: () =>
      wishes.every(({isDone}) => isDone) &&
      [...outbox.rows.values()].every(({state}) => state === 'delivered'),
    overgrown: () => undefined,
    reconcile: () => effects.reconcile(wishes.map(({wishId}) => wishId)),
    size: () => ({messages: 0, effects: effects.count}),
  };
}

function receiverAway({time, random}: World, {server}: Receiver, mostMs: number): Fault {
  return {
    name: `the receiver is away for up to ${mostMs / 60_000} min`,
    strike: () => {
      server.stop();
      time.after(random.between(100, mostMs), () => server.start());
    },
  };
}
