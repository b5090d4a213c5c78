import {generate, parser} from 'mqtt-packet';
import type {Packet} from 'mqtt-packet';
import {describe, expect, it} from 'vitest';
import {connectPacket, publishPacket} from '../../chaos/mqtt-bytes.ts';

function read(bytes: Buffer): Packet {
  const packets: Packet[] = [];
  const reader = parser().on('packet', (packet: Packet) => packets.push(packet));
  expect(reader.parse(bytes)).toBe(0); // no byte is left over
  return packets[0]!;
}

describe('the generator’s own MQTT 3.1.1', () => {
  it('M3 connects with the login of the broker’s URL, as mqtt-packet reads and writes it', () => {
    const bytes = connectPacket({
      url: 'mqtt://plant:s%40fe@127.0.0.1:1883',
      clientId: 'chaos-1-0-0',
      keepaliveS: 10,
    });
    expect(read(bytes)).toMatchObject({
      ...{cmd: 'connect', clientId: 'chaos-1-0-0', clean: true, keepalive: 10},
      ...{username: 'plant', password: Buffer.from('s@fe')},
    });
  });

  it('M3 connects without a login where the URL has none, also under an id that takes two bytes of length', () => {
    const clientId = 'c'.repeat(200);
    expect(connectPacket({url: 'mqtt://127.0.0.1', clientId})).toEqual(
      generate({cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId, keepalive: 0}),
    );
  });

  it('M3 publishes with QoS 1', () => {
    const payload = 'x'.repeat(321);
    expect(publishPacket('telemetry/v1/S/K', 65_535, payload)).toEqual(
      generate({
        cmd: 'publish',
        topic: 'telemetry/v1/S/K',
        messageId: 65_535,
        payload,
        qos: 1,
        dup: false,
        retain: false,
      }),
    );
  });
});
