import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM, inspectPage, visit} from '../support/console-visit.ts';
import {openPlannerWorld} from './planner-world.ts';
import type {PlannerWorld} from './planner-world.ts';

interface Decisions {
  readonly decisions: readonly {
    readonly decisionId: string;
    readonly action: string;
    readonly depotId: string;
    readonly partId: string;
  }[];
}

describe.skipIf(CHROMIUM === null)('Why', () => {
  let world: PlannerWorld;
  let proposed: string;
  beforeAll(async () => {
    world = await openPlannerWorld();
    const {decisions} = await world.get<Decisions>('/api/v1/decisions?partId=P-1&depotId=D-1');
    proposed = decisions[0]!.decisionId;
  });
  afterAll(() => world.stop());

  it('fits a desk and a phone, in light and dark, and axe finds nothing serious', async () => {
    const wrong = await inspectPage(world.browser, `${world.url}/decisions/${proposed}`, {
      name: 'why',
      async ready(page) {
        await page.getByRole('img', {name: /^vibration of M-1/}).waitFor();
        await page.getByRole('img', {name: /pieces are expected within/}).waitFor();
      },
    });
    expect(wrong).toEqual([]);
  });

  it('B3 D5 leads from the readings through forecast, demand, stock and options to the order and its delivery', async () => {
    const {page, complaints} = await visit(world.browser, `${world.url}/decisions/${proposed}`);
    await page.getByText('40 readings of').waitFor();
    await page
      .getByRole('img', {
        name: /^vibration of M-1: 2.* mm.s at first, 9.* at last, 9.8 at most; normal 0 to 4 mm.s.$/,
      })
      .waitFor();
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll('main a[href]')].map((a) => a.getAttribute('href'))`,
    );
    expect(links).toContain('/equipment/M-1');
    expect(links).toContain('/part-depots/P-1/D-1');
    expect(links.some((href) => href.startsWith('/models/'))).toBe(true);
    await page
      .getByText(/covers that with [\d.]+ %; wanted are [\d.]+ %, which takes \d+\./)
      .first()
      .waitFor();
    expect(await page.locator('.bars rect').count()).toBeGreaterThan(3);

    // Every option's cost is the sum of what it is said to consist of.
    const {option, alternatives} = (
      await world.get<{decision: {option: object; alternatives: object[]}}>(
        `/api/v1/decisions/${proposed}/trace`,
      )
    ).decision;
    const options = page.getByRole('region', {name: 'What else could be done'}).locator('tbody tr');
    expect(await options.count()).toBe(1 + alternatives.length);
    expect(option).toBeDefined();
    for (const row of await options.all()) {
      const amounts = (await row.innerText()).replaceAll(',', '').match(/€-?[\d.]+|-€[\d.]+/g) ?? [];
      const [total, ...parts] = amounts.map((text) => Number(text.replace('€', '')));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(total!, 2);
    }

    await page.getByText('No order was placed.').waitFor();
    await page.getByRole('button', {name: 'Approve'}).click();
    await page.getByText(/planner said approve/).waitFor();
    await page.getByText(/0 of \d+ sent, 0 received/).waitFor();
    await world.engine.settle();
    expect(world.orders()).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('explains a decision that does nothing too', async () => {
    for (const depotId of ['D-1', 'D-C'])
      await world.post('/api/v1/stock/counts', {part: {number: 'P-4'}, depotId, counted: 60});
    const {decisions} = await world.get<Decisions>('/api/v1/decisions?action=nothing&partId=P-4');
    expect(decisions.length).toBeGreaterThan(0);
    const {page} = await visit(world.browser, `${world.url}/decisions/${decisions[0]!.decisionId}`);
    await page.getByText('recorded', {exact: true}).waitFor();
    await page.getByText('Nothing was to be done.').waitFor();
    await page.getByRole('img', {name: /pieces are expected within/}).waitFor();
    await page.close();
  });

  it('is downloaded as JSON, and an unknown decision says where to look', async () => {
    const {page} = await visit(world.browser, `${world.url}/decisions/${proposed}`);
    const coming = page.waitForEvent('download');
    await page.getByRole('link', {name: 'JSON'}).click();
    const text = await readFile(await (await coming).path(), 'utf8');
    expect(JSON.parse(text)).toMatchObject({decision: {decisionId: proposed}});
    await page.goto(`${world.url}/decisions/00000000-0000-4000-8000-000000000000`);
    await page.getByText('look it up in /api/v1/decisions').first().waitFor();
    await page.close();
  });
});
