import {connect, createServer} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';

/** A cable that a test can cut: forwards TCP from a free port to `target`, until told otherwise. */
export class TcpProxy {
  readonly port: number;
  readonly #close: () => Promise<void>;
  readonly #pairs: Set<Socket>;

  private constructor(port: number, pairs: Set<Socket>, close: () => Promise<void>) {
    this.port = port;
    this.#pairs = pairs;
    this.#close = close;
  }

  static async open(target: () => number): Promise<TcpProxy> {
    const pairs = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect(target(), '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        pairs.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          pairs.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = async (): Promise<void> => {
      for (const socket of pairs) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    };
    return new TcpProxy((server.address() as AddressInfo).port, pairs, close);
  }

  /** Both ends see their connections break; new ones go through. */
  cut(): void {
    for (const socket of this.#pairs) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    await this.#close();
  }
}

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
