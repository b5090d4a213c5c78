import type {Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM, visit} from '../support/console-visit.ts';
import {openPlannerWorld} from './planner-world.ts';
import type {PlannerWorld} from './planner-world.ts';

/** What has the focus, as a user hears it, and whether it can be seen that it has. */
function focused(page: Page): Promise<{readonly name: string; readonly isSeen: boolean}> {
  return page.evaluate(`(() => {
    const at = document.activeElement;
    const {outlineStyle, outlineWidth} = getComputedStyle(at);
    const name = (at.getAttribute('aria-label') ?? at.textContent).trim();
    return {name, isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2};
  })()`);
}

/** Headings as levels. A page begins with its first, and never skips one on the way down. */
function headings(page: Page): Promise<number[]> {
  return page.evaluate(
    `[...document.querySelectorAll('main :is(h1, h2, h3, h4)')].map(({tagName}) => Number(tagName[1]))`,
  );
}

function inOrder(levels: readonly number[]): boolean {
  return levels[0] === 1 && levels.every((level, place) => place === 0 || level <= levels[place - 1]! + 1);
}

/** No pointer: every step is a key. */
describe.skipIf(CHROMIUM === null)('the console by keyboard alone', () => {
  let world: PlannerWorld;
  beforeAll(async () => {
    world = await openPlannerWorld();
    await world.fails('M-1');
  });
  afterAll(() => world.stop());

  it('D5 from Today to Why, a change thought better of, and the order; focus is seen, kept in dialogs and given back', async () => {
    const {page, complaints} = await visit(world.browser, world.url);
    await page.locator('td [id^="work-"]').first().waitFor();
    expect(inOrder(await headings(page))).toBe(true);

    await page.keyboard.press('Tab');
    expect(await focused(page)).toEqual({name: 'Skip to the page', isSeen: true});
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');

    await page.keyboard.press('j');
    const row = await focused(page);
    expect(row.isSeen).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {level: 1, name: row.name}).waitFor();
    await page.getByRole('heading', {name: 'What else could be done'}).waitFor();
    expect(inOrder(await headings(page))).toBe(true);

    const approve = page.getByRole('button', {name: 'Approve', exact: true});
    await approve.waitFor();
    for (let tabs = 0; tabs < 8 && (await focused(page)).name !== 'Change'; tabs += 1)
      await page.keyboard.press('Tab');
    expect(await focused(page)).toEqual({name: 'Change', isSeen: true});
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let tabs = 0; tabs < 12; tabs += 1) {
      await page.keyboard.press('Tab');
      const isOutside = await page.evaluate(
        `document.activeElement !== document.body && document.activeElement.closest('dialog') === null`,
      );
      expect(isOutside).toBe(false);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({state: 'detached'});
    expect((await focused(page)).name).toBe('Change');

    await page.keyboard.press('a');
    await page.getByRole('button', {name: 'Undo'}).first().waitFor();
    await world.engine.settle();
    expect(world.orders()).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('g and a letter goes to a page, and no page takes the letter for its own; ? lists the keys', async () => {
    const {page} = await visit(world.browser, world.url);
    await page.locator('td [id^="work-"]').first().waitFor();
    const before = world.orders().length;
    await page.keyboard.press('j');
    await page.keyboard.press('g');
    await page.keyboard.press('a'); // alone it would approve
    await page.getByRole('heading', {level: 1, name: 'Alerts'}).waitFor();
    await world.engine.settle();
    expect(world.orders()).toHaveLength(before);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', {name: 'Keys'});
    await help.getByText('g n').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', {level: 1, name: 'Today'}).waitFor();
    await page.close();
  });
});
