import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {AddressInfo, Server, Socket} from 'node:net';
import {afterAll, afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {Line} from '../../chaos/line.ts';

describe('a line that can be troubled', () => {
  let server: Server;
  let line: Line;
  const heard: Buffer[] = [];
  const open: Socket[] = [];

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        heard.push(bytes);
        socket.write(bytes);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    line = await Line.open('echo', {host: '127.0.0.1', port: (server.address() as AddressInfo).port});
  });
  afterEach(() => {
    line.heal();
    heard.length = 0;
    for (const socket of open.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await line.close();
    server.close();
  });

  async function client(): Promise<{readonly socket: Socket; readonly text: () => string}> {
    const socket = connect(line.port, '127.0.0.1');
    let text = '';
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (more: string) => (text += more));
    open.push(socket);
    await once(socket, 'connect');
    return {socket, text: () => text};
  }
  const closed = (socket: Socket): Promise<unknown> =>
    socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));
  const says = (text: () => string, expected: string): Promise<void> =>
    vi.waitFor(() => expect(text()).toBe(expected), {timeout: 5000, interval: 5});

  it('passes everything on, in its order', async () => {
    const {socket, text} = await client();
    const sent = Array.from({length: 20_000}, (_, i) => i).join(' ');
    socket.write(sent);
    await says(text, sent);
  });

  it('swallows what is said while it is half open, tells neither end, and resets both when it heals', async () => {
    const {socket, text} = await client();
    socket.write('before ');
    await says(text, 'before ');
    line.trouble({kind: 'half-open'});
    socket.write('lost');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(socket.destroyed).toBe(false);
    line.heal();
    await closed(socket);
    expect(text()).toBe('before ');
    expect(Buffer.concat(heard).toString()).toBe('before ');
  });

  it('cuts packets into single bytes and loses none', async () => {
    line.trouble({kind: 'byte-by-byte'});
    const {socket, text} = await client();
    socket.write('a header');
    await says(text, 'a header');
    expect(heard.length).toBeGreaterThan(1);
  });

  it('M3 passes on what is asked and swallows the answer while it is one-way', async () => {
    line.trouble({kind: 'one-way'});
    const {socket, text} = await client();
    socket.write('commit');
    await vi.waitFor(() => expect(Buffer.concat(heard).toString()).toBe('commit'), {timeout: 5000});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(text()).toBe('');
    expect(socket.destroyed).toBe(false);
    line.heal();
    await closed(socket);
  });

  it('M3 drops a connection in mid-packet: what came before the cut arrives, what comes after does not', async () => {
    line.trouble({kind: 'drop', afterBytes: 10});
    const {socket} = await client();
    socket.write('a header and a body');
    await closed(socket);
    expect(Buffer.concat(heard).toString()).toBe('a header a');
    const again = await client();
    again.socket.write('again');
    await says(again.text, 'again');
  });

  it('resets what is open, and refuses what comes while it is to refuse', async () => {
    const {socket} = await client();
    socket.write('x');
    await vi.waitFor(() => expect(heard).toHaveLength(1), {timeout: 5000});
    line.reset();
    await closed(socket);
    line.trouble({kind: 'refuse'});
    const refused = connect(line.port, '127.0.0.1').on('error', () => undefined);
    refused.write('x');
    await closed(refused);
    expect(heard).toHaveLength(1);
  });
});
