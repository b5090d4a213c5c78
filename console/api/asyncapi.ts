import {z} from 'zod';
import {AlertNotice, CustomerNotice, OrderReleased, SubstituteAllotted} from '../../domain/effect-message.ts';
import {EQUIPMENT_TOPICS, EquipmentStatus, STATUS_ADDRESS} from '../../ingest/api.ts';
import {AlertFeedV1, DecisionFeedV1} from './feed-messages.ts';
import {SharedStateV1} from './share-stream.ts';
import {titleOf} from './schema-titles.ts';

type Json = Record<string, unknown>;

interface Channel {
  readonly name: string;
  readonly server: 'mqtt' | 'nats' | 'receiver';
  readonly address: string;
  /** As AsyncAPI 3 has it: what Forestock itself does. */
  readonly action: 'send' | 'receive';
  readonly summary: string;
  readonly payload: z.ZodType;
  readonly bindings?: Json;
}

const PARAMETERS: Readonly<Record<string, string>> = {
  site: 'Where the equipment stands; its status is answered there',
  equipmentId: 'As in the installed base',
  action: 'What was decided: order, transfer, expedite, …',
  kind: 'Of the alert: backorder-impact, …',
  partyId: 'Percent-encoded, dots included; let each party subscribe to its own alone',
  data: 'What is shared: stock, …',
};

const QOS_1 = {mqtt: {qos: 1, retain: false, bindingVersion: '0.2.0'}};
const QOS_0 = {mqtt: {qos: 0, retain: false, bindingVersion: '0.2.0'}};
const HOOK = {server: 'receiver', address: '/', action: 'send'} as const;

const CHANNELS: readonly Channel[] = [
  ...EQUIPMENT_TOPICS.map(({name, address, summary, payload}): Channel => ({
    ...{name, address, summary, payload},
    server: 'mqtt',
    action: 'receive',
    bindings: QOS_1,
  })),
  {
    name: 'status',
    server: 'mqtt',
    address: STATUS_ADDRESS,
    action: 'send',
    summary: 'Why a message was not taken: ten at once, then one every 6 s',
    payload: EquipmentStatus,
    bindings: QOS_0,
  },
  {
    name: 'decisions-v1',
    server: 'nats',
    address: 'decisions.v1.{action}',
    action: 'send',
    summary: 'What happened to decisions, at least once and in order; JetStream stream FORESTOCK_FEEDS',
    payload: DecisionFeedV1,
  },
  {
    name: 'alerts-v1',
    server: 'nats',
    address: 'alerts.v1.{kind}',
    action: 'send',
    summary: 'What happened to alerts, at least once and in order; JetStream stream FORESTOCK_FEEDS',
    payload: AlertFeedV1,
  },
  {
    name: 'shares-v1',
    server: 'nats',
    address: 'shares.v1.{partyId}.{data}',
    action: 'send',
    summary: 'The state of a share of data with a frequency, to one party; JetStream stream FORESTOCK_FEEDS',
    payload: SharedStateV1,
  },
  {...HOOK, name: 'order-released', summary: 'An order, a transfer or a hurry-up', payload: OrderReleased},
  {
    ...HOOK,
    name: 'substitute-allotted',
    summary: 'A substitute on the shelf is set aside for a line',
    payload: SubstituteAllotted,
  },
  {...HOOK, name: 'alert-notice', summary: 'An alert that people are told of', payload: AlertNotice},
  {
    ...HOOK,
    name: 'customer-notice',
    summary: 'A promised date or a state of a customer’s own line, to a webhook of that customer',
    payload: CustomerNotice,
  },
];

/** The AsyncAPI 3 document: what equipment publishes, what integrators hear on the bus and at their webhook. */
export function asyncApi(): Json {
  const schemas: Record<string, Json> = {};
  const messages: Record<string, Json> = {};
  for (const {name, payload, summary, server} of CHANNELS) {
    schemas[name] = schemaOf(payload);
    messages[name] = {
      name,
      title: summary,
      contentType: 'application/json',
      payload: {$ref: `#/components/schemas/${name}`},
      ...(server === 'receiver' ? {headers: WEBHOOK_HEADERS} : {}),
    };
  }
  return {
    asyncapi: '3.0.0',
    id: 'urn:forestock:asyncapi:1',
    info: {
      title: 'Forestock',
      version: '1',
      description:
        'What equipment sends, and what integrators hear. Times are ISO 8601 in UTC, money is whole minor units. HTTP is in /api/v1/openapi.json; Sparkplug B (spBv1.0/…) is taken by its own specification.',
      license: {name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0'},
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: Object.fromEntries(CHANNELS.map((one) => [one.name, channelOf(one)])),
    operations: Object.fromEntries(
      CHANNELS.map(({name, action, summary, bindings}) => [
        `${action}-${name}`,
        {
          action,
          summary,
          channel: {$ref: `#/channels/${name}`},
          messages: [{$ref: `#/channels/${name}/messages/${name}`}],
          ...(bindings === undefined ? {} : {bindings}),
        },
      ]),
    ),
    components: {messages, schemas},
  };
}

const HOST = {default: '127.0.0.1', description: 'Of your installation'};

const SERVERS = {
  mqtt: {
    host: '{host}:1883',
    protocol: 'mqtt',
    description: 'The listener of the process (MQTT 3.1.1), or your broker (MQTT_URL)',
    variables: {host: HOST},
  },
  nats: {
    host: '{host}:4222',
    protocol: 'nats',
    description: 'Your NATS server (NATS_URL); without one the same events are at /api/v1/stream',
    variables: {host: HOST},
  },
  receiver: {
    host: '{receiver}',
    protocol: 'https',
    description:
      'Your webhook (WEBHOOK_URL): POST, answered with 2xx; anything else is tried again under the same webhook-id',
    variables: {receiver: {default: 'erp.example/forestock', description: 'WEBHOOK_URL'}},
  },
};

/** Standard Webhooks 1.0. */
const WEBHOOK_HEADERS = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': {type: 'string', description: 'The same over all attempts: drop what you have had'},
    'webhook-timestamp': {type: 'string', description: 'Seconds since 1970 at sending'},
    'webhook-signature': {type: 'string', description: 'v1,<HMAC-SHA-256 of id.timestamp.body in base64>'},
  },
};

function channelOf({name, address, server, summary}: Channel): Json {
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter!);
  return {
    address,
    description: summary,
    servers: [{$ref: `#/servers/${server}`}],
    ...(parameters.length === 0
      ? {}
      : {parameters: Object.fromEntries(parameters.map((one) => [one, {description: PARAMETERS[one]!}]))}),
    messages: {[name]: {$ref: `#/components/messages/${name}`}},
  };
}

/** AsyncAPI 3 speaks JSON Schema draft 7. */
function schemaOf(schema: z.ZodType): Json {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({zodSchema, jsonSchema}) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      const title = titleOf(zodSchema);
      if (title !== null) jsonSchema.title = title;
    },
  });
  delete json.$schema;
  return json;
}
