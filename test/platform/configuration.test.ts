import {describe, expect, it} from 'vitest';
import {configurationKeys, keyInfo, readConfiguration, redacted} from '../../platform/configuration.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('configuration', () => {
  it('needs nothing: the defaults run everything embedded, in shadow mode', () => {
    const configuration = readConfiguration({});
    expect(configuration).toMatchObject({
      dataDir: '.forestock',
      mqttPort: 1883,
      httpPort: 8080,
      partitions: 16,
      mode: 'shadow',
    });
    expect(configuration.databaseUrl).toBeUndefined();
  });

  it('takes flags before the environment, and an empty variable as unset', () => {
    const configuration = readConfiguration(
      {HTTP_PORT: '9000', MQTT_PORT: '2000', LOG_LEVEL: '', MQTT_URL: ''},
      {httpPort: '9001'},
    );
    expect(configuration).toMatchObject({httpPort: 9001, mqttPort: 2000, logLevel: 'info'});
    expect(configuration.mqttUrl).toBeUndefined();
  });

  it('adds the offset to every port', () => {
    expect(readConfiguration({PORT_OFFSET: '100'})).toMatchObject({mqttPort: 1983, httpPort: 8180});
  });

  it('lists every mistake in one message', () => {
    const wrong = {
      MQTT_URL: 'broker:1883',
      HTTP_PORT: '80a',
      FORESTOCK_MODE: 'yolo',
      FORESTOCK_PARTITIONS: '0',
    };
    expect(() => readConfiguration(wrong)).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message: expect.stringMatching(
          /MQTT_URL.*\n.*HTTP_PORT.*"80a"\n.*FORESTOCK_PARTITIONS.*"0"\n.*FORESTOCK_MODE.*"yolo"/,
        ) as string,
      }),
    );
  });

  it('names a contradiction between keys', () => {
    expect(() =>
      readConfiguration({PORT_OFFSET: '60000', MQTT_PORT: '8080', WEBHOOK_URL: 'https://erp.example/in'}),
    ).toThrow(/PORT_OFFSET: 60000[^]*both are 68080[^]*WEBHOOK_SECRET: needed/);
  });

  it('names what is wrong by itself and what contradicts itself in one message, and claims nothing about a value it could not read', () => {
    const wrong = {HTTP_PORT: 'eighty', MQTT_PORT: '8080', WEBHOOK_URL: 'https://erp.example/in'};
    expect(() => readConfiguration(wrong)).toThrow(
      expect.objectContaining({
        message:
          'configuration:\n' +
          '  HTTP_PORT: expected a whole number from 1 to 65535, got "eighty"\n' +
          '  WEBHOOK_SECRET: needed with WEBHOOK_URL; make one with: openssl rand -base64 32',
      }),
    );
  });

  it.each([
    [
      {OIDC_ISSUER: 'http://login.example'},
      /plain text over the network[^]*lets nobody in[^]*OIDC_ROLES: needed/,
    ],
    [
      {OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'x', OIDC_ROLES: 'it=king'},
      /OIDC_ROLES: expected pairs/,
    ],
    [
      {OIDC_CLIENT_ID: 'console', OIDC_ROLES: 'it=admin'},
      /OIDC_CLIENT_ID: means nothing[^]*OIDC_ROLES: means nothing/,
    ],
  ])('K3 refuses a provider that would let nobody in or be asked in the clear: %j', (env, message) => {
    expect(() => readConfiguration(env)).toThrow(message);
  });

  it.each([
    'aaaaaaaaaaaaaaaa',
    'changemechangeme',
    'my-Password-2026!',
    'abababababababab',
    '1234567812345678',
  ])(
    'K3 does not start with a token that can be guessed, says how to make one, and does not repeat it: %s',
    (token) => {
      const start = (): unknown => readConfiguration({FORESTOCK_API_TOKEN: token});
      expect(start).toThrow(/FORESTOCK_API_TOKEN: can be guessed.*openssl rand -base64 32/);
      expect(start).not.toThrow(token);
    },
  );

  it.each(['9f86d081884c7d65', 'zH3x+q0Xl2uQv9Yk4mR7tB1nW5sD8fGj', 'the-installation-token'])(
    'K3 takes a token that is random or long: %s',
    (token) => {
      expect(readConfiguration({FORESTOCK_API_TOKEN: token}).apiToken).toBe(token);
    },
  );

  it('K3 takes a provider on this machine without TLS', () => {
    const env = {OIDC_ISSUER: 'http://127.0.0.1:9000', OIDC_AUDIENCE: 'x', OIDC_ROLES: 'it=admin'};
    expect(readConfiguration(env)).toMatchObject({
      oidcIssuer: 'http://127.0.0.1:9000',
      oidcRoleClaim: 'roles',
    });
  });

  it('never shows a secret, not even in a message about it', () => {
    const configuration = readConfiguration({
      DATABASE_URL: 'postgres://forestock:hunter2@db.example/forestock',
      WEBHOOK_URL: 'https://erp.example/in',
      WEBHOOK_SECRET: SECRET,
    });
    const shown = JSON.stringify(redacted(configuration));
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain(SECRET);
    expect(shown).toContain('db.example');
    expect(() => readConfiguration({WEBHOOK_SECRET: 'tooshort'})).toThrow(/^(?!.*tooshort)/s);
  });

  it.each(configurationKeys)('describes %s in a sentence', (key) => {
    const {env, description} = keyInfo(key);
    expect(env).toMatch(/^[A-Z_]+$/);
    expect(description).toMatch(/^.{20,}\.$/);
  });
});
