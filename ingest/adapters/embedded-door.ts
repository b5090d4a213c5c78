import {createServer} from 'node:net';
import type {AddressInfo, Server, Socket} from 'node:net';
import {createServer as createTlsServer} from 'node:tls';
import {Aedes} from 'aedes';
import type {Client, PublishPacket} from 'aedes';
import {messageOf, OperationalFault} from '../../domain/fault.ts';
import type {InboundPacket, IngestLog, MqttDoor, PacketHandler} from '../ports.ts';
import {Audience} from './audience.ts';
import type {DeviceGuard} from './device-guard.ts';
import {InHand} from './in-hand.ts';
import {OrderedAnswers} from './ordered-answers.ts';
import {PacketSizeGuard} from './packet-size-guard.ts';

export interface EmbeddedDoorOptions {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  readonly host?: string;
  /** A packet that announces more ends its connection. */
  readonly packetBytesMax?: number;
  readonly connectionsMax?: number;
  /** Packets with the handler at once; further ones wait, and their sockets are not read meanwhile. */
  readonly inHandMax?: number;
  /** Who may connect, say and hear what. Without it everybody everything. */
  readonly guard?: DeviceGuard;
  /** Speaks TLS; with `ca` every client has to show a certificate that one of these authorities signed. */
  readonly tls?: {readonly cert: Buffer; readonly key: Buffer; readonly ca?: Buffer};
}

const DEFAULTS = {
  host: '127.0.0.1',
  packetBytesMax: 1_048_576,
  connectionsMax: 2000,
  /** Some 16 full bus envelopes. */
  inHandMax: 4096,
};

/** What the CONNACK of MQTT 3.1.1 says. */
const SERVER_UNAVAILABLE = 3;
const BAD_LOGIN = 4;
/** MQTT 5 CONNACK "unsupported protocol version" (0x84): a 3.1.1 CONNACK would look malformed to such a client. */
const CONNACK_V5_UNSUPPORTED = Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]);

/**
 * An MQTT 3.1.1 broker in the process. aedes writes the PUBACK only after its authorizePublish hook has called back, so the hook
 * is where the packet is handled: called back without error when it can no longer be lost, with an error (which ends the
 * connection, so that the device sends again) when it cannot be taken now.
 */
export class EmbeddedDoor implements MqttDoor {
  readonly #options: Required<Omit<EmbeddedDoorOptions, 'guard' | 'tls'>>;
  readonly #guard: DeviceGuard | undefined;
  readonly #tls: EmbeddedDoorOptions['tls'];
  readonly #log: IngestLog;
  readonly #inHand: InHand;
  /** PUBACKs leave in the order of arrival. */
  readonly #answers = new WeakMap<Client, OrderedAnswers>();
  #server: Server | undefined;
  #broker: Aedes | undefined;
  #stopping = false;

  constructor(options: EmbeddedDoorOptions, log: IngestLog) {
    const {guard, tls, ...rest} = options;
    this.#options = {...DEFAULTS, ...rest};
    this.#guard = guard;
    this.#tls = tls;
    this.#log = log;
    this.#inHand = new InHand(this.#options.inHandMax);
  }

