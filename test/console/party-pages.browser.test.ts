/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {ROUTES} from '../../console/api/routes.ts';
import {CHROMIUM, inspectPage, launchBrowser} from '../support/console-visit.ts';
import {namesOf, orderOf, twoSides} from './two-sides.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const PASSWORD = 'nineteen blue herons';
const MADE_FIRST = 'admin-1';

const USERS = [
  [MADE_FIRST, 'admin', null],
  ['supplier-a', 'supplier', 'SUP-A'],
  ['supplier-b', 'supplier', 'SUP-B'],
  ['technician-a', 'technician', 'SVC-A'],
  ['customer-a', 'customer', 'CUS-A'],
] as const;

/** What each may open, in the order of its navigation; the first is where it starts. */
const PAGES = {
  'supplier-a': ['My orders', 'My forecasts', 'My scorecard'],
  'technician-a': ['My jobs'],
  'customer-a': ['My backorders'],
} as const;

describe.skipIf(CHROMIUM === null)('pages of partners', () => {
  let browser: Browser;
  let world: ConsoleWorld;
  beforeAll(async () => {
    browser = await launchBrowser();
    world = await openConsoleWorld({mode: 'shadow', data: twoSides()});
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.demand_forecast (part_id, depot_id, as_of, party_id, per_year, vmr, prior_kind, prior_per_year, credibility, history_months, pieces, hidden_share)
       SELECT part_id, 'D-C', '2026-01-04Z', 'OWN', 12, 1, 'master-data', 12, 0, 0, 0, 0 FROM (VALUES ('PART-A'), ('PART-B')) f(part_id)`,
    );
    let cookie = '';
    for (const [name, role, partyId] of USERS) {
      const origin = cookie === '' ? {} : {origin: world.url, cookie};
      const standing = {role, ...(partyId === null ? {} : {partyId}), password: PASSWORD};
      expect([name, (await world.post(`/api/v1/users/${name}`, standing, origin)).status]).toEqual([
        name,
        200,
      ]);
      if (name === MADE_FIRST) cookie = await cookieOf(name); // from the first user on everybody signs in
    }
  });
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  const cookieOf = async (name: string): Promise<string> => {
    const answer = await fetch(`${world.url}/api/v1/session`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({name, password: PASSWORD}),
    });
    return answer.headers.get('set-cookie')!.split(';')[0]!;
  };

  /** A browser of its own, signed in by the form; `heard` gathers the body of every answer. */
  const signIn = async (name: string): Promise<{page: Page; heard: string[]}> => {
    const context = await browser.newContext({viewport: {width: 390, height: 844}, locale: 'en-GB'});
    const page = await context.newPage();
    const heard: string[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/api/'))
        void response.text().then(
          (text) => heard.push(text),
          () => undefined,
        );
    });
    await page.goto(world.url);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('button', {name: 'Sign out'}).waitFor({state: 'attached'});
    return {page, heard};
  };

  const navigation = (page: Page): Promise<string[]> =>
    page.locator('nav[aria-label="Pages"] a').allTextContents();
  const open = async (page: Page, title: string): Promise<void> => {
    await page.getByRole('button', {name: 'Menu'}).click();
    await page.locator('nav[aria-label="Pages"]').getByRole('link', {name: title}).click();
    await page.getByRole('heading', {level: 1, name: title}).waitFor();
  };

  it('K3 each role starts on a page of its own, and the navigation leads nowhere else', async () => {
    for (const [name, titles] of Object.entries(PAGES)) {
      const {page} = await signIn(name);
      await page.getByRole('heading', {level: 1, name: titles[0]}).waitFor();
      expect([name, await navigation(page)]).toEqual([name, titles]);
      await page.goto(`${world.url}/network`);
      await page.getByRole('heading', {name: 'There is no such page'}).waitFor();
      await page.context().close();
    }
  });

  it('K3 a supplier never sees another’s data: no page and no route under /my names what is the other’s', async () => {
    const {page, heard} = await signIn('supplier-a');
    for (const title of PAGES['supplier-a']) {
      await open(page, title);
      await page.getByText('PART-A').first().waitFor();
    }
    const ofPages = heard.map((text) => ['page', text] as const);
    // Every route there is, asked as the page asks, with the other's ids in place of its own.
    const answers = await page.evaluate(
      async (asked: readonly (readonly [string, string])[]) => {
        const texts: [string, number, string][] = [];
        for (const [method, path] of asked) {
          const answer = await fetch(path, {
            method,
            ...(method === 'GET' ? {} : {headers: {'content-type': 'application/json'}, body: '{}'}),
          });
          texts.push([
            `${method} ${path}`,
            answer.status,
            path.includes('stream') ? '' : await answer.text(),
          ]);
        }
        return texts;
      },
      ROUTES.flatMap(({method, path}) =>
        [orderOf('B'), 'PART-B', 'SUP-B'].map((id) => [method, path.replaceAll(/\{\w+\}/g, id)] as const),
      ).filter(([method, path], i, all) => all.findIndex(([m, p]) => m === method && p === path) === i),
    );
    expect(answers.length).toBeGreaterThan(100);
    const own = answers.filter(([, status]) => status === 200).map(([route]) => route);
    for (const route of ['orders', 'forecasts', 'scorecard'])
      expect(own).toContain(`GET /api/v1/my/${route}`);
    const told = [
      ...ofPages,
      ...answers.map(([route, , text]) => [route, text.replace(/"message":"[^"]*"/, '')] as const), // which says the id that was asked for
    ];
    const leaks = told.flatMap(([where, text]) =>
      namesOf('B').flatMap((name) => (text.includes(name) ? [`${where}: ${name}`] : [])),
    );
    expect(leaks).toEqual([]);
    expect(ofPages.join('')).toContain(orderOf('A'));
    await page.context().close();
  });

  it('K3 a supplier confirms a date on its phone, and the planners see it', async () => {
    const {page} = await signIn('supplier-a');
    await page.getByRole('button', {name: `Confirm: PART-A, order ${orderOf('A')}`}).click();
    await page.getByLabel('Will be delivered on').fill('2026-01-20');
    await page.getByRole('button', {name: 'Confirm', exact: true}).click();
    await page.getByText('3 pieces confirmed for 2026-01-20').waitFor();
    const {body} = await world.get(`/api/v1/orders?orderId=${orderOf('A')}`, {
      cookie: await cookieOf(MADE_FIRST),
    });
    expect(body.orders[0]).toMatchObject({state: 'confirmed', promisedAt: '2026-01-20T12:00:00.000Z'});
    await page.context().close();
  });

  it('I9 a technician reads the jobs without a network, and a report written there arrives once', async () => {
    const {page} = await signIn('technician-a');
    await page.getByText('MACHINE-A').first().waitFor();
    await page.evaluate('navigator.serviceWorker.ready');
    await page.reload(); // the worker has the program from now on
    await page.getByText('MACHINE-A').first().waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('MACHINE-A').first().waitFor();
    await page.getByText('No network.').waitFor();
    await page.getByRole('button', {name: 'Report on PART-A'}).click();
    await page.getByLabel('What is wrong').selectOption('part-missing');
    await page.getByLabel('Note').fill('nothing in the box');
    await page.getByRole('button', {name: 'Report', exact: true}).last().click();
    await page.getByText('kept here, and sent when there is a network').waitFor();
    await page.reload();
    await page.getByText('kept here, and sent when there is a network').waitFor();

    const reports = async (): Promise<readonly {note: string}[]> =>
      (await world.get('/api/v1/part-reports', {cookie: await cookieOf(MADE_FIRST)})).body.partReports;
    expect(await reports()).toEqual([]);
    // The first answer is lost on its way: the service has the report, and the phone does not know.
    let losses = 0;
    await page.context().route(
      '**/api/v1/my/reports',
      async (route) => {
        await route.fetch();
        losses += 1;
        await route.abort();
      },
      {times: 1},
    );
    await page.context().setOffline(false);
    await expect.poll(() => losses, {timeout: 15_000}).toBe(1);
    await page.evaluate(`dispatchEvent(new Event('online'))`);
    await page.getByText('The report has arrived.').waitFor();
    expect(await page.getByText('Not sent yet').count()).toBe(0);
    expect(await reports()).toMatchObject([{note: 'nothing in the box', problem: 'part-missing'}]);

    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByLabel('Password').waitFor();
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual(['forestock.reports']);
    await page.context().close();
  });

  it('I9 a planner answers the report in a form that keeps what was typed, and the technician reads the answer', async () => {
    const {page} = await signIn(MADE_FIRST);
    await page.goto(`${world.url}/part-reports`);
    await page.getByText('nothing in the box').waitFor();
    await page.getByRole('button', {name: 'Answer the report on PART-A'}).click();
    await page.getByRole('button', {name: 'Answer', exact: true}).last().click();
    await page.getByText('Say what the technician is to know.').waitFor();
    await page.getByLabel('Answer', {exact: true}).fill('it lies in the second box');
    await page.route('**/answer', (route) => route.abort(), {times: 1});
    await page.getByRole('button', {name: 'Answer', exact: true}).last().click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Answer', {exact: true}).inputValue()).toBe('it lies in the second box');
    await page.getByRole('button', {name: 'Answer', exact: true}).last().click();
    await page.getByText('The report is answered.').waitFor();
    await page.getByText('No report waits for an answer.').waitFor();
    await page.context().close();
    const technician = await signIn('technician-a');
    await technician.page.getByText('it lies in the second box').waitFor();
    await technician.page.context().close();
  });

  it('H2 from an order to its supplier, whose scorecard reads as the supplier reads it', async () => {
    const {page} = await signIn(MADE_FIRST);
    await page.goto(`${world.url}/orders/${orderOf('A')}`);
    await page.getByRole('link', {name: 'SUP-A'}).click();
    await page.getByRole('heading', {level: 1, name: 'Supplier SUP-A'}).waitFor();
    const rows = page.locator('tbody tr');
    await rows.filter({hasText: 'PART-A'}).waitFor();
    const asStaff = await rows.allTextContents();
    await page.context().close();
    const supplier = await signIn('supplier-a');
    await open(supplier.page, 'My scorecard');
    await supplier.page.locator('tbody tr').filter({hasText: 'PART-A'}).waitFor();
    expect(await supplier.page.locator('tbody tr').allTextContents()).toEqual(asStaff);
    await supplier.page.goto(`${world.url}/suppliers/SUP-A`);
    await supplier.page.getByRole('heading', {name: 'There is no such page'}).waitFor();
    await supplier.page.context().close();
  });

  it('K3 somebody changes the own password in a form that says beside the field what is wrong', async () => {
    const {page} = await signIn('supplier-b');
    await page.getByRole('link', {name: 'supplier-b'}).click();
    await page.getByLabel('Password until now').fill('not the password');
    await page.getByLabel('New password').fill('twenty grey cormorants');
    await page.getByRole('button', {name: 'Change the password'}).click();
    await page.getByText('This is not your password').waitFor();
    await page.getByLabel('Password until now').fill(PASSWORD);
    await page.getByRole('button', {name: 'Change the password'}).click();
    await page.getByText('Your password is changed').waitFor();
    await page.reload();
    await page.getByRole('heading', {level: 1, name: 'Password'}).waitFor(); // still signed in
    await page.context().close();
  });

  it.each([
    '/password',
    '/part-reports',
    '/my/orders',
    '/my/forecasts',
    '/my/scorecard',
    '/suppliers/SUP-A',
    '/my/jobs',
    '/my/backorders',
  ])('I9 %s fits a desk and a phone, in light and dark, and axe finds nothing serious', async (path) => {
    const name = /reports|suppliers/.test(path)
      ? MADE_FIRST
      : /jobs/.test(path)
        ? 'technician-a'
        : /backorders/.test(path)
          ? 'customer-a'
          : 'supplier-a';
    const [key, value] = (await cookieOf(name)).split('=') as [string, string];
    const signedIn = {
      newPage: async (options: object) => {
        const context = await browser.newContext(options);
        await context.addCookies([{name: key, value, url: world.url}]);
        return context.newPage();
      },
    } as unknown as Browser;
    const wrong = await inspectPage(signedIn, `${world.url}${path}`, {
      name: path.slice(1).replace('/', '-'),
      async ready(page) {
        if (path === '/part-reports') await page.getByLabel('Show').selectOption('all');
        await (
          path === '/password' ? page.getByLabel('New password') : page.getByText('PART-A').first()
        ).waitFor();
      },
    });
    expect(wrong).toEqual([]);
  });
});
