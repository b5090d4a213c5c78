import {startCourier} from './courier.ts';
import {DEFAULT_POLICY} from '../replenish/core/decision/policy.ts';
import {COALESCE_MS, startDecider} from './decider.ts';
import {DecisionsLedger} from './decisions-ledger.ts';
import {EffectsLedger} from './effects-ledger.ts';
import {clockFault, databaseFault, processFaults} from './installation.ts';
import type {Fault} from './installation.ts';
import {Process} from './line.ts';
import {MemoryGroups} from './memory-groups.ts';
import {MemoryOutbox} from './memory-outbox.ts';
import {Receiver} from './receiver.ts';
import type {Scene} from './scene.ts';
import {DEPOTS, GROUPS, MACHINES, Shelves} from './shelves.ts';
import {lineToDatabase} from './stages.ts';
import {Supervisor} from './supervisor.ts';
import type {World} from './world.ts';

const NEWS_MAX = 20;
/** Enough for more effects than a target that rests could be asked about one at a time. */
const FLOOD = 120;
/** Beyond the three days after which effects are given up. */
const LONG_STORM_MS = 100 * 3_600_000;
/** An effect that was tried for hours is due again after three, ± 20 %. */
const HEALED_WITHIN_MS = 4 * 3_600_000;
const ATTENDED_EVERY_MS = 600_000;

/** Decisions, the outbox, those who deliver from it, and the ERP that they deliver to. */
export function effectsScene(world: World): Scene {
  const {time, random, database} = world;
  const effects = new EffectsLedger(world);
  const outbox = new MemoryOutbox(() => database.clock.nowMs, effects);
  const receiver = new Receiver(world, (request) => effects.heard(request));
  effects.watch(receiver);
  const policy = {
    ...DEFAULT_POLICY,
    mode: random.pick(['auto', 'auto', 'auto', 'auto', 'auto', 'auto', 'propose', 'shadow'] as const),
    autoOrdersPerDay: random.pick([2, 200, 200, 200]),
    autoOrderMaxMinor: random.pick([150_000, 2_000_000, 2_000_000, 2_000_000]),
  };
  const shelves = new Shelves(time.now());
  const decisions = new DecisionsLedger(world, shelves, policy);
  const groups = new MemoryGroups({time, clock: database.clock, shelves, outbox, watch: decisions});
  const deciders = ['decider-a', 'decider-b'].map(
    (name) => new Supervisor(world, name, async (process) => startDecider(world, process, {groups, policy})),
  );
  let signals = 0;
  /** Something was heard of a group; the word that wakes those who decide may get lost. */
  const raise = (groupId: string): void => {
    signals += 1;
    groups.raise(`signal-${signals}`, groupId);
    time.after(COALESCE_MS + random.between(0, 100), () => {
      for (const {running} of deciders) if (random.chance(0.8)) running?.wake();
    });
  };
  const news = (): void => {
    const [groupId, depotId, machine] = [
      random.pick(GROUPS),
      random.pick(DEPOTS),
      random.integer(0, MACHINES - 1),
    ];
    const arriving = [...shelves.orders].filter(([, {isHere}]) => !isHere);
    const kind = random.pick(['forecast', 'failure', 'failure', 'arrival'] as const);
    world.tell(`${kind} for ${groupId} at ${depotId}`);
    if (kind === 'arrival' && arriving.length > 0) raise(shelves.receive(random.pick(arriving)[0]));
    else {
      if (kind === 'failure') shelves.fail(groupId, depotId, machine, time.now());
      else shelves.forecast(groupId, depotId, machine, random.pick([1000, 200_000, 900_000]), time.now());
      raise(groupId);
    }
  };
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
      clockFault(world, () => effects.clockWasSet()),
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
      const most = random.chance(0.2) ? FLOOD : NEWS_MAX;
      for (let left = random.integer(1, most); left > 0; left -= 1)
        time.after(random.between(0, random.pick([stormMs, stormMs * 10])), news);
      return {stormMs: wholeMs, busyMs: stormMs};
    },
    heal: () => {
      database.server.start();
      receiver.server.start();
      receiver.mend();
    },
    // Each group is looked at once more, as it is every night: whatever is left to be done shows.
    lastWords: [
      {
        afterMs: 1000,
        say: () => {
          attend();
          for (const groupId of GROUPS) raise(groupId);
        },
      },
    ],
    isDone: () =>
      groups.pending().length === 0 && [...outbox.rows.values()].every(({state}) => state === 'delivered'),
    overgrown: () => undefined,
    reconcile: () => {
      decisions.reconcile(groups);
      effects.reconcile(decisions.executed);
    },
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
