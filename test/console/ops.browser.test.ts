import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor, device, openChain, sendAll, tellStory} from '../chain/chain-world.ts';
import {modelFolder, rivalChiller, shippedChiller} from '../predict/model-folder.ts';
import {CHROMIUM, inspectPage, launchBrowser, visit} from '../support/console-visit.ts';
import {openTestDatabase} from '../support/database.ts';

/** Six machines, two of them chillers, two days of their telemetry, and a second chiller model in shadow. */
const story = tellStory({seed: 5, machines: 6, days: 2});

/** Chromium on the whole service, as ops see it. */
describe.skipIf(CHROMIUM === null)('the ops pages', () => {
  let browser: Browser;
  let engine: Engine;
  let server: ConsoleServer;
  let champion: string;
  let rival: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    const folder = await modelFolder();
    champion = (await shippedChiller(folder)).modelVersionId;
    rival = (await rivalChiller(folder)).modelVersionId;
    const database = await openTestDatabase();
    const env = {FORESTOCK_MODELS: folder};
    engine = await openChain(database, story, {}, env);
    const client = await device(engine);
    await sendAll(client, story.emissions);
    await client.endAsync();
    await engine.settle();
    const configuration = {...(await configurationFor(database, env)), httpPort: 0};
    server = await serveApi(engine, {configuration, log: silentLogger()});
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await engine.stop();
  });

  it('B4 ops see what a shadow must show, promote it with a word why, and roll it back', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/models`);
    await page.getByRole('link', {name: rival}).click();
    const gate = page.getByRole('region', {name: 'Gate'});
    await gate.getByText('Passes all').waitFor();
    await gate.getByText('It cannot be judged in service yet').waitFor();
    await gate.getByRole('button', {name: 'Promote …'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Promote', exact: true}).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Why').fill('its card does for a rehearsal');
    await dialog.getByRole('button', {name: 'Promote', exact: true}).click();
    await page.getByText(`${rival} is now champion of chiller`).first().waitFor();
    await page.getByText('on its card alone: its card does for a rehearsal').first().waitFor();

    await page.getByRole('button', {name: 'Roll back …'}).click();
    await dialog.getByLabel('Why').fill('the rehearsal is over');
    await dialog.getByRole('button', {name: 'Roll back', exact: true}).click();
    await page.getByText(`${champion} is now champion of chiller`).first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each([
    ['models', '/models', 'chiller-'],
    ['model', '', 'a right model'],
  ])(
    '%s: fits a desk and a phone, in light and dark, and axe finds nothing serious',
    async (name, path, text) => {
      const at = path === '' ? `/models/${champion}` : path;
      const wrong = await inspectPage(browser, server.url + at, {
        name,
        ready: (page) => page.getByText(text).first().waitFor(),
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});
