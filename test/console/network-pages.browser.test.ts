import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor, device} from '../chain/chain-world.ts';
import {START} from '../network/tiny-network.ts';
import {CHROMIUM, PHONE, inspectPage, launchBrowser, visit} from '../support/console-visit.ts';
import {openTestDatabase} from '../support/database.ts';
import {hungryNetwork} from './world.ts';

/** The whole service: a machine sends, fails and waits; the pages show stock, risk, signals, figures and what would have been. */
describe.skipIf(CHROMIUM === null)('the pages of the network, the key figures and the what-ifs', () => {
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
    const client = await device(engine);
    for (let hour = 1; hour <= 24; hour += 1) {
      const values = {vibration: 2 + (hour % 5)};
      const sent = {observedAt: toIso(epochMs(START + hour * HOUR_MS)), boot: 1, seq: hour, values};
      await engine.clock.advanceTo(epochMs(START + hour * HOUR_MS));
      await client.publishAsync('telemetry/v1/SITE-2/M-1', JSON.stringify(sent), {qos: 1});
    }
    const failed = {
      observedAt: toIso(epochMs(START + DAY_MS)),
      boot: 1,
      seq: 25,
      type: 'failure',
      component: 'compressor',
    };
    await client.publishAsync('event/v1/SITE-2/M-1', JSON.stringify(failed), {qos: 1});
    await client.endAsync();
    await engine.settle();
    await engine.clock.advanceTo(epochMs(START + 2 * DAY_MS));
    await engine.settle();
    const configuration = {
      ...(await configurationFor({ownerUrl: 'postgres://127.0.0.1/unused'})),
      httpPort: 0,
    };
    server = await serveApi(engine, {configuration, log: silentLogger()});
    const countedAt = toIso(engine.clock.now());
    const statements = [{part: {number: 'P-1'}, depotId: 'D-1', onHand: 2, countedAt}];
    const stated = await fetch(`${server.url}/api/v1/stock/statements`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({source: 'wms', statements}),
    });
    expect(stated.status).toBe(200);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await engine.stop();
  });

  it.each([
    ['network', '/network', 'P-1 at D-1'],
    ['depot', '/network/D-1', 'P-1 at D-1'],
    ['shelf', '/part-depots/P-1/D-1', 'Lead time’s demand covered'],
    ['equipment', '/equipment/M-1', 'vibration: last'],
    ['key-figures', '/kpis', 'Fill rate'],
    ['key-figure', '/kpis/customer-impact-hours', 'P-1 at D-1'],
    ['what-if', '/what-if', 'See the difference'],
  ])(
    '%s fits a desk and a phone, in light and dark, and axe finds nothing serious',
    async (name, path, shown) => {
      const wrong = await inspectPage(browser, server.url + path, {
        name,
        ready: (page) => page.getByText(shown).first().waitFor(),
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it('L2 leads from the map to the depot, to the shelf and to the machine behind it', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/network`);
    const mark = page.getByRole('link', {name: /^D-1, Amsterdam: risk €[\d,.]+, 1 open backorders$/});
    await mark.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {name: 'Depot D-1'}).waitFor();
    await page.getByRole('link', {name: 'P-1 at D-1'}).click();
    await page.getByRole('heading', {name: 'P-1 at D-1'}).waitFor();
    await page.getByText(/Net stock in pieces when nothing more is ordered: -1\.0 now/).waitFor();
    await page
      .getByRole('link', {name: 'M-1'})
      .or(page.getByRole('link', {name: 'M-2'}))
      .first()
      .click();
    await page.getByRole('heading', {name: /^Equipment M-/}).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('A6 a shelf shows what was stated of it, the ledger of that instant, what is reckoned with, and the case', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/part-depots/P-1/D-1`);
    const facts = page.locator('dl', {hasText: 'Stated by wms'});
    await facts.getByText('2 pieces,').waitFor();
    expect(await facts.innerText()).toMatch(/Ledger then\s+0 pieces\s+Reckoned with\s+0 pieces/);
    await facts.getByRole('link', {name: 'nobody’s yet'}).click();
    await page.getByText(/P-1@D-1, wms states 2/).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('an equipment shows its signals, its forecasts and what it waits for', async () => {
    const {page} = await visit(browser, `${server.url}/equipment/M-1`);
    await page.getByRole('img', {name: /^vibration: last [\d.]+ mm\/s/}).waitFor();
    await page.getByRole('row', {name: /P-1 at D-1 1/}).waitFor();
    await page.getByRole('img', {name: /^compressor is the likeliest to fail: [\d.]+ %/}).waitFor();
    await page.close();
  });

  it('L1 K8 a figure leads to its formula and to the very rows that were summed', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/kpis?days=7`);
    const row = page.getByRole('row', {name: /^Customer impact/});
    await row.getByText('24 h', {exact: true}).waitFor(); // failed a day ago
    await row.getByRole('link').click();
    await page
      .getByText('hours of the window in which a need was past its date with pieces missing')
      .waitFor();
    await page.getByText('customer-impact-hours 1').waitFor();
    await page
      .getByRole('table', {name: 'Rows of Customer impact, the newest first'})
      .getByRole('row', {name: /P-1 at D-1/})
      .waitFor();
    await page.getByLabel('By').selectOption('region');
    await page.getByText('none stated').first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('M2 tells which decisions another world changes, says what is wrong beside its field, and loses nothing typed', async () => {
    const {page} = await visit(browser, `${server.url}/what-if`, {size: PHONE});
    await page.getByLabel('More on hand (pieces)').fill('50');
    await page.getByLabel('Look back (days)').fill('soon');
    await page.getByRole('button', {name: 'See the difference'}).click();
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByLabel('Look back (days)').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('More on hand (pieces)').inputValue()).toBe('50');
    await page.getByLabel('Look back (days)').fill('28');
    await page.getByRole('button', {name: 'See the difference'}).click();
    await page.getByText(/^[1-9]\d* of \d+ decisions would be others$/).waitFor();
    await page
      .getByText(/for D-1, proposed/)
      .first()
      .waitFor();
    await page.getByLabel('Contract terms').selectOption('without flexibility');
    await page.getByLabel('Forecasts').selectOption('by age alone');
    await page.getByLabel('Failures times').fill('2');
    const asked = page.waitForRequest('**/api/v1/what-if');
    await page.getByRole('button', {name: 'See the difference'}).click();
    expect((await asked).postDataJSON()).toMatchObject({
      overlay: {
        stock: [{addOnHand: 50}],
        terms: [{type: 'flex', lapsed: true}],
        model: [{method: 'age'}, {method: 'hazard-scale', factor: 2}],
      },
    });
    await page.getByText(/^\d+ of \d+ decisions would be others$/).waitFor();
    await page.close();
  });

  it('what is not there is said, with a way on', async () => {
    const {page} = await visit(browser, `${server.url}/part-depots/P-9/D-1`);
    await page.getByText('P-9 has no shelf at D-1; look it up in /api/v1/part-depots').waitFor();
    await page.getByRole('button', {name: 'Try again'}).waitFor();
    await page.close();
  });
});
