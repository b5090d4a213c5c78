import {streamOf} from '../simulator/random.ts';
import {chainScene} from './chain-scene.ts';
import {effectsScene} from './effects-scene.ts';
import type {Fault} from './installation.ts';
import type {Scene} from './scene.ts';
import {createWorld} from './world.ts';
import type {World} from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** Which part of the product it is about; undefined where the story could not be told. */
  readonly scene: (typeof SCENES)[number] | undefined;
  /** What did not hold, if anything. */
  readonly broken: string | undefined;
  readonly steps: number;
  readonly messages: number;
  readonly effects: number;
  readonly faults: number;
  /** How long the story took in its own time. */
  readonly storyMs: number;
}

const SCENES = ['listener', 'broker', 'three processes', 'three processes', 'effects', 'effects'] as const;
const FAULTS_MAX = 8;
const STORM_MS_MAX = 90_000;
/** A story of some minutes takes 2,000 steps, one of days 100,000; one that runs in a circle is ended. */
const STEPS_MAX = 500_000;

/** Tells the story of one seed: a storm, then calm weather, in which everything has to come right. */
export async function simulate(seed: number, print?: (line: string) => void): Promise<Outcome> {
  const world = createWorld(seed, print);
  const luck = streamOf(seed, 'process');
  const putBack = world.time.install(() => luck.uniform());
  try {
    return await new Story(world).run();
  } finally {
    putBack();
  }
}

class Story {
  readonly #world: World;
  readonly #scene: Scene;
  readonly #about: (typeof SCENES)[number];
  #steps = 0;
  #faults = 0;

  constructor(world: World) {
    this.#world = world;
    this.#about = world.random.pick(SCENES);
    this.#scene = this.#about === 'effects' ? effectsScene(world) : chainScene(world, this.#about);
  }

  async run(): Promise<Outcome> {
    const {time, random, weather, ledger} = this.#world;
    const scene = this.#scene;
    scene.start();
    const {stormMs, busyMs} = scene.plan(random.between(STORM_MS_MAX / 10, STORM_MS_MAX));
    this.#planFaults(stormMs, busyMs);
    let over = false;
    time.after(stormMs, () => (over = true));
    await this.#until(() => over);
    this.#world.tell('the storm is over');
    weather.calmDown();
    scene.heal();
    for (const {afterMs, say} of scene.lastWords) {
      let said = false;
      time.after(stormMs + afterMs - time.nowMs, () => {
        say();
        said = true;
      });
      await this.#until(() => said);
      await this.#until(() => scene.isDone(), stormMs + afterMs + scene.healedWithinMs);
    }
    if (ledger.broken === undefined) scene.reconcile();
    return {
      seed: this.#world.seed,
      scene: this.#about,
      broken: ledger.broken,
      steps: this.#steps,
      ...scene.size(),
      faults: this.#faults,
      storyMs: time.nowMs,
    };
  }

  #planFaults(stormMs: number, busyMs: number): void {
    const {time, random} = this.#world;
    for (let left = random.integer(0, FAULTS_MAX); left > 0; left -= 1) {
      const fault = random.pick(this.#scene.faults);
      time.after(random.between(0, random.pick([stormMs, busyMs])), () => this.#strike(fault));
    }
  }

  #strike(fault: Fault): void {
    this.#faults += 1;
    this.#world.tell(`FAULT ${fault.name}`);
    fault.strike();
  }

  /** Runs until it is so, or something is broken. */
  async #until(isSo: () => boolean, latestMs = Infinity): Promise<void> {
    const {time, ledger} = this.#world;
    const {healedWithinMs} = this.#scene;
    while (ledger.broken === undefined && !isSo()) {
      if (!(await time.step())) {
        ledger.fail('nothing is planned any more');
        return;
      }
      this.#steps += 1;
      const overgrown = this.#scene.overgrown();
      if (overgrown !== undefined) ledger.fail(`${overgrown} holds more than its limit`);
      if (time.nowMs > latestMs) ledger.fail(`not done ${healedWithinMs / 60_000} min after the storm`);
      if (this.#steps > STEPS_MAX) ledger.fail(`no end after ${STEPS_MAX} steps`);
    }
  }
}
