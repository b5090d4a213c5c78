import {z} from 'zod';
import {OperationalFault} from '../domain/fault.ts';
import {isAnchorKey} from './audit/anchor-key.ts';
import {contradictions} from './contradictions.ts';
import {maskedUrl} from './masked-url.ts';
import {readRoleMap} from './oidc-claims.ts';
import {ROLES} from './principal.ts';
import {weaknessOf} from './weak-secrets.ts';
import {days, hosts, isAddressOrNetwork, isWebhookSecret, port, url, whole} from './setting-types.ts';

/** What a reader of docs/configuration.md needs beside the type. */
export type KeyInfo = {
  readonly env: string;
  readonly description: string;
  readonly unit?: string;
  /** `whole`: never shown. `credentials`: a URL, shown without login and query. */
  readonly secret?: 'whole' | 'credentials';
};

const keys = z.registry<KeyInfo>();

/** Every setting of the service; `docs/configuration.md` is generated from it. */
export const configurationSchema = z.object({
  mqttUrl: url('mqtts://broker.example:8883', 'mqtt:', 'mqtts:', 'ws:', 'wss:').optional().register(keys, {
    env: 'MQTT_URL',
    description: 'MQTT broker that equipment publishes to. Unset: an MQTT listener inside the process.',
    unit: 'URL',
    secret: 'credentials',
  }),
  natsUrl: url('nats://bus.example:4222', 'nats:', 'tls:').optional().register(keys, {
    env: 'NATS_URL',
    description: 'NATS server with JetStream that carries readings. Unset: a bounded bus inside the process.',
    unit: 'URL',
    secret: 'credentials',
  }),
  databaseUrl: url(
    'postgres://forestock:password@db.example:5432/forestock?sslmode=verify-full',
    'postgres:',
    'postgresql:',
  )
    .optional()
    .register(keys, {
      env: 'DATABASE_URL',
      description:
        'PostgreSQL 15 or newer; TimescaleDB is used when the server offers it. On another machine it says sslmode (disable too, where that is meant) and has a password. Unset: PostgreSQL under the data folder.',
      unit: 'URL',
      secret: 'credentials',
    }),
  instance: z
    .string()
    .regex(/^[\w-]{1,32}$/, 'expected 1 to 32 letters, digits, - or _')
    .optional()
    .register(keys, {
      env: 'FORESTOCK_INSTANCE',
      description:
        'Name of this process among several that take readings from one MQTT_URL; keep it over restarts, the broker knows the session by it. Unset: it is the only one.',
    }),
  strictTelemetry: z.union([z.boolean(), z.stringbool()]).default(false).register(keys, {
    env: 'FORESTOCK_STRICT_TELEMETRY',
    description:
      'Whether telemetry, too, is acknowledged only when the store has committed it, also with NATS_URL. Events always are; without NATS_URL everything is.',
    unit: 'true or false',
  }),
  dataDir: z.string().min(1).default('.forestock').register(keys, {
    env: 'FORESTOCK_DATA_DIR',
    description: 'Folder of everything that the embedded components keep. One process at a time uses it.',
    unit: 'path',
  }),
  mqttHost: z.string().min(1).default('127.0.0.1').register(keys, {
    env: 'MQTT_HOST',
    description: 'Address the embedded MQTT listener binds to; 0.0.0.0 lets equipment on other machines in.',
    unit: 'address',
  }),
  mqttPort: port().default(1883).register(keys, {
    env: 'MQTT_PORT',
    description: 'Port of the embedded MQTT listener, before the offset.',
    unit: 'TCP port',
  }),
  mqttAnonymous: z.union([z.boolean(), z.stringbool()]).optional().register(keys, {
    env: 'MQTT_ANONYMOUS',
    description:
      'Whether the embedded listener takes clients without a login. Unset: on a loopback address only; elsewhere it cannot be allowed.',
    unit: 'true or false',
  }),
  mqttTlsCert: z.string().min(1).optional().register(keys, {
    env: 'MQTT_TLS_CERT',
    description: 'Certificate (PEM) with which the embedded listener speaks TLS. Unset: plain TCP.',
    unit: 'path',
  }),
  mqttTlsKey: z.string().min(1).optional().register(keys, {
    env: 'MQTT_TLS_KEY',
    description: 'Its private key (PEM). Needed with MQTT_TLS_CERT.',
    unit: 'path',
  }),
  mqttTlsClientCa: z.string().min(1).optional().register(keys, {
    env: 'MQTT_TLS_CLIENT_CA',
    description:
      'Authorities (PEM) that sign the certificates of equipment. Set: every client shows one, and is the equipment that its common name says.',
    unit: 'path',
  }),
  httpHost: z.string().min(1).default('127.0.0.1').register(keys, {
    env: 'HTTP_HOST',
    description: 'Address the console and the HTTP API bind to.',
    unit: 'address',
  }),
  httpPort: port().default(8080).register(keys, {
    env: 'HTTP_PORT',
    description: 'Port of the console and the HTTP API, before the offset.',
    unit: 'TCP port',
  }),
  httpTrustedProxies: hosts()
    .refine((names) => names.every(isAddressOrNetwork), 'expected addresses or networks, such as 10.0.0.0/8')
    .register(keys, {
      env: 'HTTP_TRUSTED_PROXIES',
      description:
        'Proxies before the HTTP API, by address or network, separated by commas: what they say of the caller’s address (X-Forwarded-For) is believed, and limits count by it. Unset: nobody’s word.',
      unit: 'addresses',
    }),
  httpCallerLimit: whole(0, 10_000_000).default(3000).register(keys, {
    env: 'HTTP_CALLER_LIMIT',
    description:
      'Requests a minute that the API takes of one user or token, in each process; more are answered 429 with Retry-After. 0: no limit.',
    unit: 'requests/min',
  }),
  httpAddressLimit: whole(0, 10_000_000).default(12_000).register(keys, {
    env: 'HTTP_ADDRESS_LIMIT',
    description:
      'The same for all requests from one address, whoever sends them; behind a proxy that HTTP_TRUSTED_PROXIES does not name, that is everybody. 0: no limit.',
    unit: 'requests/min',
  }),
  apiToken: z
    .string()
    .regex(/^\S{16,200}$/, 'expected 16 to 200 characters without blanks')
    .refine(
      (token) => weaknessOf(token) === null,
      'can be guessed: a word of guides and examples, or few characters over and over; make one with: openssl rand -base64 32',
    )
    .optional()
    .register(keys, {
      env: 'FORESTOCK_API_TOKEN',
      description:
        'Callers of the HTTP API show it as bearer token. Needed unless HTTP_HOST is a loopback address; unset, the API is open on this machine.',
      unit: 'text',
      secret: 'whole',
    }),
  publicUrl: url('https://forestock.example', 'http:', 'https:').optional().register(keys, {
    env: 'PUBLIC_URL',
    description:
      'Where browsers find the console, when a proxy stands before it; messages link there. Unset: where the process itself listens, and messages have no link.',
    unit: 'URL',
  }),
  oidcIssuer: url('https://login.example/realms/parts', 'http:', 'https:').optional().register(keys, {
    env: 'OIDC_ISSUER',
    description: 'OpenID Connect provider whose people and programs are let in. Unset: none.',
    unit: 'URL',
  }),
  oidcClientId: z.string().min(1).optional().register(keys, {
    env: 'OIDC_CLIENT_ID',
    description:
      'By which the provider knows this console; browsers come back to <PUBLIC_URL>/api/v1/session/oidc/callback. Unset: browsers do not sign in there.',
    unit: 'text',
  }),
  oidcClientSecret: z.string().min(1).optional().register(keys, {
    env: 'OIDC_CLIENT_SECRET',
    description: 'With which the console proves that to the provider. Unset: by PKCE alone.',
    unit: 'text',
    secret: 'whole',
  }),
  oidcAudience: z.string().min(1).optional().register(keys, {
    env: 'OIDC_AUDIENCE',
    description: 'Audience that bearer tokens of the provider must name. Unset: such tokens are not taken.',
    unit: 'text',
  }),
  oidcRoles: z
    .string()
    .refine(
      (text) => readRoleMap(text) !== null,
      `expected pairs such as parts-planners=planner,it=admin, of the roles ${ROLES.join(', ')}`,
    )
    .optional()
    .register(keys, {
      env: 'OIDC_ROLES',
      description:
        'What the provider calls a group or role, and the role here (docs/access.md): parts-planners=planner,it=admin. Of several the first counts; who has none is refused.',
      unit: 'pairs',
    }),
  oidcRoleClaim: z.string().min(1).default('roles').register(keys, {
    env: 'OIDC_ROLE_CLAIM',
    description: 'Claim that names those groups or roles; a dot leads inside: realm_access.roles.',
    unit: 'claim',
  }),
  oidcPartyClaim: z.string().min(1).default('forestock_party').register(keys, {
    env: 'OIDC_PARTY_CLAIM',
    description: 'Claim that names the party of a technician, supplier or customer.',
    unit: 'claim',
  }),
  oidcDepotsClaim: z.string().min(1).default('forestock_depots').register(keys, {
    env: 'OIDC_DEPOTS_CLAIM',
    description: 'Claim that lists the depots of a planner; a planner without it acts for all.',
    unit: 'claim',
  }),
  oidcSegmentsClaim: z.string().min(1).default('forestock_segments').register(keys, {
    env: 'OIDC_SEGMENTS_CLAIM',
    description:
      'Claim that lists the segments (A, B, C) which bound a planner, or what a technician, supplier or customer sees; without it all.',
    unit: 'claim',
  }),
  portOffset: whole(0, 60_000).default(0).register(keys, {
    env: 'PORT_OFFSET',
    description: 'Added to every port above, so that a second installation fits on the same machine.',
    unit: 'ports',
  }),
  partitions: whole(1, 256).default(16).register(keys, {
    env: 'FORESTOCK_PARTITIONS',
    description:
      'Partitions of the readings; 64 for large sites. Fixed at installation: a later change is refused.',
    unit: 'partitions',
  }),
  keepReadingsDays: days(800).register(keys, {
    env: 'FORESTOCK_KEEP_READINGS_DAYS',
    description:
      'Age at which readings are dropped, by whole weeks. Below 400 it is also the oldest message that the door takes.',
    unit: 'days',
  }),
  keepEventsDays: days(3650, 400).register(keys, {
    env: 'FORESTOCK_KEEP_EVENTS_DAYS',
    description:
      'Age at which equipment events (errors, failures, repairs) are dropped; models learn from them.',
    unit: 'days',
  }),
  keepForecastsDays: days(800, 400).register(keys, {
    env: 'FORESTOCK_KEEP_FORECASTS_DAYS',
    description:
      'Age at which forecasts are dropped, by whole months; decisions keep what they were made of.',
    unit: 'days',
  }),
  keepDeadLettersDays: days(400).register(keys, {
    env: 'FORESTOCK_KEEP_DEAD_LETTERS_DAYS',
    description: 'Age at which refused messages are deleted.',
    unit: 'days',
  }),
  compressAfterDays: days(35, 14).register(keys, {
    env: 'FORESTOCK_COMPRESS_AFTER_DAYS',
    description:
      'Age at which readings are compressed where TimescaleDB is used; late ones are taken after it too.',
    unit: 'days',
  }),
  modelsDir: z.string().min(1).optional().register(keys, {
    env: 'FORESTOCK_MODELS',
    description:
      'Folder of failure models, one subfolder a version. Unset: those that came with this release. Missing or empty: forecasts come from the age laws.',
    unit: 'path',
  }),
  backend: z.enum(['auto', 'node', 'wasm', 'cpu']).default('auto').register(keys, {
    env: 'FORESTOCK_BACKEND',
    description:
      'TensorFlow.js backend of the failure model. auto: the first that loads, in this order; a name: that one, then those after it.',
  }),
  backendStrict: z.union([z.boolean(), z.stringbool()]).default(false).register(keys, {
    env: 'FORESTOCK_BACKEND_STRICT',
    description:
      'Whether the first choice of backend must load (for auto: node); otherwise the next one is taken, and said so.',
    unit: 'true or false',
  }),
  mode: z.enum(['shadow', 'propose', 'auto']).default('shadow').register(keys, {
    env: 'FORESTOCK_MODE',
    description:
      'What a decision may do: be recorded only, become a proposal, or act by itself within the limits.',
  }),
  webhookUrl: url('https://erp.example/forestock', 'http:', 'https:').optional().register(keys, {
    env: 'WEBHOOK_URL',
    description:
      'Receives released orders and alerts as signed POST requests. Unset: files under the data folder.',
    unit: 'URL',
    secret: 'credentials',
  }),
  webhookSecret: z
    .string()
    .refine(isWebhookSecret, 'expected 24 to 64 bytes in base64, with or without whsec_ before it')
    .optional()
    .register(keys, {
      env: 'WEBHOOK_SECRET',
      description: 'Signs those requests (Standard Webhooks). Needed with WEBHOOK_URL.',
      unit: 'base64',
      secret: 'whole',
    }),
  smtpUrl: url('smtps://forestock:password@mail.example:465', 'smtp:', 'smtps:').optional().register(keys, {
    env: 'SMTP_URL',
    description: 'Mail server for messages by e-mail. Unset: they wait until it is set.',
    unit: 'URL',
    secret: 'credentials',
  }),
  smtpFrom: z.email('expected an e-mail address').optional().register(keys, {
    env: 'SMTP_FROM',
    description: 'Sender of messages by e-mail. Needed with SMTP_URL.',
    unit: 'e-mail address',
  }),
  webhookPrivateHosts: hosts().register(keys, {
    env: 'WEBHOOK_PRIVATE_HOSTS',
    description:
      'Hosts of the own network that WEBHOOK_URL may name, separated by commas: names or addresses, as the URL has them. Others are called on public addresses only.',
    unit: 'hosts',
  }),
  auditKey: z
    .string()
    .refine(isAnchorKey, 'expected an Ed25519 private key as PKCS #8 in DER, base64')
    .optional()
    .register(keys, {
      env: 'FORESTOCK_AUDIT_KEY',
      description:
        'Signs the anchors of the audit trail. Unset: a key that the first start makes under the data folder.',
      unit: 'base64',
      secret: 'whole',
    }),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .register(keys, {
      env: 'LOG_LEVEL',
      description: 'Least severe log line that is written, as JSON to stderr.',
    }),
});

