import {Device} from './device.ts';
import {DeviceLink} from './device-link.ts';
import {oneProcess} from './installation.ts';
import type {Fault, Installation} from './installation.ts';
import {streamOf} from '../simulator/random.ts';
import {threeProcesses} from './three-processes.ts';
import {createWorld} from './world.ts';
import type {World} from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** What did not hold, if anything. */
  readonly broken: string | undefined;
  readonly steps: number;
  readonly messages: number;
  readonly faults: number;
  /** How long the story took in its own time. */
  readonly storyMs: number;
}

const PACKETS_MAX = 12;
const FAULTS_MAX = 8;
const STORM_MS_MAX = 90_000;
/** After the storm everything has to be delivered within so long: the longest back-off and time-out of each stage, several times. */
const HEALED_WITHIN_MS = 10 * 60_000;
/** A story of some minutes takes 2,000 steps; one that runs in a circle is ended. */
const STEPS_MAX = 200_000;

/** Tells the story of one seed: a storm, then calm weather, in which everything has to come right. */
export async function simulate(seed: number, print?: (line: string) => void): Promise<Outcome> {
  const world = createWorld(seed, print);
  const putBack = world.time.install();
  try {
    return await new Story(world).run();
  } finally {
    putBack();
  }
}

class Story {
  readonly #world: World;
  readonly #installation: Installation;
  readonly #links: readonly DeviceLink[];
  #steps = 0;
  #faults = 0;

  constructor(world: World) {
    this.#world = world;
    const {random, ledger, seed, time, weather} = world;
    const shape = random.pick(['listener', 'broker', 'three processes', 'three processes'] as const);
    this.#installation = shape === 'three processes' ? threeProcesses(world) : oneProcess(world, shape);
    const {take, answersItself} = this.#installation;
    this.#links = [...world.equipment.keys()].map(
      (equipmentId) =>
        new DeviceLink(new Device(equipmentId, streamOf(seed, equipmentId)), {
          time,
          weather,
          take,
          acknowledged: (packet) => {
            if (answersItself) ledger.puback(packet, 'committed');
          },
        }),
    );
  }

  async run(): Promise<Outcome> {
    const {time, random, weather, ledger, database} = this.#world;
    const stormMs = random.between(STORM_MS_MAX / 10, STORM_MS_MAX);
    this.#installation.start();
    this.#plan(stormMs);
    let over = false;
    time.after(stormMs, () => (over = true));
    await this.#until(() => over);
    this.#world.tell('the storm is over');
    weather.calmDown();
    this.#installation.heal();
    // One more word each, so that a hole before it shows; a second, because the first may fall to the end of the storm.
    for (const pauseMs of [1000, 60_000]) {
      let spoken = false;
      time.after(stormMs + pauseMs - time.nowMs, () => {
        for (const link of this.#links) this.#speak(link);
        spoken = true;
      });
      await this.#until(() => spoken);
      await this.#until(() => this.#isDelivered(), stormMs + pauseMs + HEALED_WITHIN_MS);
    }
    const numbers = new Map(
      [...this.#world.equipment.values()].map((each) => [each.equipmentNo, each.equipmentId]),
    );
    if (ledger.broken === undefined) ledger.reconcile(database.tables, (no) => numbers.get(no)!);
    return {
      seed: this.#world.seed,
      broken: ledger.broken,
      steps: this.#steps,
      messages: ledger.sentCount,
      faults: this.#faults,
      storyMs: time.nowMs,
    };
  }

  #plan(stormMs: number): void {
    const {time, random} = this.#world;
    for (const link of this.#links) {
      for (let left = random.integer(1, PACKETS_MAX); left > 0; left -= 1)
        time.after(random.between(0, stormMs), () => this.#speak(link));
      if (random.chance(0.5)) time.after(random.between(0, stormMs), () => this.#restart(link));
    }
    for (let left = random.integer(0, FAULTS_MAX); left > 0; left -= 1) {
      const fault = random.pick(this.#installation.faults);
      time.after(random.between(0, stormMs), () => this.#strike(fault));
    }
  }

  #speak(link: DeviceLink): void {
    const packet = link.device.speak(this.#world.time.now());
    this.#world.ledger.sent(packet);
    this.#world.tell(`${packet.device} says ${packet.messages.map(({key}) => key).join(', ')}`);
    link.pump();
  }

  #restart(link: DeviceLink): void {
    this.#world.tell(`${link.device.equipmentId} restarts`);
    link.device.restart();
    link.reset();
  }

  #strike(fault: Fault): void {
    this.#faults += 1;
    this.#world.tell(`FAULT ${fault.name}`);
    fault.strike();
  }

  #isDelivered(): boolean {
    return this.#links.every(({device}) => device.outbox.length === 0) && this.#installation.isIdle();
  }

  /** Runs until it is so, or something is broken. */
  async #until(isSo: () => boolean, latestMs = Infinity): Promise<void> {
    const {time, ledger} = this.#world;
    while (ledger.broken === undefined && !isSo()) {
      if (!(await time.step())) {
        ledger.fail('nothing is planned any more');
        return;
      }
      this.#steps += 1;
      const overgrown = this.#installation.overgrown();
      if (overgrown !== undefined) ledger.fail(`${overgrown} holds more than its limit`);
      if (time.nowMs > latestMs)
        ledger.fail(`not delivered ${HEALED_WITHIN_MS / 60_000} min after the storm`);
      if (this.#steps > STEPS_MAX) ledger.fail(`no end after ${STEPS_MAX} steps`);
    }
  }
}
