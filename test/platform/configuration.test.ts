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

  const FAR = 'postgres://forestock:8c1f0e@db.example/forestock';
  it.each([
    [FAR, {}, /DATABASE_URL: db\.example .* by TLS; add \?sslmode=verify-full, or sslmode=disable/],
    ['postgres://forestock@db.example/forestock?sslmode=disable', {}, /without a password; put one into/],
    ['postgres://postgres:postgres@10.0.0.5/forestock?sslmode=require', {}, /login's own name; give it one/],
    [
      'postgres://forestock@localhost/forestock?host=db.example',
      {},
      /db\.example .* by TLS[^]*without a password/,
    ],
    ['postgres://forestock:8c1f0e@[2001:db8::5]/forestock', {}, /2001:db8::5 .* by TLS/],
    [FAR, {PGSSLMODE: ''}, /by TLS/],
  ])('K3 does not go to a far database in the clear or without a password: %s', (url, env, message) => {
    const start = (): unknown => readConfiguration({DATABASE_URL: url, ...env});
    expect(start).toThrow(message);
    expect(start).not.toThrow('8c1f0e');
  });

  it.each([
    [`${FAR}?sslmode=verify-full`, {}],
    [`${FAR}?sslmode=disable`, {}], // said on purpose
    [FAR, {PGSSLMODE: 'require'}],
    ['postgres://forestock@db.example/forestock?sslmode=require', {PGPASSWORD: '8c1f0e'}],
    ['postgres://forestock@db.example/forestock?sslmode=require', {PGPASSFILE: '/etc/forestock/pgpass'}],
    ['postgres://forestock@db.example/forestock?sslcert=/etc/forestock.crt&sslkey=/etc/forestock.key', {}],
    ['postgres://forestock@127.0.0.1:5432/forestock', {}],
    ['postgres://forestock@localhost/forestock', {}],
    ['postgres://forestock@[::1]/forestock', {}],
    ['postgres:///forestock?host=/var/run/postgresql', {}],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/forestock', {}],
  ])('K3 goes to a database of this machine, or to a far one as its address says: %s', (url, env) => {
    expect(readConfiguration({DATABASE_URL: url, ...env}).databaseUrl).toBe(url);
  });

  it.each([
    ['a word of guides', Buffer.from('change-me-change-me-change-me').toString('base64')],
    ['one byte over and over', `whsec_${Buffer.alloc(32, 7).toString('base64')}`],
    ['such a word as the text itself', 'whsec_ForestockForestockForestockForestock'],
  ])('K3 signs nothing for another machine with a secret that can be guessed: %s', (_what, secret) => {
    const start = (): unknown =>
      readConfiguration({WEBHOOK_URL: 'https://erp.example/in', WEBHOOK_SECRET: secret});
    expect(start).toThrow(
      /WEBHOOK_SECRET: can be guessed.*signs orders to erp\.example.*openssl rand -base64 32/,
    );
    expect(start).not.toThrow(secret);
    const here = {
      WEBHOOK_URL: 'http://127.0.0.1:9000/in',
      WEBHOOK_PRIVATE_HOSTS: '127.0.0.1',
      WEBHOOK_SECRET: secret,
    };
    expect(readConfiguration(here).webhookSecret).toBe(secret); // nobody else hears it
  });

  it('never shows a secret, not even in a message about it', () => {
    const configuration = readConfiguration({
      DATABASE_URL: 'postgres://forestock:hunter2@db.example/forestock?sslmode=verify-full',
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
