import ipaddr from 'ipaddr.js';
import type {Configuration, ConfigurationKey} from './configuration.ts';
import {isLoopback} from './loopback.ts';
import {hostOf, mayBePrivate, whyRefused} from './outbound.ts';
import {unsafeAddress} from './database-address.ts';
import {weaknessOf} from './weak-secrets.ts';

/** The step to take where a secret is missing or no secret. */
const MAKE_ONE = 'make one with: openssl rand -base64 32';

type Environment = Readonly<Record<string, string | undefined>>;

interface Contradiction {
  readonly keys: readonly ConfigurationKey[];
  readonly text: string;
}

/**
 * What no single key can be blamed for; each says which keys it judges and the next step.
 *
 * @param env  Where the database's client looks for what DATABASE_URL does not say.
 */
export function contradictions(configuration: Configuration, env: Environment): Contradiction[] {
  return [
    ...betweenServers(configuration),
    ...unsafeWebhook(configuration),
    ...unsafeDatabase(configuration, env),
    ...oidcContradictions(configuration),
  ];
}

function betweenServers({
  mqttUrl,
  mqttPort,
  httpPort,
  portOffset,
  mqttHost,
  mqttAnonymous,
  mqttTlsCert,
  mqttTlsKey,
  mqttTlsClientCa,
  smtpUrl,
  smtpFrom,
}: Configuration): Contradiction[] {
  const mistakes: Contradiction[] = [];
  if (Math.max(mqttPort, httpPort) > 65_535) {
    mistakes.push({
      keys: ['portOffset', 'mqttPort', 'httpPort'],
      text: `PORT_OFFSET: ${portOffset} lifts a port past 65535; choose a smaller one`,
    });
  }
  if (mqttUrl === undefined && mqttPort === httpPort) {
    mistakes.push({
      keys: ['mqttUrl', 'mqttPort', 'httpPort'],
      text: `MQTT_PORT and HTTP_PORT: both are ${mqttPort}; give each its own`,
    });
  }
  if (smtpUrl !== undefined && smtpFrom === undefined) {
    mistakes.push({
      keys: ['smtpUrl', 'smtpFrom'],
      text: 'SMTP_FROM: needed with SMTP_URL; name the sender, such as forestock@example.com',
    });
  }
  if (mqttUrl === undefined && mqttAnonymous === true && !isLoopback(mqttHost)) {
    mistakes.push({
      keys: ['mqttUrl', 'mqttHost', 'mqttAnonymous'],
      text: `MQTT_ANONYMOUS: ${mqttHost} is reached by others; give equipment logins with: forestock device credential`,
    });
  }
  if (
    (mqttTlsCert === undefined) !== (mqttTlsKey === undefined) ||
    (mqttTlsClientCa !== undefined && mqttTlsCert === undefined)
  ) {
    mistakes.push({
      keys: ['mqttTlsCert', 'mqttTlsKey', 'mqttTlsClientCa'],
      text: 'MQTT_TLS_CERT and MQTT_TLS_KEY: set both, also with MQTT_TLS_CLIENT_CA',
    });
  }
  return mistakes;
}

/** Whose signature anybody can make, and whom the network behind this machine is called for. */
function unsafeWebhook({webhookUrl, webhookSecret, webhookPrivateHosts}: Configuration): Contradiction[] {
  if (webhookUrl === undefined) return [];
  if (webhookSecret === undefined) {
    return [
      {
        keys: ['webhookUrl', 'webhookSecret'],
        text: `WEBHOOK_SECRET: needed with WEBHOOK_URL; ${MAKE_ONE}`,
      },
    ];
  }
  const host = hostOf(new URL(webhookUrl));
  const mistakes: Contradiction[] = [];
  if (!isLoopback(host) && isGuessable(webhookSecret)) {
    mistakes.push({
      keys: ['webhookUrl', 'webhookSecret'],
      text: `WEBHOOK_SECRET: can be guessed, and whoever does signs orders to ${host} as we do; ${MAKE_ONE}`,
    });
  }
  const refusal = ipaddr.isValid(host) && !mayBePrivate(host, webhookPrivateHosts) ? whyRefused(host) : null;
  if (refusal !== null) {
    mistakes.push({
      keys: ['webhookUrl', 'webhookPrivateHosts'],
      text: `WEBHOOK_URL: ${host} is ${refusal}; set WEBHOOK_PRIVATE_HOSTS=${host} if this host is meant`,
    });
  }
  return mistakes;
}

/** As text and as the bytes that it stands for. */
function isGuessable(webhookSecret: string): boolean {
  const text = webhookSecret.replace(/^whsec_/, '');
  return [text, Buffer.from(text, 'base64').toString('latin1')].some((form) => weaknessOf(form) !== null);
}

function unsafeDatabase({databaseUrl}: Configuration, env: Environment): Contradiction[] {
  if (databaseUrl === undefined) return [];
  return unsafeAddress(databaseUrl, env).map((why) => ({
    keys: ['databaseUrl'],
    text: `DATABASE_URL: ${why}`,
  }));
}

/** A provider without these would let nobody in, or say over the network in plain text who somebody is. */
function oidcContradictions({
  oidcIssuer,
  oidcClientId,
  oidcClientSecret,
  oidcAudience,
  oidcRoles,
}: Partial<Configuration>): Contradiction[] {
  const keys = ['oidcIssuer', 'oidcClientId', 'oidcAudience', 'oidcRoles'] as const;
  const others = {
    OIDC_CLIENT_ID: oidcClientId,
    OIDC_CLIENT_SECRET: oidcClientSecret,
    OIDC_AUDIENCE: oidcAudience,
    OIDC_ROLES: oidcRoles,
  };
  if (oidcIssuer === undefined)
    return Object.entries(others)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => ({keys, text: `${name}: means nothing without OIDC_ISSUER; set that too`}));
  const texts = [
    ...(isPlainAndFar(oidcIssuer)
      ? [`OIDC_ISSUER: ${oidcIssuer} is asked in plain text over the network; use https`]
      : []),
    ...(oidcClientId === undefined && oidcAudience === undefined
      ? ['OIDC_ISSUER: lets nobody in; set OIDC_CLIENT_ID for browsers, or OIDC_AUDIENCE for bearer tokens']
      : []),
    ...(oidcRoles === undefined
      ? [
          'OIDC_ROLES: needed with OIDC_ISSUER, for nobody has a role otherwise; such as parts-planners=planner',
        ]
      : []),
  ];
  return texts.map((text) => ({keys, text}));
}

function isPlainAndFar(address: string): boolean {
  const {protocol, hostname} = new URL(address);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
