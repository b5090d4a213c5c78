import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {toIso} from '../../domain/time.ts';
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

  it('B5 a change is tried on what is on record before it can be activated; what is wrong stands beside its field', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/tuning/predict.tuning`);
    const field = page.getByLabel('Material (parts per million)', {exact: true});
    await field.fill('-3');
    expect(await page.getByRole('button', {name: 'Activate'}).isDisabled()).toBe(true);
    await page.getByRole('button', {name: 'Dry run'}).click();
    await page.locator('.field.wrong', {has: field}).waitFor();
    expect(await field.inputValue()).toBe('-3');
    await field.fill('1');
    await page.getByRole('button', {name: 'Dry run'}).click();
    await page.getByText('were told to replenish and').waitFor();
    await page.getByRole('button', {name: 'Activate'}).click();
    await page.getByText('predict.tuning is changed').waitFor();
    await page.getByText('{"materialPpm":1}').waitFor();
    expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
    await page.close();
  });

  it('A1 a dead letter is mended and sent again, and its reading is stored', async () => {
    const {topic, payload} = story.emissions.find((one) => one.topic.startsWith('telemetry/v1/'))!;
    const said = JSON.parse(payload) as {values: Record<string, number>};
    const mended = {...said, observedAt: toIso(story.endsAt), boot: 99, seq: 1};
    const [signal] = Object.keys(said.values);
    const broken = {...mended, values: {[signal!]: 'high'}};
    const client = await device(engine);
    await client.publishAsync(topic, JSON.stringify(broken), {qos: 1});
    await client.endAsync();
    const {page} = await visit(browser, `${server.url}/health`);
    const letters = page.getByRole('region', {name: 'Dead letters'});
    await letters.getByRole('button', {name: 'Mend …'}).first().click();
    const dialog = page.getByRole('dialog');
    const text = dialog.getByLabel('As sent; correct it here');
    await dialog.getByRole('button', {name: 'Send again as it was'}).click();
    await dialog.getByRole('alert').waitFor(); // as wrong as before, and still there
    await text.fill(JSON.stringify(mended));
    await dialog.getByRole('button', {name: 'Send corrected'}).click();
    await page.getByText('1 message taken').waitFor();
    await letters.getByText('None. A message').waitFor();
    await engine.settle();
    const {rows} = await engine.database
      .pool('forestock_api')
      .query('SELECT 1 FROM ingest.reading WHERE boot = 99 AND seq = 1');
    expect(rows).toHaveLength(1);
    await page.close();
  });

  it('A1 a profile is tried on a message while it is typed, then saved, and the next message is read by it', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/onboarding`);
    const {topic} = story.emissions.find((one) => one.topic.startsWith('telemetry/v1/'))!;
    const [, , site, equipmentId] = topic.split('/');
    const {model_id: modelId} = story.network['equipment']!.find(
      (one) => one['equipment_id'] === equipmentId,
    )!;
    const {equipment_class_id: classId} = story.network['equipment_model']!.find(
      (one) => one['model_id'] === modelId,
    )!;
    const {signal, min_value: low} = story.network['class_signal']!.find(
      (one) => one['equipment_class_id'] === classId,
    )!;
    const seconds = Math.floor(story.endsAt / 1000);
    await page.getByLabel('Class', {exact: true}).selectOption(String(classId));
    await page.getByLabel('Topic', {exact: true}).fill(`acme/${site!}/${equipmentId!}`);
    await page.getByLabel('Payload').fill(JSON.stringify({t: seconds, d: {x: low}}));
    await page.getByLabel('Topic template').fill('acme/{site}/{equipmentId}');
    await page.getByText('wrong-shape: expected an object of signals').waitFor();
    await page.getByLabel('Values').fill('d');
    await page.getByText('bad-time').waitFor();
    await page.getByRole('textbox', {name: 'Time'}).fill('t');
    await page.getByLabel('Time is written as').selectOption('epoch-s');
    await page.getByText('unknown-signal').waitFor();
    await page.getByLabel('Names and units').fill(`x = ${String(signal)}`);
    const result = page.getByRole('region', {name: 'What comes of it'});
    await result.getByText(`${String(signal)} ${String(low)}`).waitFor();
    await page.getByLabel('Name of the profile').fill('acme');
    await page.getByRole('button', {name: 'Save the profile'}).click();
    await page.getByText('Profile acme is in force').waitFor();

    await engine.ingest.watch();
    const client = await device(engine);
    await client.publishAsync(
      `acme/${site!}/${equipmentId!}`,
      JSON.stringify({boot: 98, seq: 1, t: seconds, d: {x: low}}),
      {qos: 1},
    );
    await client.endAsync();
    await engine.settle();
    const {rows} = await engine.database
      .pool('forestock_api')
      .query('SELECT 1 FROM ingest.reading WHERE boot = 98 AND seq = 1');
    expect(rows).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each([
    ['models', '/models', 'chiller-'],
    ['model', '', 'a right model'],
    ['tuning', '/tuning', 'predict.gate'],
    ['tunable', '/tuning/replenish.policy', 'marginShare'],
    ['onboarding', '/onboarding', 'How to read it'],
    ['health', '/health', 'Effects that could not leave'],
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
