import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {silentLogger} from '../../platform/log.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {mosquittoMissing, startMosquitto} from '../support/mosquitto.ts';
import type {Mosquitto} from '../support/mosquitto.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {configurationFor} from './chain-world.ts';
import type {Story} from './chain-world.ts';

export const servicesMissing = natsMissing || mosquittoMissing;

/** The whole chain in this process with a real broker, bus and database around it, on a clock that stands at the story's end. */
export class ConnectedWorld {
  readonly broker: Mosquitto;
  readonly nats: NatsServer;
  readonly database: TestDatabase;
  readonly #story: Story;
  #engine: Engine | undefined;

  private constructor(broker: Mosquitto, nats: NatsServer, database: TestDatabase, story: Story) {
    this.broker = broker;
    this.nats = nats;
    this.database = database;
    this.#story = story;
  }

  static async open(story: Story): Promise<ConnectedWorld> {
    const [broker, nats, database] = await Promise.all([
      startMosquitto({durable: true}),
      NatsServer.start(),
      openTestDatabase(),
    ]);
    const world = new ConnectedWorld(broker, nats, database, story);
    await world.startEngine();
    return world;
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error('the engine does not run');
    return this.#engine;
  }

  /** The first start, or the next process. */
  async startEngine(): Promise<void> {
    const first = this.#engine === undefined;
    this.#engine = await openEngine({
      configuration: await configurationFor(this.database, {
        NATS_URL: this.nats.url,
        MQTT_URL: `mqtt://127.0.0.1:${this.broker.port}`,
      }),
      clock: {mode: 'stepped', worldAt: this.#story.endsAt},
      log: silentLogger(),
      mode: 'propose',
      autoIssue: true,
      ...(first && {prepare: ({network}) => network.importMaster(this.#story.network, 'test')}),
    });
    this.#engine.run();
  }

  async close(): Promise<void> {
    await this.#engine?.stop();
    await Promise.all([this.broker.stop(), this.nats.stop()]);
  }
}
