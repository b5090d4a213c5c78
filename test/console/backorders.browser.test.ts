import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS} from '../../domain/time.ts';
import {CHROMIUM, inspectPage, visit} from '../support/console-visit.ts';
import {openPlannerWorld, rowWith} from './planner-world.ts';
import type {PlannerWorld} from './planner-world.ts';

interface Register {
  readonly backorders: readonly {readonly demandId: string; readonly equipmentId: string}[];
}
interface Reviewed {
  readonly review: {
    readonly closedAt: string | null;
    readonly cause: string | null;
    readonly actionDueAt: string;
  };
  readonly correction: {readonly cause: string} | null;
}

/** Two machines fail, one piece comes for both, and nobody does anything for 32 days. */
describe.skipIf(CHROMIUM === null)('Backorders', () => {
  let world: PlannerWorld;
  let demandId: string;
  beforeAll(async () => {
    world = await openPlannerWorld();
    await world.fails('M-1');
    await world.fails('M-2');
    await world.pass(DAY_MS);
    await world.post('/api/v1/stock/receipts', {
      part: {number: 'P-1'},
      depotId: 'D-1',
      qty: 1,
      fromLoc: 'supplier:SUP',
    });
    await world.pass(31 * DAY_MS);
    const {backorders} = await world.get<Register>('/api/v1/backorders');
    demandId = backorders[0]!.demandId;
    expect(backorders).toHaveLength(1);
  });
  afterAll(() => world.stop());

  it('fit a desk and a phone, in light and dark, and axe finds nothing serious', async () => {
    const register = await inspectPage(world.browser, `${world.url}/backorders`, {
      name: 'backorders',
      ready: (page) => rowWith(page, 'P-1 at D-1').waitFor(),
    });
    const one = await inspectPage(world.browser, `${world.url}/backorders/${demandId}`, {
      name: 'backorder',
      ready: (page) => page.getByRole('button', {name: 'Close the review'}).waitFor(),
    });
    expect([...register, ...one]).toEqual([]);
  });

  it('E1 E2 E5 F1 show level, age, causes and customers, are narrowed by them, and say who got the piece and why', async () => {
    const {page, complaints} = await visit(world.browser, `${world.url}/backorders`);
    const register = page.getByRole('region', {name: 'Register'});
    await register.getByText('P-1 at D-1').waitFor();
    await register.getByText('escalated').waitFor();
    await page.getByText('1 line, 1 piece missing').waitFor();
    await page.getByText('1 without a closed review').waitFor();
    await page.getByRole('button', {name: 'less than a day'}).click();
    await register.getByText('No backorder is like that').waitFor();
    await page.getByRole('button', {name: '30 days and more'}).click();
    await register.getByText('P-1 at D-1').waitFor();
    await page.getByRole('textbox', {name: 'Customer'}).fill('NOBODY');
    await register.getByText('No backorder is like that').waitFor();
    await page.getByRole('button', {name: 'Show all'}).click();
    await register.getByText('P-1 at D-1').waitFor();
    const shareOuts = page.getByRole('region', {name: 'Share-outs'});
    await shareOuts.getByText('1 for 2 asked').click();
    expect(await shareOuts.locator('tbody tr').count()).toBe(2);
    await shareOuts.getByText('1 of 1', {exact: true}).waitFor();
    await shareOuts.getByText('0 of 1', {exact: true}).waitFor();
    expect(await shareOuts.getByText(/decided$/).count()).toBe(2);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('E8 a review with gaps is not closed: each gap is said beside its field, and what was typed stays; filled, it is', async () => {
    const {page} = await visit(world.browser, `${world.url}/backorders/${demandId}`);
    await page.getByLabel('Resolution').fill('bought elsewhere');
    await page.getByRole('button', {name: 'Close the review'}).click();
    const review = page.getByRole('region', {name: 'Review'});
    expect(await review.getByText('Say it before the review is closed.').count()).toBe(4);
    await world.post('/api/v1/stock/counts', {part: {number: 'P-4'}, depotId: 'D-1', counted: 3}); // pages are told of news
    expect(await page.getByLabel('Resolution').inputValue()).toBe('bought elsewhere');
    await review.getByLabel('Cause').fill('no castings');
    await page.getByLabel('Preventive action').fill('second source');
    await page.getByRole('button', {name: 'Keep'}).click();
    await page.getByText('The review is kept.').waitFor();
    await page.getByLabel('Owner').fill('planning lead');
    await page.getByLabel('Due').fill('2026-03-01');
    await page.getByRole('button', {name: 'Close the review'}).click();
    await page.getByText('The review is closed.').waitFor();
    await review.getByText('closed', {exact: true}).waitFor();
    expect(await world.get<Reviewed>(`/api/v1/backorders/${demandId}`)).toMatchObject({
      review: {cause: 'no castings', actionDueAt: '2026-03-01T00:00:00.000Z', closedBy: 'planner'},
    });
    await page.close();
  });

  it('E2 the cause is corrected with a reason; the automatic tags stay beside it', async () => {
    const {page} = await visit(world.browser, `${world.url}/backorders/${demandId}`);
    const causes = page.getByRole('region', {name: 'Causes'});
    await causes.locator('ul strong').first().waitFor();
    const before = await causes.locator('ul strong').allInnerTexts();
    await page.getByText('It was something else').click();
    await page.getByRole('button', {name: 'Correct the cause'}).click();
    await page.getByText('Say why: it is kept with it.').waitFor();
    await page.getByLabel('What the evidence does not show').fill('customs held it');
    await page.getByLabel('Cause it was').selectOption('supplier-late');
    await page.getByRole('button', {name: 'Correct the cause'}).click();
    await causes.getByText(/supplier late, says planner on .*: customs held it/).waitFor();
    expect(await causes.locator('ul strong').allInnerTexts()).toEqual(before);
    await page.close();
  });
});
