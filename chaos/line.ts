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
      pass(near, far, sockets, state);
      pass(far, near, sockets, state);
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

  /** What was half open is reset, as a firewall does when it meets packets of a connection that it has forgotten. */
  heal(): void {
    const wasSilent = this.#state.trouble.kind === 'half-open';
    this.#state.trouble = NONE;
    if (wasSilent) this.reset();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function pass(from: Socket, to: Socket, sockets: Set<Socket>, state: {readonly trouble: LineTrouble}): void {
  let before = Promise.resolve();
  sockets.add(from);
  from.setNoDelay(true);
  from.on('error', () => to.destroy());
  from.on('close', () => {
    sockets.delete(from);
    if (state.trouble.kind !== 'half-open') to.destroy();
  });
  from.on('data', (bytes: Buffer) => {
    const {trouble} = state;
    if (trouble.kind === 'half-open') return;
    from.pause(); // one piece at a time: what is not read holds the sender back
    before = before.then(() => send(to, bytes, trouble)).then(() => void from.resume());
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
