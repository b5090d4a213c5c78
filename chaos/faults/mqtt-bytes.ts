import {connect} from 'node:net';
import type {Socket} from 'node:net';

const CONNACK = 0x20;

/** CONNECT of MQTT 3.1.1: clean session, no keep-alive. */
export function connectPacket(clientId: string): Buffer {
  const id = Buffer.from(clientId);
  const body = Buffer.concat([
    Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0]), // "MQTT", level 4
    Buffer.from([id.length >> 8, id.length & 0xff]),
    id,
  ]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

/**
 * A connection that the server has accepted.
 *
 * @returns null when it was refused, ended or not answered within the time.
 */
export function openSession(url: string, clientId: string, withinMs: number): Promise<Socket | null> {
  const {hostname, port} = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({host: hostname, port: Number(port)});
    const fail = (): void => {
      socket.destroy();
      resolve(null);
    };
    const timer = setTimeout(fail, withinMs);
    socket.on('error', () => undefined);
    socket.once('close', fail);
    socket.once('connect', () => socket.write(connectPacket(clientId)));
    socket.once('data', (bytes: Buffer) => {
      clearTimeout(timer);
      socket.off('close', fail);
      if (bytes[0] === CONNACK && bytes[3] === 0) resolve(socket);
      else fail();
    });
  });
}
