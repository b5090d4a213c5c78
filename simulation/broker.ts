import {generate, parser} from 'mqtt-packet';
import type {IConnectPacket, IPubackPacket, ISubscribePacket, Packet} from 'mqtt-packet';
import type {SentPacket} from './device.ts';
import type {Wire} from './wire.ts';

/** What one client is owed, over all of its connections. */
interface Session {
  readonly clientId: string;
  readonly filters: Set<string>;
  readonly queue: SentPacket[];
  /** By packet id, in the order of sending. */
  readonly inFlight: Map<number, SentPacket>;
  connection: {readonly wire: Wire; readonly receiveMaximum: number} | undefined;
}

const V5 = {protocolVersion: 5} as const;

/**
 * An MQTT 5 broker with persistent sessions: it sends no more than the receive maximum, takes the lowest packet id that is free, and
 * sends again on a new connection only, in order.
 */
export class Broker {
  #sessions = new Map<string, Session>();
  readonly #acknowledged: (packet: SentPacket) => void;
  readonly #tell: (what: string) => void;
  #up = true;

  constructor(acknowledged: (packet: SentPacket) => void, tell: (what: string) => void) {
    this.#acknowledged = acknowledged;
    this.#tell = tell;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Messages that are kept for somebody. */
  get waiting(): readonly SentPacket[] {
    return [...this.#sessions.values()].flatMap(({queue, inFlight}) => [...inFlight.values(), ...queue]);
  }

  /** Ends all connections; sessions stay, as on a disk. */
  stop(): void {
    this.#up = false;
    for (const session of this.#sessions.values()) {
      session.connection?.wire.destroy();
      session.connection = undefined;
    }
  }

  /** Ends all connections and forgets all sessions. */
  cutPower(): void {
    this.stop();
    this.#sessions = new Map();
  }

  start(): void {
    this.#up = true;
  }

  /** Takes a message for whoever subscribes to it. @returns whether anybody does: without, it would go nowhere. */
  publish(packet: SentPacket): boolean {
    const subscribers = [...this.#sessions.values()].filter(({filters}) =>
      [...filters].some((filter) => matches(filter, packet.topic)),
    );
    for (const session of subscribers) {
      session.queue.push(packet);
      this.#send(session);
    }
    return subscribers.length > 0;
  }

  accept(wire: Wire): void {
    if (!this.#up) {
      wire.destroy();
      return;
    }
    let session: Session | undefined;
    const packets = parser(V5);
    packets.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') session = this.#connect(wire, packet);
      else if (session?.connection?.wire === wire) this.#take(session, wire, packet);
    });
    wire.on('data', (chunk: Buffer) => packets.parse(chunk));
    wire.on('end', () => wire.end());
    wire.on('close', () => {
      if (session?.connection?.wire !== wire) return;
      session.connection = undefined;
      this.#tell(`broker: ${session.clientId} is gone`);
    });
    wire.on('error', () => undefined);
  }

  #connect(wire: Wire, packet: IConnectPacket): Session {
    const known = this.#sessions.get(packet.clientId);
    const session = known ?? newSession(packet.clientId);
    this.#sessions.set(packet.clientId, session);
    session.connection?.wire.destroy(); // taken over
    this.#tell(
      `broker: ${packet.clientId} connects; ${session.inFlight.size} in flight, ${session.queue.length} more`,
    );
    session.connection = {wire, receiveMaximum: packet.properties?.receiveMaximum ?? 65_535};
    write(wire, {cmd: 'connack', reasonCode: 0, sessionPresent: known !== undefined});
    for (const [messageId, sent] of session.inFlight) this.#write(wire, sent, messageId, true);
    this.#send(session);
    return session;
  }

  #take(session: Session, wire: Wire, packet: Packet): void {
    if (packet.cmd === 'subscribe') this.#subscribe(session, wire, packet);
    else if (packet.cmd === 'puback') this.#puback(session, packet);
    else if (packet.cmd === 'pingreq') write(wire, {cmd: 'pingresp'});
    else if (packet.cmd === 'disconnect') wire.end();
  }

  #subscribe(session: Session, wire: Wire, {messageId, subscriptions}: ISubscribePacket): void {
    for (const {topic} of subscriptions) session.filters.add(topic);
    write(wire, {cmd: 'suback', messageId: messageId!, granted: subscriptions.map(() => 1)});
  }

  #puback(session: Session, {messageId}: IPubackPacket): void {
    const packet = session.inFlight.get(messageId!);
    if (packet === undefined) return;
    session.inFlight.delete(messageId!);
    this.#tell(`broker: PUBACK ${messageId!} of ${session.clientId}`);
    this.#acknowledged(packet);
    this.#send(session);
  }

  #send(session: Session): void {
    const {connection, queue, inFlight} = session;
    while (connection !== undefined && queue.length > 0 && inFlight.size < connection.receiveMaximum) {
      let messageId = 1;
      while (inFlight.has(messageId)) messageId += 1;
      const packet = queue.shift()!;
      inFlight.set(messageId, packet);
      this.#write(connection.wire, packet, messageId, false);
    }
  }

  #write(wire: Wire, {topic, payload}: SentPacket, messageId: number, dup: boolean): void {
    this.#tell(`broker: PUBLISH ${messageId}${dup ? ' again' : ''} ${topic}`);
    write(wire, {cmd: 'publish', topic, payload, qos: 1, messageId, dup, retain: false});
  }
}

function newSession(clientId: string): Session {
  return {clientId, filters: new Set(), queue: [], inFlight: new Map(), connection: undefined};
}

function write(wire: Wire, packet: Packet): void {
  if (!wire.destroyed && wire.writable) wire.write(generate(packet, V5));
}

/** Of the filters that the door uses, '+' stands for one level, and a '#' at the end for all below. */
function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (wanted.at(-1) === '#') return levels.join('/').startsWith(wanted.slice(0, -1).join('/'));
  return wanted.length === levels.length && wanted.every((level, i) => level === '+' || level === levels[i]);
}
