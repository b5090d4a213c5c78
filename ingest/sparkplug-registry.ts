import type {EpochMs} from '../domain/time.ts';
import {messageOf} from '../domain/fault.ts';
import type {Decoded} from './core/draft.ts';
import {isOfHosts, sparkplugAddress, stepSparkplug, UNHEARD} from './core/sparkplug.ts';
import type {EdgeNode, SparkplugAddress, SparkplugBirth} from './core/sparkplug.ts';
import {rebirthRequest} from './core/sparkplug-payload.ts';
import type {DecodeUtf8} from './core/sparkplug-payload.ts';
import type {IngestLog, MqttDoor, SparkplugBirthStore} from './ports.ts';

/** Edge nodes remembered at most; beyond it the one that was first heard is forgotten, and asked for a rebirth when it speaks. */
const NODES_MAX = 10_000;

export interface SparkplugTaken {
  readonly equipmentId: string;
  readonly decoded: readonly Decoded[];
  /** Must settle before PUBACK: the births are in the database then. */
  readonly kept?: Promise<unknown>;
}

/** Sparkplug between hosts and nodes: heard, and nothing to do. */
const NOT_FOR_US: SparkplugTaken = {equipmentId: '', decoded: []};

/** What every edge node has declared, in memory and in the database. Messages are stepped in the order they come. */
export class SparkplugRegistry {
  readonly #nodes = new Map<string, EdgeNode>();
  /** By node: births on their way to the database. */
  readonly #keeping = new Map<string, Promise<unknown>>();
  readonly #store: SparkplugBirthStore;
  readonly #door: Pick<MqttDoor, 'publish'>;
  readonly #log: IngestLog;
  readonly #utf8: DecodeUtf8;

  constructor(store: SparkplugBirthStore, door: Pick<MqttDoor, 'publish'>, log: IngestLog) {
    const decoder = new TextDecoder('utf-8', {fatal: true});
    this.#utf8 = (bytes) => decoder.decode(bytes);
    this.#store = store;
    this.#door = door;
    this.#log = log;
  }

  async load(): Promise<void> {
    const births = await this.#store.loadAll();
    const bornAt = new Map(births.flatMap((b) => (b.device === '' ? [[b.edgeNode, b.bornAt] as const] : [])));
    for (const birth of births) {
      // Its node was born again since, and its own BIRTH has not come: its aliases ended with the connection before.
      if (birth.bornAt < (bornAt.get(birth.edgeNode) ?? birth.bornAt)) continue;
      const node = this.#nodes.get(birth.edgeNode) ?? UNHEARD;
      this.#nodes.set(birth.edgeNode, {...node, births: new Map([...node.births, [birth.device, birth]])});
    }
  }

  /** A message again, against what is known now: nothing is remembered and nobody asked. */
  peek(topic: string, payload: Uint8Array, now: EpochMs): SparkplugTaken | undefined {
    if (isOfHosts(topic)) return NOT_FOR_US;
    const address = sparkplugAddress(topic);
    if (!address) return undefined;
    const node = this.#nodes.get(`${address.group}/${address.node}`) ?? UNHEARD;
    return {
      equipmentId: equipmentOf(address),
      decoded: stepSparkplug(node, address, payload, this.#utf8, now).decoded,
    };
  }

  /** @returns undefined when the topic is not a Sparkplug message for us. */
  take(topic: string, payload: Uint8Array, now: EpochMs): SparkplugTaken | undefined {
    if (isOfHosts(topic)) return NOT_FOR_US;
    const address = sparkplugAddress(topic);
    if (!address) return undefined;
    const key = `${address.group}/${address.node}`;
    const step = stepSparkplug(this.#nodes.get(key) ?? UNHEARD, address, payload, this.#utf8, now);
    this.#remember(key, step.node);
    if (step.askRebirth) this.#ask(address, now);
    return {equipmentId: equipmentOf(address), decoded: step.decoded, kept: this.#keep(key, step.births)};
  }

  /**
   * One after another per node: a DEATH and the BIRTH that follows at once would reach the database on two connections, and the
   * later one first would leave a living machine dead there until it is born again.
   */
  #keep(key: string, births: readonly SparkplugBirth[]): Promise<unknown> {
    if (births.length === 0) return Promise.resolve();
    const before = this.#keeping.get(key);
    const save = (): Promise<unknown> => Promise.all(births.map((birth) => this.#store.save(birth)));
    const kept = before === undefined ? save() : before.then(save, save);
    this.#keeping.set(key, kept);
    const forget = (): void => {
      if (this.#keeping.get(key) === kept) this.#keeping.delete(key);
    };
    kept.then(forget, forget); // the caller awaits it too, perhaps only after another wait
    return kept;
  }

  #remember(key: string, node: EdgeNode): void {
    if (!this.#nodes.has(key) && this.#nodes.size >= NODES_MAX) {
      const [first] = this.#nodes.keys();
      if (first !== undefined) this.#nodes.delete(first);
    }
    this.#nodes.set(key, node);
  }

  #ask({group, node}: SparkplugAddress, now: EpochMs): void {
    this.#log.info({group, node}, 'sparkplug rebirth requested');
    this.#door.publish(`spBv1.0/${group}/NCMD/${node}`, rebirthRequest(now)).catch((error: unknown) => {
      this.#log.warn({group, node, reason: messageOf(error)}, 'sparkplug rebirth request not sent');
    });
  }
}

function equipmentOf({node, device}: SparkplugAddress): string {
  return device === '' ? node : device;
}
