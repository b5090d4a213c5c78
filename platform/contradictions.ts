import ipaddr from 'ipaddr.js';
import type {Configuration, ConfigurationKey} from './configuration.ts';
import {isLoopback} from './loopback.ts';
import {hostOf, mayBePrivate, whyRefused} from './outbound.ts';

interface Contradiction {
  readonly keys: readonly ConfigurationKey[];
  readonly text: string;
}

/** What no single key can be blamed for; each says which keys it judges and the next step. */
export function contradictions({
  mqttUrl,
  mqttPort,
  httpPort,
  portOffset,
  webhookUrl,
  webhookSecret,
  webhookPrivateHosts,
  mqttHost,
  mqttAnonymous,
  mqttTlsCert,
  mqttTlsKey,
  mqttTlsClientCa,
  smtpUrl,
  smtpFrom,
  ...rest
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
  if (webhookUrl !== undefined && webhookSecret === undefined) {
    mistakes.push({
      keys: ['webhookUrl', 'webhookSecret'],
      text: 'WEBHOOK_SECRET: needed with WEBHOOK_URL; make one with: openssl rand -base64 32',
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
  const host = webhookUrl === undefined ? '' : hostOf(new URL(webhookUrl));
  const refusal = ipaddr.isValid(host) && !mayBePrivate(host, webhookPrivateHosts) ? whyRefused(host) : null;
  if (refusal !== null) {
    mistakes.push({
      keys: ['webhookUrl', 'webhookPrivateHosts'],
      text: `WEBHOOK_URL: ${host} is ${refusal}; set WEBHOOK_PRIVATE_HOSTS=${host} if this host is meant`,
    });
  }
  return [...mistakes, ...oidcContradictions(rest)];
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
