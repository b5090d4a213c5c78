import {connect, createServer} from 'node:net';
import type {AddressInfo, Server, Socket} from 'node:net';

/** What a line does to the bytes on it. */
export type LineTrouble =
  /** Passes them on. */
  | {readonly kind: 'none'}
  /** Takes new connections and ends them at once. */
  | {readonly kind: 'refuse'}
  /** Swallows all bytes of every connection, open ones included, and says nothing: neither end knows. */
  | {readonly kind: 'half-open'}
  /** Passes on what is asked and swallows what is answered: a COMMIT is done, a PUBACK given, and nobody who asked knows. */
  | {readonly kind: 'one-way'}
  /** Ends each connection once it has passed on so many bytes in one direction, in the middle of whatever is on its way. */
  | {readonly kind: 'drop'; readonly afterBytes: number}
  /** Passes each piece on this much later. */
  | {readonly kind: 'delay'; readonly delayMs: number}
  /** Passes them on one at a time, each a packet of its own. */
  | {readonly kind: 'byte-by-byte'};

const NONE: LineTrouble = {kind: 'none'};
/** Of a piece, what goes byte by byte: enough to cut every header, few enough to come through. */
const SINGLE_BYTES_MAX = 64;

interface LineState {
  trouble: LineTrouble;
  connections: number;
}

/** A TCP line from a port of its own to a server's, which a fault can trouble. */
export class Line {
  readonly name: string;
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #state: LineState;

  private constructor(name: string, port: number, server: Server, sockets: Set<Socket>, state: LineState) {
    this.name = name;
    this.port = port;
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
  }

  static async open(name: string, target: {readonly host: string; readonly port: number}): Promise<Line> {
    const sockets = new Set<Socket>();
    const state: LineState = {trouble: NONE, connections: 0};
    const server = createServer((near) => {
      state.connections += 1;
      if (state.trouble.kind === 'refuse') {
        near.resetAndDestroy();
        return;
      }
      const far = connect(target.port, target.host);
      pass({from: near, to: far, answers: false}, sockets, state);
      pass({from: far, to: near, answers: true}, sockets, state);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
    const {port} = server.address() as AddressInfo;
    return new Line(name, port, server, sockets, state);
  }

  /** Made over it so far, refused ones included. */
  get connections(): number {
    return this.#state.connections;
  }

  trouble(kind: LineTrouble): void {
    this.#state.trouble = kind;
  }

  /** Both ends of every connection see a reset; new ones go through. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** What was silent is reset, as a firewall does when it meets packets of a connection that it has forgotten. */
  heal(): void {
    const wasSilent = isSilent(this.#state.trouble);
    this.#state.trouble = NONE;
    if (wasSilent) this.reset();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

interface Direction {
  readonly from: Socket;
  readonly to: Socket;
  /** Whether it leads from the server back to its client. */
  readonly answers: boolean;
}

/** Whether an end may wait for ever for bytes that were swallowed. */
const isSilent = ({kind}: LineTrouble): boolean => kind === 'half-open' || kind === 'one-way';

function pass({from, to, answers}: Direction, sockets: Set<Socket>, state: LineState): void {
  let before = Promise.resolve();
  /** Since the connection was made, as the fault counts them. */
  let passedBytes = 0;
  sockets.add(from);
  from.setNoDelay(true);
  from.on('error', () => to.destroy());
  from.on('close', () => {
    sockets.delete(from);
    if (!isSilent(state.trouble)) to.destroy();
  });
  from.on('data', (bytes: Buffer) => {
    const {trouble} = state;
    if (trouble.kind === 'half-open' || (trouble.kind === 'one-way' && answers)) return;
    from.pause(); // one piece at a time: what is not read holds the sender back
    before = before.then(async () => {
      if (trouble.kind === 'drop' && passedBytes + bytes.length > trouble.afterBytes) {
        // An orderly end, not a reset: what was passed on so far does arrive, half a packet included.
        to.end(bytes.subarray(0, Math.max(0, trouble.afterBytes - passedBytes)), () => from.destroy());
        return;
      }
      passedBytes += bytes.length;
      await send(to, bytes, trouble);
      from.resume();
    });
  });
}

async function send(to: Socket, bytes: Buffer, trouble: LineTrouble): Promise<void> {
  if (trouble.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, trouble.delayMs));
  if (trouble.kind === 'byte-by-byte') {
    const single = Math.min(bytes.length, SINGLE_BYTES_MAX);
    for (let at = 0; at < single; at += 1) await write(to, bytes.subarray(at, at + 1));
    if (single < bytes.length) await write(to, bytes.subarray(single));
    return;
  }
  await write(to, bytes);
}

/** Resolves when the socket takes more, or is gone. */
async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed || !to.writable) return;
  await new Promise<void>((resolve) => {
    if (to.write(bytes)) setImmediate(resolve);
    else {
      to.once('drain', resolve);
      to.once('close', resolve);
    }
  });
}
