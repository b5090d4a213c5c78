import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import protobuf from 'protobufjs';

/** The part of sparkplug_b.proto (Eclipse Tahu) that these tests send, encoded by an implementation that is not ours. */
const Payload = protobuf
  .parse(
    `syntax = "proto2";
     message Payload {
       message Metric {
         optional string name = 1; optional uint64 alias = 2; optional uint64 timestamp = 3; optional uint32 datatype = 4;
         optional bool is_historical = 5; optional bool is_transient = 6; optional bool is_null = 7;
         oneof value { uint32 int_value = 10; uint64 long_value = 11; float float_value = 12; double double_value = 13;
                       bool boolean_value = 14; string string_value = 15; bytes bytes_value = 16; }
       }
       optional uint64 timestamp = 1; repeated Metric metrics = 2; optional uint64 seq = 3; optional string uuid = 4;
     }`,
    {keepCase: true},
  )
  .root.lookupType('Payload');

export function encodeSparkplug(payload: object): Uint8Array {
  return Payload.encode(Payload.fromObject(payload)).finish();
}

export function decodeSparkplug(bytes: Uint8Array): object {
  return Payload.decode(bytes).toJSON();
}

/** What a device declares, and then calls by the alias alone. */
export const TEMPERATURE = {name: 'temperature_c', alias: 1, datatype: 10};
export const VIBRATION = {name: 'vibration_mm_s', alias: 2, datatype: 10};

export interface SparkplugNodeOptions {
  readonly port: number;
  /** Milliseconds since 1970, the time of everything it sends. */
  readonly now: () => number;
  readonly name?: string;
}

/** An edge node as Sparkplug 3.0 has it: DEATH as its will, BIRTHs and data at QoS 0, and a counter from 0 to 255 over all of them. */
export class SparkplugNode {
  /** NCMDs that reached it, decoded. */
  readonly commands: object[] = [];
  readonly #options: SparkplugNodeOptions;
  readonly #topic: (type: string, device?: string) => string;
  #client: MqttClient | undefined;
  #bdSeq = -1;
  #seq = 0;

  constructor(options: SparkplugNodeOptions) {
    this.#options = options;
    const name = options.name ?? 'edge1';
    this.#topic = (type, device) =>
      `spBv1.0/plant/${type}/${name}${device === undefined ? '' : `/${device}`}`;
  }

  /** A session with the next bdSeq, in which nothing has been said yet. */
  async connect(): Promise<void> {
    this.#bdSeq += 1;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${this.#options.port}`, {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      will: {
        topic: this.#topic('NDEATH'),
        payload: Buffer.from(encodeSparkplug({timestamp: this.#options.now(), metrics: [this.#bdMetric()]})),
        qos: 1,
        retain: false,
      },
    });
    this.#client = client;
    client.on('message', (_topic, payload) => this.commands.push(decodeSparkplug(payload)));
    await client.subscribeAsync(this.#topic('NCMD'), {qos: 1});
  }

  async bear(): Promise<void> {
    this.#seq = 0;
    const rebirth = {name: 'Node Control/Rebirth', datatype: 11, boolean_value: false};
    await this.#send('NBIRTH', undefined, [this.#bdMetric(), rebirth]);
  }

  async bearDevice(device: string, metrics: readonly object[]): Promise<void> {
    await this.#send('DBIRTH', device, metrics);
  }

  async data(device: string, metrics: readonly object[]): Promise<void> {
    await this.#send('DDATA', device, metrics);
  }

  async buryDevice(device: string): Promise<void> {
    await this.#send('DDEATH', device, []);
  }

  /** Messages that nobody gets: the counter goes on without them. */
  lose(messages: number): void {
    this.#seq = (this.#seq + messages) % 256;
  }

  /** The cable is cut: the broker says the will. */
  async cut(): Promise<void> {
    const client = this.#client!;
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.stream.destroy();
    await closed;
    await client.endAsync(true);
  }

  /** Leaves without a will. */
  async leave(): Promise<void> {
    await this.#client?.endAsync();
  }

  #bdMetric(): object {
    return {name: 'bdSeq', datatype: 8, long_value: this.#bdSeq};
  }

  async #send(type: string, device: string | undefined, metrics: readonly object[]): Promise<void> {
    const payload = encodeSparkplug({timestamp: this.#options.now(), seq: this.#seq, metrics});
    this.#seq = (this.#seq + 1) % 256;
    await this.#client!.publishAsync(this.#topic(type, device), Buffer.from(payload), {qos: 0});
  }
}
