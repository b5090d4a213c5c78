import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM, inspectPage, launchBrowser, visit} from '../support/console-visit.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const PASSWORD = 'nineteen blue herons';

describe.skipIf(CHROMIUM === null)('signing in', () => {
  let browser: Browser;
  let world: ConsoleWorld;
  beforeAll(async () => {
    browser = await launchBrowser();
    world = await openConsoleWorld({mode: 'propose'});
    await world.decide();
    const added = await world.post('/api/v1/users/planner-1', {role: 'planner', password: PASSWORD});
    expect(added.status).toBe(200);
  });
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  it('K3 is a page that fits a desk and a phone, in light and dark, and axe finds nothing serious', async () => {
    const wrong = await inspectPage(browser, world.url, {
      name: 'sign-in',
      ready: (page) => page.getByRole('button', {name: 'Sign in'}).waitFor(),
    });
    expect(wrong).toEqual([]);
  });

  it('K3 says beside the field what is wrong and keeps what was typed, shows the pages, and signs out again', async () => {
    const {page} = await visit(browser, world.url);
    await page.getByLabel('Name').fill('planner-1');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', {name: 'Sign in'}).click();
    await page.getByText('the name or the password is wrong').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('planner-1');
    expect(await page.getByText('P-1 at D-1: order').count()).toBe(0);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('P-1 at D-1: order').first().waitFor();
    await page.getByText('planner-1 · planner').waitFor();
    await page.getByText('live', {exact: true}).waitFor(); // the stream comes with the cookie
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await page.getByText('planner-1 · planner').waitFor();
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByLabel('Password').waitFor();
    expect(await page.getByText('P-1 at D-1: order').count()).toBe(0);
    await page.close();
  });
});
