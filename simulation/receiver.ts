import {Webhook} from 'standardwebhooks';
import type {post} from '../platform/outbound.ts';
import {Server} from './line.ts';
import type {Process} from './line.ts';
import type {World} from './world.ts';

export const WEBHOOK = {
  url: 'https://erp.example/orders',
  secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

/** Longer than anybody waits for an answer. */
const HANGS_MS_MAX = 300_000;

/** What reached the receiver, before it says anything. */
export interface Request {
  readonly id: string;
  readonly body: string;
}

/** Somebody's ERP: it believes nothing without its signature, does each request once, and remembers what it has done. */
export class Receiver {
  readonly server = new Server('receiver');
  /** By the id of the request. */
  readonly done = new Map<string, string>();
  /** Ids that it will not take until somebody has mended its master data. */
  readonly #disliked = new Map<string, boolean>();
  readonly #world: World;
  readonly #heard: (request: Request) => void;
  readonly #verifier = new Webhook(WEBHOOK.secret);

  constructor(world: World, heard: (request: Request) => void) {
    this.#world = world;
    this.#heard = heard;
  }

  /** The way out of a process, in the place of outbound.ts. */
  post(process: Process): typeof post {
    return (_url, {headers, body, timeoutMs}) =>
      this.#world.line.askWithin(timeoutMs, process, this.server, () => this.#take(headers, body));
  }

  /** Somebody has mended all that it did not like. */
  mend(): void {
    for (const id of this.#disliked.keys()) this.#disliked.set(id, false);
  }

  /** @returns the status of the answer */
  async #take(headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const {weather, ledger, time, random} = this.#world;
    const id = headers['webhook-id']!;
    try {
      this.#verifier.verify(body, headers);
    } catch {
      ledger.fail(`request ${id} came without a signature that fits`);
      return 401;
    }
    this.#heard({id, body});
    if (weather.strikes('receiver hangs')) await time.pause(random.between(0, HANGS_MS_MAX));
    if (weather.strikes('receiver fails')) {
      this.#world.tell(`receiver: 503 to ${id}`);
      return 503;
    }
    if (!this.#disliked.has(id)) this.#disliked.set(id, weather.strikes('receiver dislikes'));
    if (this.#disliked.get(id) === true) {
      this.#world.tell(`receiver: 422 to ${id}`);
      return 422;
    }
    const before = this.done.get(id);
    this.#world.tell(`receiver: ${before === undefined ? 'does' : 'has done'} ${id}`);
    if (before !== undefined && before !== body) ledger.fail(`request ${id} came with another content`);
    this.done.set(id, body);
    return weather.strikes('receiver fails') ? 500 : 200;
  }
}
