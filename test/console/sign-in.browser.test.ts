import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM, inspectPage, launchBrowser, visit} from '../support/console-visit.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const PASSWORD = 'nineteen blue herons';

describe.skipIf(CHROMIUM === null)('signing in', () => {
  let browser: Browser;
  let world: ConsoleWorld;
  beforeAll(async () => {
    browser = await launchBrowser();
    world = await openConsoleWorld({mode: 'propose', apiToken: 'the-installation-token'});
    await world.post('/api/v1/users/planner-1', {role: 'planner', password: PASSWORD}, OWNER);
    await world.decide();
  });
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  it('fits a desk and a phone, and axe finds nothing serious', async () => {
    const wrong = await inspectPage(browser, world.url, {
      name: 'sign-in',
      ready: (page) => page.getByLabel('Password').waitFor(),
    });
    expect(wrong).toEqual([]);
  });

  it('K3 asks who it is, keeps what was typed when it is wrong, and shows nothing before it is right', async () => {
    const {page} = await visit(browser, `${world.url}/`);
    await page.getByLabel('Name').fill('planner-1');
    await page.getByLabel('Password').fill('something else entirely');
    await page.getByRole('button', {name: 'Sign in'}).click();
    await page.getByText('the name or the password is wrong').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('planner-1');
    expect(await page.getByText('P-1 at D-1').count()).toBe(0);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('planner-1 · planner').waitFor();
    await page.getByText('live', {exact: true}).waitFor();
    expect(await page.evaluate('document.cookie')).toBe(''); // no script reads the session
    await page.reload();
    await page.getByText('planner-1 · planner').waitFor();
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByLabel('Password').waitFor();
    await page.close();
  });
});
