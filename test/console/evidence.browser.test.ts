import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM, visit} from '../support/console-visit.ts';
import {openPlannerWorld, rowWith} from './planner-world.ts';
import type {PlannerWorld} from './planner-world.ts';

interface Decisions {
  readonly decisions: readonly {readonly decisionId: string; readonly state: string}[];
}

/** The service as it runs: nobody tells its stages when to look. */
describe.skipIf(CHROMIUM === null)('from a machine that fails to one order', () => {
  let world: PlannerWorld;
  beforeAll(async () => {
    world = await openPlannerWorld({running: true});
  });
  afterAll(() => world.stop());

  it('B3 D5 K3 a failure told by MQTT comes up on Today by itself; the planner reads why, approves by the keyboard, and the receiver has one order', async () => {
    const {page, complaints} = await visit(world.browser, world.url);
    await page.getByText('live', {exact: true}).waitFor();
    await rowWith(page, 'P-1 at D-1').waitFor();
    await page.evaluate(`window.neverLoadedAgain = true`);

    await world.fails('M-1');
    const row = rowWith(page, 'P-1 at D-1');
    await row.getByText('owes 1 now').waitFor();
    await row.getByText('M-1', {exact: true}).waitFor();

    // By keys alone: to the row, into why, back, and approve.
    const at = async (): Promise<boolean> => (await row.locator('[id^="work-"]:focus').count()) > 0;
    for (let tries = 0; tries < 20 && !(await at()); tries += 1) await page.keyboard.press('j');
    expect(await at()).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/decisions/*');
    const decisionId = page.url().split('/').at(-1)!;
    await page.getByText('No order was placed.').waitFor();
    await page.getByRole('img', {name: /pieces are expected within/}).waitFor();
    await page.goBack();
    await rowWith(page, 'P-1 at D-1').waitFor();
    for (let tries = 0; tries < 20 && !(await at()); tries += 1) await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.keyboard.press('a'); // twice, as an impatient planner does
    await row.getByText(/^ordered \d+/).waitFor();

    await expect.poll(() => world.orders().length, {timeout: 20_000}).toBe(1);
    expect(world.orders()[0]!.body).toMatchObject({partId: 'P-1', to: 'D-1', type: 'order.released'});
    await world.engine.settle();
    expect(world.orders()).toHaveLength(1);
    const {decisions} = await world.get<Decisions>('/api/v1/decisions?partId=P-1&depotId=D-1');
    expect(decisions.find((one) => one.decisionId === decisionId)).toMatchObject({state: 'approved'});
    expect(await page.evaluate('window.neverLoadedAgain')).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
