import {chromium} from 'playwright-core';
import type {Browser, Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor, device} from '../chain/chain-world.ts';
import {START} from '../network/tiny-network.ts';
import {openTestDatabase} from '../support/database.ts';
import {findService} from '../support/services.ts';
import {hungryNetwork} from './world.ts';

const CHROMIUM = findService('chromium');
/** A phone of the smallest width that is still sold. */
const PHONE = {width: 360, height: 740};
const TOKEN = 'a-token-for-the-browser';

/** The page as a planner's browser has it, with whatever the browser complained about. */
interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** Chromium on the whole service: machines speak MQTT on one side, the page shows on the other what came of it. */
describe.skipIf(CHROMIUM === null)('the status page', () => {
  let browser: Browser;
  let engine: Engine;
  const servers: ConsoleServer[] = [];
  const visits: Visit[] = [];

  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({executablePath: CHROMIUM!, args});
    engine = await openEngine({
      configuration: {...(await configurationFor(await openTestDatabase())), mode: 'propose'},
      clock: {mode: 'stepped', worldAt: START},
      log: silentLogger(),
      autoIssue: true,
      prepare: ({network}) => network.importMaster(hungryNetwork(), 'test'),
    });
    await engine.settle(); // the busy, empty depot wants to order
  });
  afterEach(async () => {
    for (const {page} of visits.splice(0)) await page.close();
    for (const server of servers.splice(0)) await server.stop();
  });
  afterAll(async () => {
    await browser.close();
    await engine.stop();
  });

  async function open({apiToken}: {apiToken?: string} = {}): Promise<Visit> {
    const configuration = {...(await configurationFor({ownerUrl: 'postgres://unused'})), httpPort: 0};
    const server = await serveApi(engine, {
      configuration: apiToken === undefined ? configuration : {...configuration, apiToken},
      log: silentLogger(),
    });
    servers.push(server);
    const page = await browser.newPage({viewport: PHONE});
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() !== 'info' && message.type() !== 'log') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url);
    visits.push({page, complaints});
    return {page, complaints};
  }

  it('shows what is proposed, with its reasons and the way to its trace', async () => {
    const {page, complaints} = await open();
    const order = page.locator('#decisions > li.acts', {hasText: 'P-1 at D-1: order'});
    await order.waitFor();
    expect(await order.locator('.quiet').textContent()).toContain('proposed');
    expect(await order.locator('.reasons li').count()).toBeGreaterThan(0);
    const trace = await page.request.get(
      new URL((await order.locator('a').getAttribute('href'))!, page.url()).href,
    );
    expect(trace.status()).toBe(200);
    expect(complaints).toEqual([]);
  });

  it('moves by itself: a machine that fails becomes an alert in money, and the clock goes on', async () => {
    const {page, complaints} = await open();
    await page.getByText('live', {exact: true}).waitFor();
    await page.getByText('2026-01-05 00:00 UTC', {exact: true}).waitFor();
    await page.getByText('2 components forecast, 0 by a trained model').waitFor();
    expect(await page.locator('#alerts > li').allTextContents()).not.toContainEqual(
      expect.stringContaining('owes'),
    );
    const client = await device(engine);
    const failed = {observedAt: toIso(START), boot: 1, seq: 1, type: 'failure', component: 'compressor'};
    await client.publishAsync('event/v1/SITE-2/M-1', JSON.stringify(failed), {qos: 1});
    await client.endAsync();
    await engine.clock.advanceTo(epochMs(START + DAY_MS));
    await engine.settle();
    await page.locator('#alerts > li', {hasText: 'D-1 owes 1 of P-1; expected cost'}).waitFor();
    await page.getByText('2026-01-06 00:00 UTC', {exact: true}).waitFor();
    expect(complaints).toEqual([]);
  });

  it('fits a phone: nothing is cut off or scrolls sideways', async () => {
    const {page} = await open();
    await page.locator('#decisions > li').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  });

  it('asks for the token where one is set, and shows nothing before it is right', async () => {
    const {page} = await open({apiToken: TOKEN});
    const field = page.getByLabel('API token');
    await field.waitFor();
    await field.fill('something else entirely');
    await page.getByRole('button', {name: 'Show'}).click();
    await page.getByText('not connected, trying again').waitFor();
    expect(await page.locator('#decisions > li').count()).toBe(0);
    await field.fill(TOKEN);
    await page.getByRole('button', {name: 'Show'}).click();
    await page.locator('#decisions > li').first().waitFor();
    expect(await field.isVisible()).toBe(false);
  });
});
