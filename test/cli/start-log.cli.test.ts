import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {freePort} from '../support/tcp-proxy.ts';
import {runCli} from './run-cli.ts';

const PASSWORD = 'hunter2';

describe('the log of a start', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'forestock-start-log-'));
  });
  afterAll(() => rmSync(dataDir, {recursive: true, force: true}));

  it.each(['start', 'migrate', 'doctor'])(
    'forestock %s names hosts, ports and database, and never a password',
    async (command) => {
      const port = await freePort(); // where nothing listens: each of the three fails, and says so
      const {code, stdout, stderr} = await runCli([command], {
        LOG_LEVEL: 'trace',
        FORESTOCK_DATA_DIR: dataDir,
        DATABASE_URL: `postgres://ada:${PASSWORD}@127.0.0.1:${port}/plant7`,
        NATS_URL: `nats://ada:${PASSWORD}@127.0.0.1:${port}`,
        MQTT_URL: `mqtt://ada:${PASSWORD}@127.0.0.1:${port}`,
        WEBHOOK_URL: `https://ada:${PASSWORD}@erp.example/in?key=${PASSWORD}`,
        WEBHOOK_SECRET: `whsec_${Buffer.from(PASSWORD.repeat(4)).toString('base64')}`,
        FORESTOCK_API_TOKEN: `${PASSWORD}-${PASSWORD}-${PASSWORD}`,
      });
      const said = `${stdout}${stderr}`;
      expect(code).toBe(1);
      expect(said).toContain(`127.0.0.1:${port}`);
      expect(said).not.toContain(PASSWORD);
      expect(said).not.toContain(Buffer.from(PASSWORD.repeat(4)).toString('base64'));
      if (command !== 'start') return;
      const starting = stderr.split('\n').find((line) => line.includes('"msg":"starting"'));
      expect(JSON.parse(starting!)).toMatchObject({
        configuration: {
          databaseUrl: `postgres://127.0.0.1:${port}/plant7`,
          natsUrl: `nats://127.0.0.1:${port}`,
          mqttUrl: `mqtt://127.0.0.1:${port}`,
          webhookUrl: 'https://erp.example/[secret]',
          webhookSecret: '[secret]',
          apiToken: '[secret]',
        },
      });
    },
  );
});
