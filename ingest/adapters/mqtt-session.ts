import {connect} from 'mqtt';
import type {IClientOptions, IPublishPacket, MqttClient} from 'mqtt';
import {messageOf} from '../../domain/fault.ts';
import type {InboundPacket, IngestLog, PacketHandler} from '../ports.ts';
import {InHand} from './in-hand.ts';
import {OrderedAcks} from './ordered-acks.ts';
import {sendAtOnce} from '../../platform/no-delay.ts';

export interface SessionOptions {
  readonly url: string;
  /** Stable: the broker keeps what came for it while it was away. */
  readonly clientId: string;
  readonly filters: readonly string[];
  /** Unacknowledged packets the broker may send at once (MQTT 5): our back-pressure. */
  readonly receiveMaximum: number;
  readonly sessionExpiryS: number;
  readonly reconnectMs: number;
  /** A connection that is silent for one and a half times this long is given up, by us or by the broker. */
  readonly keepaliveS: number;
  readonly packetBytesMax: number;
  readonly username?: string;
  readonly password?: string;
  /** Another way to the broker than its URL: a simulated world has no sockets. */
  readonly connect?: (options: IClientOptions) => MqttClient;
}

/** Given to mqtt.js in place of success, so that it sends no PUBACK of its own and reads on; test/ingest/door-contract.ts fails when it stops doing so. */
const NO_PUBACK = new Error('the PUBACK follows when the packet is safe');

/** A broker that does not close after we have ended our side is cut off. */
const CLOSE_WITHIN_MS = 5000;

/** mqtt.js' socket as it is at run time; its types hide the event interface of the stream. */
type Stream = MqttClient['stream'];

/**
 * One persistent MQTT 5 session at an external broker. mqtt.js alone handles one packet at a time and acknowledges on
 * whatever connection is there when it is done; here packets are handled side by side, and each PUBACK is bound to the connection
 * (the epoch) its packet came on.
 */
export class MqttSession {
  readonly #options: SessionOptions;
  readonly #log: IngestLog;
  /**
   * The receive maximum, kept by ourselves: once it has its first PUBACK, mosquitto 2.0.11 sends whatever is queued. What it sends
   * at QoS 0 has no such limit at all.
   */
  readonly #inHand: InHand;
  #client: MqttClient | undefined;
  #epoch: {readonly stream: Stream; readonly acks: OrderedAcks} | undefined;
  #stopping = false;

  constructor(options: SessionOptions, log: IngestLog) {
    this.#options = options;
    this.#inHand = new InHand(options.receiveMaximum);
    this.#log = log;
  }

