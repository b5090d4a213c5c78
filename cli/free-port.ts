import {createServer} from 'node:net';
import {OperationalFault} from '../domain/fault.ts';
import type {Configuration} from '../platform/configuration.ts';

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/**
 * For whoever prepares for long before the ports are opened.
 *
 * @throws OperationalFault `port-taken`, naming every port that is.
 */
export async function requireFreePorts(configuration: Configuration): Promise<void> {
  const {mqttUrl, mqttHost, mqttPort, httpHost, httpPort} = configuration;
  const wanted = [
    ...(mqttUrl === undefined ? [{host: mqttHost, port: mqttPort, what: 'MQTT', key: 'MQTT_PORT'}] : []),
    {host: httpHost, port: httpPort, what: 'HTTP', key: 'HTTP_PORT'},
  ];
  const free = await Promise.all(wanted.map(({host, port}) => isFree(host, port)));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const named = taken.map(({what, host, port}) => `${what} port ${port} on ${host}`).join(' and ');
  const keys = taken.map(({key}) => key).join(' and ');
  throw new OperationalFault(
    'port-taken',
    `${named} ${taken.length > 1 ? 'are' : 'is'} taken; shift all ports with --port-offset 100, stop what listens there, or set ${keys}`,
    {retryable: false},
  );
}
