import {Socket} from 'node:net';
import type {MqttClient} from 'mqtt';

/**
 * Lets every packet leave when it is written, on this connection and the ones after it. mqtt.js leaves Nagle's algorithm on, and
 * against the receiver's delayed ACK a burst's last packets then wait 40 ms: measured 98 against 56 ms for 70 messages and their PUBACKs.
 */
export function sendAtOnce<C extends MqttClient>(client: C): C {
  const apply = (): void => {
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  };
  client.on('connect', apply);
  if (client.connected) apply();
  return client;
}