  /** Resolves once subscribed, or after `waitMs` without a broker: the session goes on trying and the door says 'down'. */
  async start(handle: PacketHandler, waitMs: number): Promise<void> {
    const {url, connect: connectTo = (options: IClientOptions) => connect(url, options)} = this.#options;
    const client = sendAtOnce(connectTo(this.#clientOptions()));
    this.#client = client;
    client.handleMessage = (packet, done) => {
      const {stream} = client;
      this.#receive(stream, packet, handle);
      if (!this.#inHand.full) {
        done(NO_PUBACK);
        return;
      }
      // Until then the socket is not read; TCP holds the broker back. A connection that has ended meanwhile has nothing more to say.
      const alive = this.#keepAlive(client, stream);
      void this.#inHand.room().then(() => {
        clearInterval(alive);
        if (client.stream === stream) done(NO_PUBACK);
      });
    };
    client.on('close', () => this.#endEpoch());
    client.on('error', (error) =>
      this.#log.warn({clientId: this.#options.clientId, reason: messageOf(error)}, 'MQTT connection failed'),
    );
    const subscribed = new Promise<void>((resolve) => {
      client.on('connect', () => {
        this.#subscribe(client).then(resolve, (error: unknown) => {
          this.#log.error(
            {clientId: this.#options.clientId, reason: messageOf(error)},
            'broker refuses the subscription',
          );
          client.stream.destroy();
        });
      });
    });
    await Promise.race([subscribed, pause(waitMs)]);
  }

  /**
   * The PINGRESP is not read either, and mqtt.js would take that for a dead connection: a store that stands still for a minute would
   * make us connect again and again, and be sent all that is in hand each time. So we ping, and wait for no answer.
   */
  #keepAlive(client: MqttClient, stream: Stream): NodeJS.Timeout {
    return setInterval(
      () => {
        if (!client.connected || client.stream !== stream) return;
        client.sendPing();
        client.reschedulePing(true);
      },
      (this.#options.keepaliveS * 1000) / 3,
    ).unref();
  }

  connected(): boolean {
    return this.#client?.connected === true && !this.#stopping;
  }

  async publish(
    topic: string,
    payload: string | Uint8Array,
    options: {readonly qos: 0 | 1; readonly retain: boolean},
  ): Promise<void> {
    if (!this.#client?.connected) throw new Error('not connected to the broker');
    await this.#client.publishAsync(topic, Buffer.from(payload), options);
  }

  /** The broker keeps whatever comes from now on; packets in hand get their PUBACKs before the connection ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#inHand.idle();
    this.#epoch?.acks.flush();
    await this.#client?.endAsync();
  }

  #clientOptions(): IClientOptions {
    const {clientId, receiveMaximum, sessionExpiryS, reconnectMs, keepaliveS, packetBytesMax} = this.#options;
    const {username, password} = this.#options;
    return {
      protocolVersion: 5,
      clientId,
      clean: false,
      keepalive: keepaliveS,
      reconnectPeriod: reconnectMs,
      resubscribe: false, // done on every connect, with "no retained messages again"
      queueQoSZero: false,
      properties: {sessionExpiryInterval: sessionExpiryS, receiveMaximum, maximumPacketSize: packetBytesMax},
      ...(username === undefined ? {} : {username}),
      ...(password === undefined ? {} : {password}),
    };
  }

  async #subscribe(client: MqttClient): Promise<void> {
    const subscriptions = Object.fromEntries(
      this.#options.filters.map((filter) => [filter, {qos: 1 as const, rh: 1}]),
    );
    const granted = await client.subscribeAsync(subscriptions);
    const refused = granted.filter(({qos}) => qos >= 128).map(({topic}) => topic);
    if (refused.length > 0)
      throw new Error(`subscription refused: ${refused.join(', ')}; check the broker's access rules`);
  }

  #receive(stream: Stream, packet: IPublishPacket, handle: PacketHandler): void {
    if (this.#stopping) return;
    const epoch = this.#epochOf(stream);
    if (epoch.acks.over) return; // came on a connection that is being given up: the broker sends it again
    const acknowledge = packet.qos > 0 ? epoch.acks.expect(packet.messageId ?? 0) : () => undefined;
    void this.#inHand.run(() =>
      handle(inbound(packet)).then(acknowledge, (error: unknown) => this.#refuse(epoch, packet, error)),
    );
  }

  #epochOf(stream: Stream): {readonly stream: Stream; readonly acks: OrderedAcks} {
    if (this.#epoch?.stream !== stream) {
      this.#epoch?.acks.end();
      this.#epoch = {stream, acks: new OrderedAcks((bytes) => stream.write(bytes))};
    }
    return this.#epoch;
  }

  /** Not now. Within a connection a broker never sends twice, so the connection ends; the session makes it send again. */
  #refuse(
    epoch: {readonly stream: Stream; readonly acks: OrderedAcks},
    packet: IPublishPacket,
    error: unknown,
  ): void {
    if (packet.qos === 0 || epoch.acks.over) return;
    this.#log.warn(
      {clientId: this.#options.clientId, reason: messageOf(error)},
      'packet cannot be taken now; reconnecting to get it again',
    );
    epoch.acks.flush(); // what came before it is safe …
    epoch.acks.end();
    // … and said so before the connection goes. Destroyed at once it would take those PUBACKs with it, the broker would send
    // a whole window again, and one refusal a window would get us nowhere. So only our side ends; the broker closes.
    epoch.stream.end();
    setTimeout(() => epoch.stream.destroy(), CLOSE_WITHIN_MS).unref();
  }

  #endEpoch(): void {
    this.#epoch?.acks.end();
  }
}

function inbound({topic, payload, retain, properties}: IPublishPacket): InboundPacket {
  const contentType = properties?.contentType;
  const packet = {topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload, retain};
  return contentType === undefined ? packet : {...packet, properties: {contentType}};
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}
