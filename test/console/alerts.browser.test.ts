import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM, PHONE, inspectPage, visit} from '../support/console-visit.ts';
import {openPlannerWorld, rowWith} from './planner-world.ts';
import type {PlannerWorld} from './planner-world.ts';

interface Alerts {
  readonly alerts: readonly {readonly snoozedUntil: string | null; readonly acknowledgedBy: string | null}[];
}

describe.skipIf(CHROMIUM === null)('Alerts and recipients', () => {
  let world: PlannerWorld;
  beforeAll(async () => {
    world = await openPlannerWorld();
    await world.fails('M-1');
  });
  afterAll(() => world.stop());

  it('fit a desk and a phone, in light and dark, and axe finds nothing serious', async () => {
    const alerts = await inspectPage(world.browser, `${world.url}/alerts`, {
      name: 'alerts',
      ready: (page) => rowWith(page, 'P-1@D-1').waitFor(),
    });
    const recipients = await inspectPage(world.browser, `${world.url}/recipients`, {
      name: 'recipients',
      ready: (page) => rowWith(page, 'installation').waitFor(),
    });
    expect([...alerts, ...recipients]).toEqual([]);
  });

  it('on a phone the buttons of an alert stand in one line, as wide as the card', async () => {
    const {page} = await visit(world.browser, `${world.url}/alerts`, {size: PHONE});
    const row = rowWith(page, 'P-1@D-1');
    const buttons = row.locator('.actions button');
    await buttons.first().waitFor();
    const boxes = await Promise.all((await buttons.all()).map((button) => button.boundingBox()));
    expect(boxes).toHaveLength(3);
    expect(new Set(boxes.map((box) => box!.y)).size).toBe(1);
    const width = boxes.at(-1)!.x + boxes.at(-1)!.width - boxes[0]!.x;
    expect(width).toBeGreaterThan((await row.boundingBox())!.width - 2);
    await page.close();
  });

  it('E7 on Today z leaves an alert alone until an instant, with a word why; it can be taken back, and its history says all of it', async () => {
    const {page, complaints} = await visit(world.browser, world.url);
    const row = rowWith(page, 'P-1 at D-1');
    await row.getByRole('button', {name: 'Snooze …'}).waitFor(); // by then the page knows who is there and what that one may
    await row.getByRole('link', {name: 'P-1 at D-1'}).focus();
    await page.keyboard.press('z');
    const dialog = page.getByRole('dialog', {name: 'Not now: P-1 at D-1'});
    await dialog.getByLabel('Until').selectOption('until');
    await dialog.getByLabel('Day and time').fill('2020-01-01T08:00');
    await dialog.getByLabel('Why').fill('a piece comes with the technician');
    await dialog.getByRole('button', {name: 'Snooze'}).click();
    await dialog.getByText('That has passed already.').waitFor();
    expect(await dialog.getByLabel('Why').inputValue()).toBe('a piece comes with the technician');
    await dialog.getByLabel('Until').selectOption('4h');
    await dialog.getByRole('button', {name: 'Snooze'}).click();
    await row.getByText('snoozed').waitFor();
    expect((await world.get<Alerts>('/api/v1/alerts?state=snoozed')).alerts).toHaveLength(1);

    await page.getByRole('button', {name: 'Undo'}).click();
    await row.getByRole('button', {name: 'Snooze …'}).waitFor();
    expect((await world.get<Alerts>('/api/v1/alerts?state=snoozed')).alerts).toEqual([]);

    await page.goto(`${world.url}/alerts`);
    const alert = rowWith(page, 'P-1@D-1');
    await alert.getByText(/step 1 of 3/).waitFor();
    await alert.getByRole('button', {name: 'History of P-1@D-1'}).click();
    const history = page.getByRole('dialog', {name: 'History of P-1@D-1'});
    await history.getByText('a piece comes with the technician').waitFor();
    await history.getByRole('row', {name: /unsnoozed/}).waitFor();
    await history.getByRole('button', {name: 'Close'}).click();
    await alert.getByRole('button', {name: 'I see to it'}).click();
    await alert.getByText('seen to').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('C9 a case says by when it is due, and is closed with what was found, which its history tells', async () => {
    const db = world.engine.database.pool('forestock_replenish');
    const id = '00000000-0000-4000-8000-0000000000c9';
    await db.query(
      `SELECT replenish.open_alert($1, 'demand-variance', 'P-2', 'OWN', '2026-01-05Z', 1, 0, NULL, NULL, '{"why": "12 asked for in 2026-01"}')`,
      [id],
    );
    await db.query(`UPDATE replenish.alert SET due_at = '2026-01-07Z' WHERE alert_id = $1`, [id]);
    const {page, complaints} = await visit(world.browser, `${world.url}/alerts`);
    const row = rowWith(page, 'P-2');
    await row.getByText('a case, due').waitFor();
    await row.getByRole('button', {name: 'Close case …'}).click();
    const dialog = page.getByRole('dialog', {name: 'Close the case of P-2'});
    await dialog.getByLabel('Found').selectOption('lasting');
    await dialog.getByRole('button', {name: 'Close the case'}).click();
    await dialog.getByText('Say in a word what was found.').waitFor();
    await dialog.getByLabel('What was it').fill('a second plant has opened');
    await dialog.getByRole('button', {name: 'Close the case'}).click();
    await row.waitFor({state: 'detached'});
    await page.getByLabel('Show').selectOption('cleared');
    await row.getByText('lasting, says planner').waitFor();
    await row.getByRole('button', {name: 'History of P-2'}).click();
    await page.getByText('resolved: lasting').waitFor();
    await page.getByText('a second plant has opened').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('E7 a recipient that cannot be reached is refused with what is missing and keeps what was typed; corrected, it is listed', async () => {
    const {page} = await visit(world.browser, `${world.url}/recipients`);
    await page.getByRole('button', {name: 'Add a recipient …'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('planners-warsaw');
    await dialog.getByLabel('Depots').fill('D-1, D-2');
    await dialog.getByRole('button', {name: 'Save'}).click();
    await dialog.getByRole('alert').getByText('needs email').waitFor();
    expect(await dialog.getByLabel('Depots').inputValue()).toBe('D-1, D-2');
    await dialog.getByLabel('E-mail').fill('planners@example.com');
    await dialog.getByRole('button', {name: 'Save'}).click();
    const row = rowWith(page, 'planners-warsaw');
    await row.getByText('email: planners@example.com').waitFor();
    await row.getByText('D-1, D-2').waitFor();
    await page.close();
  });
});