export type Configuration = z.infer<typeof configurationSchema>;
export type ConfigurationKey = keyof Configuration;

/** The description of one key. */
export function keyInfo(key: ConfigurationKey): KeyInfo {
  return keys.get(configurationSchema.shape[key])!; // every key above is registered; a test holds that
}

export const configurationKeys = Object.keys(configurationSchema.shape) as ConfigurationKey[];

/**
 * Reads the whole configuration once: flags before environment before defaults; an empty text counts as unset.
 * Ports come out with the offset added.
 *
 * @param flags  Raw values by key, as the command line gave them.
 * @throws OperationalFault `configuration-invalid`, listing every mistake; the command line exits with 2.
 *
 * Example: `readConfiguration({HTTP_PORT: '8080'}, {portOffset: '100'}).httpPort` → 8180.
 */
export function readConfiguration(
  env: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Partial<Record<ConfigurationKey, unknown>>> = {},
): Configuration {
  const given = Object.fromEntries(
    configurationKeys.flatMap((key) => {
      const value = flags[key] ?? env[keyInfo(key).env];
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
  const parsed = configurationSchema.safeParse(given);
  if (parsed.success) {
    const configuration = withOffset(parsed.data);
    const mistakes = contradictions(configuration, env);
    if (mistakes.length > 0) throw invalid(mistakes.map(({text}) => text));
    return configuration;
  }
  const wrong = new Set(parsed.error.issues.map(({path}) => path[0] as ConfigurationKey));
  const single = parsed.error.issues.map(({path, message}) => {
    const key = path[0] as ConfigurationKey;
    const {env: name, secret} = keyInfo(key);
    return `${name}: ${message}${secret === undefined ? `, got ${JSON.stringify(given[key])}` : ''}`;
  });
  // The rest is judged too, so that one start tells everything; nothing is said about a value that is wrong by itself.
  const rest = Object.entries(given).filter(([key]) => !wrong.has(key as ConfigurationKey));
  const between = contradictions(withOffset(configurationSchema.parse(Object.fromEntries(rest))), env)
    .filter(({keys: about}) => !about.some((key) => wrong.has(key)))
    .map(({text}) => text);
  throw invalid([...new Set([...single, ...between])]);
}

function withOffset({portOffset, mqttPort, httpPort, ...rest}: Configuration): Configuration {
  return {...rest, portOffset, mqttPort: mqttPort + portOffset, httpPort: httpPort + portOffset};
}

function invalid(mistakes: readonly string[]): OperationalFault {
  return new OperationalFault(
    'configuration-invalid',
    `configuration:\n${mistakes.map((each) => `  ${each}`).join('\n')}`,
    {
      retryable: false,
    },
  );
}

/** The configuration as logs and `doctor` may show it. */
export function redacted(configuration: Configuration): Record<string, unknown> {
  return Object.fromEntries(
    configurationKeys.map((key) => {
      const {secret} = keyInfo(key);
      const value = configuration[key];
      if (value === undefined || secret === undefined) return [key, value];
      return [key, secret === 'whole' ? '[secret]' : maskedUrl(String(value))];
    }),
  );
}
