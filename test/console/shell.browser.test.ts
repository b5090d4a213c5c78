import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {repositoryRoot} from '../../platform/migrate.ts';
import {configurationFor, device} from '../chain/chain-world.ts';
import {START} from '../network/tiny-network.ts';
import {CHROMIUM, PHONE, inspectPage, launchBrowser, visit} from '../support/console-visit.ts';
import {openTestDatabase} from '../support/database.ts';
import {hungryNetwork} from './world.ts';

/** Chromium on the whole service: machines speak MQTT on one side, the console shows on the other what came of it. */
describe.skipIf(CHROMIUM === null)('the console', () => {
  let browser: Browser;
  let engine: Engine;
  let server: ConsoleServer;

  beforeAll(async () => {
    browser = await launchBrowser();
    engine = await openEngine({
      configuration: {...(await configurationFor(await openTestDatabase())), mode: 'propose'},
      clock: {mode: 'stepped', worldAt: START},
      log: silentLogger(),
      autoIssue: true,
      prepare: ({network}) => network.importMaster(hungryNetwork(), 'test'),
    });
    await engine.settle(); // the busy, empty depot wants to order
    const configuration = {
      ...(await configurationFor({ownerUrl: 'postgres://127.0.0.1/unused'})),
      httpPort: 0,
    };
    server = await serveApi(engine, {configuration, log: silentLogger()});
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await engine.stop();
  });

  it('fits a desk and a phone, in light and dark, and axe finds nothing serious', async () => {
    const wrong = await inspectPage(browser, server.url, {
      name: 'today',
      ready: (page) => page.getByText('P-1 at D-1: order').first().waitFor(),
    });
    expect(wrong).toEqual([]);
  });

  it('moves by itself: a machine that fails becomes an alert in money, and the clock goes on', async () => {
    const {page, complaints} = await visit(browser, server.url);
    await page.getByText('live', {exact: true}).waitFor();
    await page.locator('time[title="2026-01-05 00:00 UTC"]').first().waitFor();
    const client = await device(engine);
    const failed = {observedAt: toIso(START), boot: 1, seq: 1, type: 'failure', component: 'compressor'};
    await client.publishAsync('event/v1/SITE-2/M-1', JSON.stringify(failed), {qos: 1});
    await client.endAsync();
    await engine.clock.advanceTo(epochMs(START + DAY_MS));
    await engine.settle();
    await page.getByText('D-1 owes 1 of P-1; expected cost').first().waitFor();
    await page.locator('header time[title="2026-01-06 00:00 UTC"]').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('has its menu behind a button on a phone, and all of it by keyboard', async () => {
    const {page} = await visit(browser, server.url, {size: PHONE});
    const menu = page.getByRole('button', {name: 'Menu'});
    await menu.waitFor();
    expect(await page.getByRole('link', {name: 'Today'}).isVisible()).toBe(false);
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', {name: 'Today'}).waitFor();
    await page.close();
  });

  it('shows all pages of the navigation in one line on a desk, each group under its name', async () => {
    const {page} = await visit(browser, server.url);
    await page.getByText('live', {exact: true}).waitFor();
    const links = await page.locator('nav[aria-label="Pages"] a').all();
    const tops = await Promise.all(links.map(async (link) => (await link.boundingBox())!.y));
    expect(tops.length).toBeGreaterThan(10);
    expect(new Set(tops).size).toBe(1);
    for (const group of ['Planning', 'Operations'])
      expect(await page.locator('nav[aria-label="Pages"]').getByText(group, {exact: true}).count()).toBe(1);
    await page.close();
  });

  it('answers an address that is no page with a page, and an unknown route of the API with its error', async () => {
    const {page} = await visit(browser, `${server.url}/no/such/page`);
    await page.getByRole('heading', {name: 'There is no such page'}).waitFor();
    await page.close();
    const answer = await fetch(`${server.url}/api/v1/no-such-route`, {headers: {accept: 'text/html'}});
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({error: 'unknown-route'});
  });

  it('weighs little: a first visit of Today loads less than 100 kB of compressed JavaScript, and all pages together have less than 300 kB', async () => {
    const {page} = await visit(browser, server.url);
    await page.getByRole('heading', {level: 1, name: 'Today'}).waitFor();
    await page.getByRole('heading', {level: 2, name: 'Lately decided'}).waitFor();
    const loaded = await page.evaluate<{readonly name: string; readonly encodedBodySize: number}[]>(
      `performance.getEntriesByType('resource').filter(({name}) => name.endsWith('.js')).map(({name, encodedBodySize}) => ({name, encodedBodySize}))`,
    );
    await page.close();
    expect(loaded.some(({name}) => /\/assets\/today-/.test(name))).toBe(true); // else nothing was measured
    const first = loaded.reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0);
    const folder = path.join(repositoryRoot(), 'dist', 'console', 'web', 'assets');
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const all = files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(folder, name))).length, 0);
    expect(first).toBeGreaterThan(10_000);
    expect(first).toBeLessThan(100_000);
    expect(all).toBeGreaterThan(first);
    expect(all).toBeLessThan(300_000);
  });

  it('serves its pages with a policy that runs no foreign script, and its assets compressed', async () => {
    const index = await fetch(server.url, {headers: {accept: 'text/html'}});
    expect(index.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(index.headers.get('cache-control')).toBe('no-cache');
    const [script] = /\/assets\/[^"]+\.js/.exec(await index.text())!;
    const asset = await fetch(server.url + script, {headers: {'accept-encoding': 'gzip'}});
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });
});
