import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS} from '../../domain/time.ts';
import {CHROMIUM, inspectPage, visit} from '../support/console-visit.ts';
import {NASTY, openPlannerWorld, rowWith} from './planner-world.ts';
import type {PlannerWorld} from './planner-world.ts';

interface Orders {
  readonly orders: readonly {readonly orderId: string; readonly state: string; readonly partId: string}[];
}

describe.skipIf(CHROMIUM === null)('Today', () => {
  let world: PlannerWorld;
  beforeAll(async () => {
    world = await openPlannerWorld();
  });
  afterAll(() => world.stop());

  it('fits a desk and a phone, in light and dark, and axe finds nothing serious; a part’s name is text', async () => {
    const wrong = await inspectPage(world.browser, world.url, {
      name: 'today-work',
      async ready(page) {
        await rowWith(page, NASTY).waitFor();
        expect(await page.title()).toBe('Today · Forestock');
      },
    });
    expect(wrong).toEqual([]);
  });

  it('B3 D5 a failure told by MQTT is a row without the list moving; its machine and money are named; approved, it is one order at the receiver', async () => {
    const {page, complaints} = await visit(world.browser, world.url);
    await page.getByText('live', {exact: true}).waitFor();
    await rowWith(page, 'P-1 at D-1').waitFor();
    const order = (): Promise<string[]> => page.locator('td [id^="work-"]').allInnerTexts();
    const before = await order();
    await world.fails('M-1');
    const row = rowWith(page, 'P-1 at D-1');
    await row.getByText('owes 1 now').waitFor();
    await row.getByText('M-1', {exact: true}).waitFor();
    expect((await order()).slice(0, before.length)).toEqual(before);
    await row.getByText(/€[\d,.]+ to be paid/).waitFor();

    const readAgain = page.waitForResponse(/\/api\/v1\/work/);
    await row.getByRole('button', {name: 'Approve'}).dblclick(); // an impatient planner
    await row.getByText(/^ordered \d+/).waitFor();
    await row.getByRole('button', {name: 'Undo'}).waitFor();
    await world.engine.settle();
    expect(world.orders()).toHaveLength(1);
    expect(world.orders()[0]!.body).toMatchObject({partId: 'P-1', to: 'D-1', type: 'order.released'});
    await readAgain; // the row is now that of its alert
    await row.getByRole('button', {name: 'Undo'}).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('D5 a risk that is answered names the order on its way, which leads to its delivery and to why it was placed', async () => {
    const {page} = await visit(world.browser, world.url);
    const row = rowWith(page, 'P-1 at D-1');
    await row.getByText('The shelf is empty').waitFor();
    const coming = row.getByRole('link', {name: /^transfer of \d+ from D-C$/});
    const at = new URL((await coming.getAttribute('href'))!, world.url).href;
    await coming.click();
    await page.getByRole('link', {name: 'P-1 at D-1'}).waitFor();
    await page.getByRole('link', {name: 'of this decision'}).click();
    await page.getByRole('heading', {name: /^P-1 at D-1: order \d+ from D-C/}).waitFor();
    await page.close();
    const wrong = await inspectPage(world.browser, at, {
      name: 'order',
      ready: (order) => order.getByText(/^0 of \d+ sent, 0 received/).waitFor(),
    });
    expect(wrong).toEqual([]);
  });

  it('an order is called off while nobody has shipped it, and the receiver is told', async () => {
    const {page} = await visit(world.browser, world.url);
    const row = rowWith(page, 'P-4 at D-1');
    await row.getByRole('button', {name: 'Approve'}).click();
    await row.getByRole('button', {name: 'Undo'}).click();
    await row.getByText('called off').waitFor();
    await page.getByText('The order for P-4 at D-1 is called off.').waitFor();
    await world.engine.settle();
    expect(world.orders('order.cancelled')).toMatchObject([{body: {partId: 'P-4'}}]);
    const {orders} = await world.get<Orders>('/api/v1/orders?partId=P-4');
    expect(orders.map(({state}) => state)).toEqual(['cancelled']);
    await page.close();
  });

  it('a rejection asks for a reason beside its field and keeps what was typed', async () => {
    const {page} = await visit(world.browser, world.url);
    const row = rowWith(page, 'P-5 at D-1');
    await row.getByRole('button', {name: 'Reject'}).click();
    await page.getByLabel('Note').fill('PO 4711');
    await page.getByRole('dialog').getByRole('button', {name: 'Reject'}).click();
    await page.getByText('Choose why: reasons are counted').waitFor();
    expect(await page.getByLabel('Note').inputValue()).toBe('PO 4711');
    await page.getByLabel('Reason').selectOption('ordered-elsewhere');
    await page.getByRole('dialog').getByRole('button', {name: 'Reject'}).click();
    await row.getByText('rejected').waitFor();
    await page.close();
  });

  it('a quantity that the source does not deliver is refused beside its field', async () => {
    await world.pass(DAY_MS);
    await world.fails('M-2');
    const {page} = await visit(world.browser, world.url);
    const row = rowWith(page, 'P-4 at D-1');
    await row.getByRole('button', {name: 'Change'}).click();
    await page.getByRole('spinbutton').fill('0.5');
    await page.getByRole('button', {name: 'Order this quantity'}).click();
    await page.getByText('Whole pieces, 1 or more.').waitFor();
    await page.getByLabel('Reason').selectOption('quantity-too-low');
    await page.getByRole('spinbutton').fill('400');
    await page.getByRole('button', {name: 'Order this quantity'}).click();
    await page.getByRole('dialog').getByRole('alert').waitFor(); // the service's own words
    await page.getByRole('spinbutton').fill('1');
    await page.getByRole('button', {name: 'Order this quantity'}).click();
    await row.getByText('ordered 1', {exact: true}).waitFor();
    await page.close();
  });

  it('works by keyboard: j, x, A order what was chosen after a summary with its total; ? shows the keys', async () => {
    await world.engine.settle();
    const {page} = await visit(world.browser, world.url);
    await page.locator('tbody tr').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', {name: 'Keys'}).waitFor();
    await page.keyboard.press('Escape');
    const before = world.orders().length;
    const open = await page.getByRole('button', {name: 'Approve', exact: true}).count();
    expect(open).toBeGreaterThan(0);
    const rows = await page.locator('td [id^="work-"]').count();
    for (let at = 0; at < rows; at += 1) {
      await page.keyboard.press('j');
      await page.keyboard.press('x');
    }
    await page.keyboard.press('A');
    await page.getByRole('dialog').getByText('To be paid in all').waitFor();
    expect(await page.getByRole('dialog').locator('li').count()).toBe(open);
    await page.getByRole('button', {name: `Order ${open}`, exact: true}).click();
    await page.getByRole('dialog').waitFor({state: 'detached'});
    await world.engine.settle();
    expect(world.orders()).toHaveLength(before + open);
    await page.close();
  });

  it('what the service refuses is as it was before, and says why', async () => {
    await world.pass(2 * DAY_MS);
    await world.fails('M-1');
    const {page} = await visit(world.browser, world.url);
    const approve = page.getByRole('button', {name: 'Approve', exact: true}).first();
    await approve.waitFor();
    await page.route('**/approve', (route) =>
      route.fulfill({
        status: 409,
        json: {error: 'proposal-closed', message: 'it was rejected before', details: [], requestId: 'r'},
      }),
    );
    await approve.click();
    await page.getByText('was not ordered: it was rejected before').waitFor();
    await approve.waitFor();
    await page.close();
  });
});
