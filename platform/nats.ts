import {connect} from '@nats-io/transport-node';
import type {NatsConnection} from '@nats-io/transport-node';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import type {Logger} from './log.ts';

export type {NatsConnection} from '@nats-io/transport-node';

const RECONNECT_WAIT_MS = 250;
const CONNECT_TIMEOUT_MS = 5000;
/**
 * A server that answers two pings in a row with nothing is given up: a line that has gone silent is known within 15 s. The client's own
 * two minutes would leave the bus away for six, with every publish refused, after a firewall has forgotten the connection.
 */
const PING_EVERY_MS = 5000;
const UNANSWERED_PINGS_MAX = 2;

/**
 * A connection to the NATS server that NATS_URL names. The first connect must succeed; from then on it comes back by itself
 * for as long as the process lives.
 */
export async function openNats(url: string, name: string, log: Logger): Promise<NatsConnection> {
  const {username, password, host, protocol} = new URL(url);
  const login =
    password === '' ? (username === '' ? {} : {token: username}) : {user: username, pass: password};
  try {
    const connection = await connect({
      servers: `${protocol}//${host}`,
      name,
      ...login,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_EVERY_MS,
      maxPingOut: UNANSWERED_PINGS_MAX,
    });
    void logChanges(connection, log);
    return connection;
  } catch (cause) {
    throw new OperationalFault(
      'nats-unreachable',
      `NATS at ${host}: ${messageOf(cause)}; is the server up, and the login right?`,
      {retryable: true, cause},
    );
  }
}

async function logChanges(connection: NatsConnection, log: Logger): Promise<void> {
  for await (const {type} of connection.status()) {
    if (type === 'disconnect') log.warn({server: connection.getServer()}, 'NATS is away');
    if (type === 'reconnect') log.info({server: connection.getServer()}, 'NATS is back');
  }
}
