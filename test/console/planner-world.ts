import type {Browser, Page} from 'playwright-core';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import {epochMs, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor, device} from '../chain/chain-world.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {launchBrowser} from '../support/console-visit.ts';
import {openTestDatabase} from '../support/database.ts';
import {twoDepots} from '../support/two-depots.ts';
import {startWebhookReceiver} from '../support/webhook-receiver.ts';
import type {Received} from '../support/webhook-receiver.ts';

/** A name that a page must show and never run. */
export const NASTY = `<img src=x onerror="document.title='taken over'">`;

const PARTS = ['P-1', 'P-4', 'P-5'];

/** The tiny network with three parts whose regional shelf is busy and empty: each wants to be ordered at once. */
function plannerNetwork(): MasterData {
  const tiny = tinyNetwork();
  const supply = twoDepots(
    'SITE-2',
    PARTS.map((partId) => ({partId, atRegional: 0, atCentral: 10})),
  );
  const more = [
    {part_id: 'P-4', group_id: 'G-4', name: 'Valve', unit_cost_minor: 20_000, currency: 'EUR'},
    {part_id: 'P-5', group_id: 'G-5', name: NASTY, unit_cost_minor: 10_000, currency: 'EUR'},
  ];
  return {
    ...tiny,
    ...supply,
    part: [...tiny['part']!, ...more],
    class_signal: tiny['class_signal']!.map((row) => ({...row, normal_low: 0, normal_high: 4})),
    part_depot: supply['part_depot']!.map((row) =>
      row['depot_id'] === 'D-1' ? {...row, background_per_year: 60} : row,
    ),
    opening_stock: supply['opening_stock']!.filter((row) => row['depot_id'] === 'D-C'),
  };
}

export interface PlannerWorld {
  readonly browser: Browser;
  readonly url: string;
  readonly engine: Engine;
  /** Orders that the webhook receiver got. */
  orders(type?: string): readonly Received[];
  /** A machine says by MQTT that its compressor has failed. */
  fails(equipmentId: string): Promise<void>;
  /** World time goes on, and the service does what it brings. */
  pass(ms: number): Promise<void>;
  /** What the API answers. */
  get<T>(path: string): Promise<T>;
  /** Sends it, and lets the service work. */
  post(path: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

/** The whole service, a browser and a receiver of orders: machines speak MQTT on one side, a planner looks at pages on the other. */
export async function openPlannerWorld({
  running = false,
}: {
  /** Its stages work by themselves, as in production; otherwise when a step of a test is done. */
  readonly running?: boolean;
} = {}): Promise<PlannerWorld> {
  const browser = await launchBrowser();
  const receiver = await startWebhookReceiver();
  const target = {
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: receiver.secret,
    WEBHOOK_PRIVATE_HOSTS: '127.0.0.1',
  };
  const engine = await openEngine({
    configuration: {...(await configurationFor(await openTestDatabase(), target)), mode: 'propose'},
    clock: {mode: 'stepped', worldAt: START},
    log: silentLogger(),
    autoIssue: true,
    prepare: ({network}) => network.importMaster(plannerNetwork(), 'test'),
  });
  await sayVibration(engine, 'M-1');
  await engine.settle();
  const configuration = {
    ...(await configurationFor({ownerUrl: 'postgres://127.0.0.1/unused'}, target)),
    httpPort: 0,
  };
  const server = await serveApi(engine, {configuration, log: silentLogger()});
  if (running) engine.run();
  let seq = 0;
  return {
    browser,
    url: server.url,
    engine,
    orders: (type = 'order.released') => receiver.received.filter(({body}) => body['type'] === type),
    async fails(equipmentId) {
      const client = await device(engine);
      seq += 1;
      const observedAt = toIso(epochMs(engine.clock.now()));
      const failed = {observedAt, boot: 1, seq, type: 'failure', component: 'compressor'};
      await client.publishAsync(`event/v1/SITE-2/${equipmentId}`, JSON.stringify(failed), {qos: 1});
      await client.endAsync();
      if (!running) await engine.settle();
    },
    async pass(ms) {
      await engine.clock.advanceTo(epochMs(engine.clock.now() + ms));
      await engine.settle();
    },
    async get(path) {
      const answer = await fetch(server.url + path);
      return (await answer.json()) as never;
    },
    async post(path, body) {
      const headers = {'content-type': 'application/json'};
      const answer = await fetch(server.url + path, {method: 'POST', headers, body: JSON.stringify(body)});
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      await engine.settle();
    },
    async stop() {
      await browser.close();
      await server.stop();
      await engine.stop();
      await receiver.close();
    },
  };
}

/** Eight hours of readings until now, from calm to shaking: 2 to 9.8 mm/s. */
async function sayVibration(engine: Engine, equipmentId: string): Promise<void> {
  const client = await device(engine);
  for (let seq = 1; seq <= 40; seq += 1) {
    const observedAt = toIso(epochMs(START - (40 - seq) * 12 * 60_000));
    const reading = {observedAt, boot: 0, seq, values: {vibration: 2 + seq * 0.195}};
    await client.publishAsync(`telemetry/v1/SITE-2/${equipmentId}`, JSON.stringify(reading), {qos: 1});
  }
  await client.endAsync();
}

/** The row of the page's table that says this. */
export function rowWith(page: Page, text: string): ReturnType<Page['locator']> {
  return page.locator('tbody tr').filter({hasText: text}).first();
}
