import {connect} from 'node:net';
import type {Socket} from 'node:net';

export const CONNACK = 0x20;
export const PUBACK = 0x40;
export const PINGREQ = Buffer.from([0xc0, 0]);

/** Who connects, and where. */
export interface Client {
  /** With user name and password, where the broker wants them. */
  readonly url: string;
  readonly clientId: string;
  readonly keepaliveS?: number;
}

/** CONNECT of MQTT 3.1.1 with a clean session: what is to be kept, the equipment keeps. */
export function connectPacket({url, clientId, keepaliveS = 0}: Client): Buffer {
  const {username, password} = new URL(url);
  const login = [username, password]
    .filter((each) => each !== '')
    .map((each) => text(decodeURIComponent(each)));
  const flags = 0x02 | (username === '' ? 0 : 0x80) | (password === '' ? 0 : 0x40);
  const protocol = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, flags, keepaliveS >> 8, keepaliveS & 0xff]); // "MQTT", level 4
  const rest = Buffer.concat([protocol, text(clientId), ...login]);
  return Buffer.concat([Buffer.from([0x10]), variableLength(rest.length), rest]);
}

/** PUBLISH with QoS 1. */
export function publishPacket(topic: string, packetId: number, payload: string): Buffer {
  const rest = Buffer.concat([
    text(topic),
    Buffer.from([packetId >> 8, packetId & 0xff]),
    Buffer.from(payload),
  ]);
  return Buffer.concat([Buffer.from([0x32]), variableLength(rest.length), rest]);
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
    socket.once('connect', () => socket.write(connectPacket({url, clientId})));
    socket.once('data', (bytes: Buffer) => {
      clearTimeout(timer);
      socket.off('close', fail);
      if (bytes[0] === CONNACK && bytes[3] === 0) resolve(socket);
      else fail();
    });
  });
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** MQTT's variable byte integer. Example: 321 → c1 02. */
function variableLength(length: number): Buffer {
  const bytes: number[] = [];
  for (let left = length; left > 0 || bytes.length === 0; left >>= 7)
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.from(bytes);
}