  async start(handle: PacketHandler): Promise<{readonly port: number}> {
    const audience = new Audience<Client>();
    const broker = await Aedes.createBroker({
      // Device ids may be longer than the 23 characters that MQTT 3.1 (not 3.1.1) grants.
      maxClientsIdLength: 128,
      preConnect: (client, packet, callback) => {
        if (packet.protocolVersion === 5) client.conn.end(CONNACK_V5_UNSUPPORTED);
        this.#guard?.hearClientId(client, packet.clientId);
        callback(null, packet.protocolVersion !== 5);
        if (packet.protocolVersion === 5) this.#refuseVersion(packet.clientId);
      },
      authenticate: (client, login, secret, callback) => {
        this.#admit(client, login, secret).then(
          (refusal) => callback(refusal, refusal === null),
          () => callback(null, false),
        );
      },
      authorizePublish: (client, packet, callback) => {
        this.#take(handle, client, packet, callback);
      },
      authorizeSubscribe: (client, subscription, callback) => {
        const may = this.#guard?.maySubscribe(client, subscription.topic) ?? true;
        // QoS 0 down-links: a subscriber that never comes back must not fill this process's memory. Said in place, for aedes keeps what it was given.
        subscription.qos = 0;
        if (may) audience.join(client, subscription.topic);
        callback(null, may ? subscription : null);
      },
    });
    // aedes looks for subscribers of each packet by half a dozen callbacks and promises, where there hardly ever is one.
    type Publish = (packet: PublishPacket, client: Client | null, done: () => void) => void;
    const own = broker as {publish: unknown} as {publish: Publish};
    const publish = own.publish.bind(broker);
    own.publish = (packet, client, done) => {
      if (client && typeof client !== 'function' && !audience.mayHear(packet.topic)) done();
      else publish(packet, client, done);
    };
    broker.on('clientDisconnect', (client) => audience.leave(client));
    broker.on('clientError', (client, error) => {
      if (this.#stopping) return; // it has a packet on its way, and sends it again to the next listener
      this.#log.warn({clientId: client.id, reason: messageOf(error)}, 'connection ended');
    });
    broker.on('connectionError', (_client, error) =>
      this.#log.warn({reason: messageOf(error)}, 'connection refused'),
    );
    this.#broker = broker;
    const accept = (socket: Socket): void => this.#accept(broker, socket);
    this.#server =
      this.#tls === undefined
        ? createServer(accept)
        : createTlsServer({...this.#tls, requestCert: this.#tls.ca !== undefined}, accept);
    this.#server.on('tlsClientError', (error: Error) =>
      this.#log.warn({reason: messageOf(error)}, 'connection refused'),
    );
    this.#server.maxConnections = this.#options.connectionsMax;
    try {
      await this.#listen(this.#server);
    } catch (error) {
      await new Promise<void>((resolve) => broker.close(() => resolve())); // its timers would keep the process alive
      throw error;
    }
    return {port: (this.#server.address() as AddressInfo).port};
  }

  async publish(
    topic: string,
    payload: string | Uint8Array,
    options?: {retain?: boolean; qos?: 0 | 1},
  ): Promise<void> {
    const broker = this.#broker;
    if (!broker)
      throw new OperationalFault('door-down', 'the MQTT listener is not running', {retryable: true});
    const packet: PublishPacket = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos: options?.qos ?? 0,
      retain: options?.retain ?? false,
      dup: false,
    };
    await new Promise<void>((resolve, reject) =>
      broker.publish(packet, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Packets with the handler, at most `inHandMax`, and those that were read and wait: one read of each connection's socket at most. */
  load(): {readonly inHand: number; readonly waiting: number} {
    return {inHand: this.#inHand.running, waiting: this.#inHand.waiting};
  }

  state(): 'up' | 'down' {
    return this.#server?.listening === true && !this.#stopping ? 'up' : 'down';
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const server = this.#server;
    const broker = this.#broker;
    if (!server || !broker) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await this.#inHand.idle();
    await new Promise<void>((resolve) => setImmediate(resolve)); // the last PUBACKs reach their sockets
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await closed;
    this.#broker = undefined;
    this.#server = undefined;
  }

  /** @returns what the CONNACK says; null where the client may connect */
  async #admit(
    client: Client,
    login: string | undefined,
    secret: Buffer | undefined,
  ): Promise<(Error & {returnCode: number}) | null> {
    if (this.#guard === undefined) return null;
    try {
      const refusal = await this.#guard.admit(client, login, secret?.toString('utf8'));
      return refusal === null ? null : Object.assign(new Error(refusal), {returnCode: BAD_LOGIN});
    } catch (error) {
      this.#log.warn({clientId: client.id, reason: messageOf(error)}, 'login could not be looked up');
      return Object.assign(new Error('come again'), {returnCode: SERVER_UNAVAILABLE});
    }
  }

  /** @param answer  Called without error lets the PUBACK out, with an error ends the connection. */
  #take(
    handle: PacketHandler,
    client: Client | null,
    packet: PublishPacket,
    answer: (error?: Error) => void,
  ): void {
    const refusal = this.#whyNot(client, packet.topic);
    if (refusal !== undefined) {
      answer(new Error(refusal));
      return;
    }
    const {topic, retain, qos} = packet;
    const inbound: InboundPacket = {topic, payload: asBytes(packet.payload), retain};
    // Retained telemetry would stay in this process's memory for good, once for every topic anybody thinks of.
    packet.retain = false;
    const settle = client ? this.#answersOf(client).expect(answer) : answer;
    this.#inHand
      .run(() => handle(inbound))
      .then(
        () => settle(),
        // QoS 0 was never promised: what cannot be taken now is lost, and ending the connection would not bring it back.
        (error: unknown) => settle(qos === 0 ? undefined : (error as Error)),
      );
  }

  #whyNot(client: Client | null, topic: string): string | undefined {
    if (topic.startsWith('$')) return `topic ${topic} is the broker's own`;
    if (!(this.#guard?.mayPublish(client, topic) ?? true)) return `topic ${topic} is not for this login`;
    return this.#stopping ? 'the listener is stopping' : undefined;
  }

  #answersOf(client: Client): OrderedAnswers {
    let answers = this.#answers.get(client);
    if (answers === undefined) {
      answers = new OrderedAnswers();
      this.#answers.set(client, answers);
    }
    return answers;
  }

  #accept(broker: Aedes, socket: Socket): void {
    const guard = new PacketSizeGuard(this.#options.packetBytesMax);
    const read = socket.read.bind(socket);
    // aedes pulls with read(null); looking at what it pulls costs no copy.
    socket.read = (size?: number) => {
      const chunk = read(size) as Buffer | null;
      const announced = chunk ? guard.see(chunk) : undefined;
      if (announced === undefined) return chunk;
      const {packetBytesMax} = this.#options;
      socket.destroy(
        new Error(
          `a packet of ${announced} bytes was announced, ${packetBytesMax} are allowed; send smaller packets`,
        ),
      );
      return null;
    };
    socket.setNoDelay(true);
    broker.handle(socket);
  }

  #refuseVersion(clientId: string): void {
    this.#log.warn(
      {clientId},
      'MQTT 5 client refused: the embedded listener speaks MQTT 3.1.1; set protocol version 4, or use a broker by MQTT_URL',
    );
  }

  async #listen(server: Server): Promise<void> {
    const {port, host} = this.#options;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE';
        const message = taken
          ? `MQTT port ${port} on ${host} is taken; stop what listens there, set MQTT_PORT, or shift all ports with --port-offset 100`
          : `MQTT port ${port} on ${host} cannot be opened: ${error.message}`;
        reject(
          new OperationalFault(taken ? 'port-taken' : 'port-refused', message, {
            retryable: false,
            cause: error,
          }),
        );
      });
      server.listen(port, host, resolve);
    });
  }
}

function asBytes(payload: string | Buffer): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}
