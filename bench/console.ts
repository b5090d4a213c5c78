import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import type {Browser, Page} from 'playwright-core';
import {build} from 'vite';
import {serveApi} from '../cli/serve-api.ts';
import {epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {MasterData} from '../network/core/master-data.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {silentLogger} from '../platform/log.ts';
import {repositoryRoot} from '../platform/migrate.ts';
import {referenceNetwork} from '../simulator/network.ts';
import {CHROMIUM, launchBrowser, visit} from '../test/support/console-visit.ts';
import {freePort} from '../test/support/tcp-proxy.ts';
import type {Effort, Figure} from './measure.ts';
import {repeat} from './measure.ts';
import {quantile} from './quantiles.ts';
import {startService} from './service.ts';

/** The demo's own. */
const MACHINES = 240;
const SEED = 7;
/** A large network: so many parts at each of so many depots. */
const PARTS = 1000;
const DEPOTS = 100;
const KEY_PRESSES = 40;
const PAGES_READ = 20;

/**
 * The console as its users wait for it: what the browser loads, when Today can be read, how long a key takes, and the list of a network of
 * 100,000 part-depots.
 */
export async function consoleSpeed({runs}: Effort): Promise<readonly Figure[]> {
  if (CHROMIUM === null) throw new Error('no chromium on this machine; apt-get install chromium');
  await build({configFile: 'console/web/vite.config.ts', logLevel: 'error'});
  const now = epochMs(Date.now());
  const service = await startService(
    0,
    {},
    {
      log: silentLogger(),
      prepare: ({network}) =>
        network.importMaster(referenceNetwork({seed: SEED, startAt: now, machines: MACHINES}), 'bench'),
    },
  );
  const configuration = readConfiguration({HTTP_PORT: String(await freePort())}, {});
  const server = await serveApi(service.engine, {configuration, log: silentLogger()});
  const browser = await launchBrowser();
  try {
    const small = await repeat('console', runs, () => demoNetwork(browser, server.url), {
      scriptKb: {unit: 'kB compressed, all pages', goal: {below: 300}},
      firstPaintMs: {unit: 'ms to the first paint of Today', goal: {below: 1000}},
      todayMs: {unit: 'ms until Today’s rows can be read', goal: {below: 1000}},
      keyMs: {unit: 'ms from a key to what it shows, p95', goal: {below: 100}},
    });
    await service.engine.network.importMaster(largeNetwork(now), 'bench');
    await service.engine.settle();
    await service.engine.database.pool('forestock_replenish').query(STANDINGS, [toIso(now)]);
    const large = await repeat('console, 100,000 part-depots', runs, () => largeList(browser, server.url), {
      listMs: {unit: 'ms until the list can be read', goal: {below: 1000}},
      pageMs: {unit: 'ms for a further page, p95', goal: {below: 250}},
    });
    return [...small, ...large];
  } finally {
    await browser.close();
    await server.stop();
    await service.stop();
  }
}

async function demoNetwork(browser: Browser, url: string): Promise<Readonly<Record<string, number>>> {
  const {page} = await visit(browser, url); // a browser that has nothing of it yet
  await page.locator('td [id^="work-"]').first().waitFor();
  const todayMs = await sinceOpened(page);
  const firstPaintMs = await page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
  );
  const keyMs = await keys(page);
  await page.close();
  return {scriptKb: await scriptKb(), firstPaintMs, todayMs, keyMs};
}

/** By the page's own clock, from the request of the page on: to make a browser's window is not the console's work. */
async function sinceOpened(page: Page): Promise<number> {
  return page.evaluate<number>('performance.now()');
}

/** From the press of a key to the frame that shows what it did. Example: 12 presses of j, each to the next row. */
async function keys(page: Page): Promise<number> {
  await page.evaluate(`(() => {
    window.took = [];
    addEventListener('keydown', ({timeStamp}) =>
      requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - timeStamp))), {capture: true});
  })()`);
  for (let press = 0; press < KEY_PRESSES; press += 1) {
    await page.keyboard.press(press % 4 === 3 ? 'x' : 'j');
    await page.waitForTimeout(30);
  }
  const took = await page.evaluate<number[]>('window.took');
  if (took.length < KEY_PRESSES) throw new Error(`${took.length} of ${KEY_PRESSES} keys were answered`);
  return quantile(took, 0.95);
}

async function largeList(browser: Browser, url: string): Promise<Readonly<Record<string, number>>> {
  const {page} = await visit(browser, `${url}/network`);
  const rows = page.getByRole('link', {name: /^LARGE-/});
  await rows.first().waitFor();
  const listMs = await sinceOpened(page);
  const took: number[] = [];
  for (let read = 0; read < PAGES_READ; read += 1) {
    const before = await rows.count();
    const asked = performance.now();
    await page.getByRole('button', {name: 'Show more'}).click();
    await rows.nth(before).waitFor();
    took.push(performance.now() - asked);
  }
  await page.close();
  return {listMs, pageMs: quantile(took, 0.95)};
}

/** Every script of the console as it goes over the wire, in thousands of bytes: more than any one page loads. */
async function scriptKb(): Promise<number> {
  const folder = path.join(repositoryRoot(), 'dist', 'console', 'web', 'assets');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const sizes = await Promise.all(
    files.map(async (name) => gzipSync(await readFile(path.join(folder, name))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

function largeNetwork(startAt: EpochMs): MasterData {
  const {site, depot} = referenceNetwork({seed: SEED, startAt, machines: 1});
  const every = <T>(count: number, make: (id: string, nth: number) => T): T[] =>
    Array.from({length: count}, (_, nth) => make(`LARGE-${String(nth + 1).padStart(4, '0')}`, nth));
  return {
    part: every(PARTS, (id, nth) => ({
      part_id: id,
      group_id: id,
      name: `Part ${nth + 1}`,
      unit_cost_minor: 10_000,
      currency: 'EUR',
    })),
    site: every(DEPOTS, (id, nth) => ({
      ...site![0]!,
      ...{site_id: id, name: `Depot ${nth + 1}`, region: `Region ${nth % 10}`},
      ...{lat: 40 + (nth % 15), lon: Math.floor(nth / 4)},
    })),
    depot: every(DEPOTS, (id) => ({...depot![0]!, depot_id: id, site_id: id})),
  };
}

/** How each of those shelves stood when it was last looked at, as a look would have left it. Risks spread over 0 to 1,000,000.00. */
const STANDINGS = `
  INSERT INTO replenish.shelf_standing (part_id, depot_id, party_id, as_of, on_hand, on_order, owed, position, target, risk_minor, currency, horizon_h, empty_at)
  SELECT part_id, depot_id, party_id, $1, n % 5, n % 3, 0, n % 8, 6, (n * 7919) % 100000000, 'EUR', 168, NULL
    FROM (SELECT p.part_id, d.depot_id, d.party_id, row_number() OVER () AS n FROM network.part p CROSS JOIN network.depot d
           WHERE p.part_id LIKE 'LARGE-%' AND d.depot_id LIKE 'LARGE-%') shelf`;
