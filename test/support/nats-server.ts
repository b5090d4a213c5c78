import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {findService} from './services.ts';
import {freePort} from './tcp-proxy.ts';

const NATS = findService('nats');

export const natsMissing = NATS === null;

/** A real nats-server with JetStream on a free port, its store in a folder of its own. */
export class NatsServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'forestock-nats-'));
  #child: ChildProcess | undefined;

  readonly #jetStream: readonly string[];

  private constructor(port: number, jetStream: boolean) {
    this.port = port;
    this.#jetStream = jetStream ? ['-js', '-sd', this.#folder] : [];
  }

  static async start({jetStream = true} = {}): Promise<NatsServer> {
    const server = new NatsServer(await freePort(), jetStream);
    await server.resume();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port and store. */
  async resume(): Promise<void> {
    if (NATS === null)
      throw new Error('nats-server is not installed; on Debian: apt-get install nats-server');
    const child = spawn(NATS, ['-a', '127.0.0.1', '-p', String(this.port), ...this.#jetStream], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let output = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Server is ready')) resolve();
      });
      child.once('exit', () => reject(new Error(`nats-server: ${output}`)));
    });
  }

  /** kill -9: what was not on disk is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** It writes all that it has to disk. */
  async stopGently(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await exited;
  }

  /** Where it keeps a stream's messages; its consumers' states lie beside it, in `obs`. */
  messagesOf(stream: string): string {
    return join(this.#folder, 'jetstream/$G/streams', stream, 'msgs');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, {recursive: true});
  }
}
