import {mkdirSync} from 'node:fs';
import axe from 'axe-core';
import {chromium} from 'playwright-core';
import type {Browser, Page} from 'playwright-core';
import {findService} from './services.ts';

export const CHROMIUM = findService('chromium');

/** The two widths that every page is made for. */
const DESK = {width: 1440, height: 900};
export const PHONE = {width: 390, height: 844};
const SCREENS = 'artifacts/screens';

export function launchBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({executablePath: CHROMIUM!, args});
}

/** A page as a user's browser has it, with whatever the browser complained about: a test expects none. */
export interface Visit {
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function visit(
  browser: Browser,
  url: string,
  {size = DESK}: {readonly size?: {width: number; height: number}} = {},
): Promise<Visit> {
  const page = await browser.newPage({
    viewport: size,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return {page, complaints};
}

/** What axe finds serious or critical on the page as it is now, each as 'rule: where'. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<axe.AxeResults>('axe.run()');
  return found.violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .flatMap(({id, nodes}) =>
      nodes.map(({target, failureSummary}) => `${id}: ${String(target)} ${failureSummary ?? ''}`),
    );
}

/** How far the page can be scrolled sideways, in pixels: 0 is what fits. */
export async function sidewaysPx(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}

/**
 * Opens an address and looks at it at both widths, in light and in dark; keeps a picture of each under artifacts/screens/, and says all that
 * is wrong: what the browser complained of, what axe finds serious, a page that scrolls sideways, and a time that is not the viewer's.
 *
 * @param ready Waits until the page shows what it is for.
 */
export async function inspectPage(
  browser: Browser,
  url: string,
  {name, ready}: {readonly name: string; readonly ready: (page: Page) => Promise<unknown>},
): Promise<readonly string[]> {
  mkdirSync(SCREENS, {recursive: true});
  const wrong: string[] = [];
  const {page, complaints} = await visit(browser, url);
  for (const size of [DESK, PHONE]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({colorScheme});
      await ready(page);
      const which = `${name}-${size.width}${colorScheme === 'dark' ? '-dark' : ''}`;
      await page.screenshot({path: `${SCREENS}/${which}.png`, fullPage: true});
      const aside = await sidewaysPx(page);
      wrong.push(...(await seriousFindings(page)).map((finding) => `${which} ${finding}`));
      const utc = await page.evaluate<string[] | null>(
        'document.body.innerText.match(/.{0,60}\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC/g)',
      );
      wrong.push(...(utc ?? []).map((text) => `${which} tells the time in UTC only: ${text}`));
      if (aside > 0) wrong.push(`${which} scrolls ${aside} px sideways`);
    }
  }
  wrong.push(...complaints.map((complaint) => `${name} ${complaint}`));
  await page.close();
  return wrong;
}
