import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor, device} from '../chain/chain-world.ts';
import {hungryNetwork} from '../console/world.ts';
import {START} from '../network/tiny-network.ts';
import {CHROMIUM, launchBrowser, visit} from '../support/console-visit.ts';
import {openTestDatabase} from '../support/database.ts';

/** Each would set `ran` where text is taken for markup, for a script or for an address. */
const RUN = 'globalThis.ran=1';
const CORPUS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<SCRIPT>${RUN}</SCRIPT>`,
  `<script src=data:text/javascript,${RUN}></script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `"><img src=x onerror=${RUN}>`,
  `'><img src=x onerror=${RUN}>`,
  `<img/src/onerror=${RUN}>`,
  `<IMG """><SCRIPT>${RUN}</SCRIPT>">`,
  `<image src=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>go</text></a></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<body onload=${RUN}>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.ran=1</script>"></iframe>`,
  `<object data="data:text/html,<script>parent.ran=1</script>"></object>`,
  `<embed src="data:text/html,<script>parent.ran=1</script>">`,
  `<details open ontoggle=${RUN}>`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}></select>`,
  `<marquee onstart=${RUN}>m</marquee>`,
  `<a href="javascript:${RUN}">go</a>`,
  `<a href="&#106;avascript:${RUN}">go</a>`,
  `<form action="javascript:${RUN}"><button>go</button></form>`,
  `<base href="https://elsewhere.example/">`,
  `<link rel=stylesheet href="https://elsewhere.example/x.css">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `javascript:${RUN}//`,
  `" onmouseover="${RUN}" x="`,
  `' autofocus onfocus='${RUN}`,
  `\${${RUN}}{{constructor.constructor('${RUN}')()}}`,
  `<!--<img src="--><img src=x onerror=${RUN}//">`,
];
/** What is written from all of it must hold every piece of it. */
const ALL = CORPUS.join(' ');
/** As much of it as a note takes. */
const NOTE = ALL.slice(0, 2000);
/** Elements that no page of the console has. */
const FOREIGN =
  'iframe, object, embed, video, audio, marquee, math, base[href*=elsewhere], link[href*=elsewhere], meta[http-equiv=refresh], img[src=x], ' +
  '[onload], [onerror], [onfocus], [onmouseover], [ontoggle], [onbegin], [onstart], a[href^="javascript:" i], body script';

/** Every name of the master data is the whole corpus. */
function named(data: MasterData): MasterData {
  return Object.fromEntries(
    Object.entries(data).map(([table, rows]): [string, MasterData[string]] => [
      table,
      rows.map((row) => ('name' in row ? {...row, name: `${table} ${ALL}`} : row)),
    ]),
  );
}

describe.skipIf(CHROMIUM === null)('text that others have written, on every page', () => {
  let browser: Browser;
  let engine: Engine;
  let server: ConsoleServer;
  let decisionId: string;

  const ask = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(server.url + path, {
      ...(body === undefined ? {} : {method: 'POST', body: JSON.stringify(body)}),
      headers: body === undefined ? {} : {'content-type': 'application/json'},
    });
    const text = await response.text();
    expect([path, response.status, text.slice(0, 400)]).toEqual([path, 200, text.slice(0, 400)]);
    return JSON.parse(text) as Record<string, unknown>;
  };

  beforeAll(async () => {
    browser = await launchBrowser();
    engine = await openEngine({
      configuration: {...(await configurationFor(await openTestDatabase())), mode: 'propose'},
      clock: {mode: 'stepped', worldAt: START},
      log: silentLogger(),
      autoIssue: true,
      prepare: ({network}) => network.importMaster(named(hungryNetwork()), 'test'),
    });
    const client = await device(engine);
    const at = epochMs(START + HOUR_MS);
    await engine.clock.advanceTo(at);
    const sent = {observedAt: toIso(at), boot: 1, seq: 1, values: {vibration: 3}};
    await client.publishAsync('telemetry/v1/SITE-2/M-1', JSON.stringify(sent), {qos: 1});
    const error = {...sent, seq: 2, values: undefined, type: 'error', code: `<svg/onload=${RUN}>`};
    await client.publishAsync('event/v1/SITE-2/M-1', JSON.stringify(error), {qos: 1});
    const failed = {...error, seq: 3, type: 'failure', code: undefined, component: 'compressor'};
    await client.publishAsync('event/v1/SITE-2/M-1', JSON.stringify(failed), {qos: 1});
    // Refused messages are shown as they came.
    await client.publishAsync('telemetry/v1/SITE-2/M-1', `{"observedAt": "${ALL.replaceAll('"', "'")}"}`, {
      qos: 1,
    });
    await client.publishAsync('telemetry/v1/SITE-2/<svg onload=globalThis.ran=1>', ALL, {qos: 1});
    await client.endAsync();
    await engine.settle();
    await engine.clock.advanceTo(epochMs(START + 2 * DAY_MS));
    await engine.settle();
    const configuration = {...(await configurationFor({ownerUrl: 'postgres://unused'})), httpPort: 0};
    server = await serveApi(engine, {configuration, log: silentLogger()});

    const {proposals} = (await ask('/api/v1/proposals')) as {proposals: {decisionId: string}[]};
    decisionId = proposals[0]!.decisionId;
    await ask(`/api/v1/proposals/${decisionId}/reject`, {reasonCode: 'other', note: NOTE, actor: 'planner'});
    const {alerts} = (await ask('/api/v1/alerts')) as {alerts: {alertId: string}[]};
    await ask(`/api/v1/alerts/${alerts[0]!.alertId}/acknowledge`, {actor: 'planner', note: NOTE});
    await ask('/api/v1/repairs', {
      source: 'cus',
      sourceKey: ALL.slice(0, 150),
      equipmentId: 'M-1',
      positionId: 'compressor',
      reportedAt: toIso(epochMs(START + DAY_MS)),
      finding: 'failed',
      note: NOTE,
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await engine.stop();
  });

  const paths = (): readonly string[] => [
    ...[
      '/',
      '/alerts',
      '/network',
      '/network/D-1',
      '/part-depots/P-1/D-1',
      '/equipment/M-1',
      '/backorders',
      '/kpis',
    ],
    ...[
      '/kpis/customer-impact-hours',
      '/what-if',
      '/models',
      '/health',
      '/tuning',
      '/onboarding',
      '/recipients',
      '/password',
    ],
    `/decisions/${decisionId}`,
  ];

  it('K3 runs nothing, becomes no element, and is shown as it was written', async () => {
    const found: unknown[] = [];
    let shown = 0;
    for (const path of paths()) {
      const {page, complaints} = await visit(browser, server.url + path);
      await settled(page);
      const {ran, foreign, text} = await page.evaluate<{ran: boolean; foreign: number; text: string}>(
        `({ran: 'ran' in globalThis, foreign: document.querySelectorAll(${JSON.stringify(FOREIGN)}).length, text: document.body.innerText})`,
      );
      if (text.includes(RUN)) shown += 1;
      if (ran || foreign > 0 || complaints.length > 0) found.push({path, ran, foreign, complaints});
      await page.close();
    }
    expect(found).toEqual([]);
    // Else nothing was tried: names stand on pages of the network, notes and refused messages on others.
    expect(shown).toBeGreaterThanOrEqual(4);
  }, 180_000);

  it('K3 would notice: the same text as markup runs, becomes elements, and is stopped by the policy of the pages', async () => {
    const {page, complaints} = await visit(browser, `${server.url}/kpis`);
    await settled(page);
    const foreign = await page.evaluate<number>(
      `document.getElementById('main').innerHTML = ${JSON.stringify(ALL)}; document.querySelectorAll(${JSON.stringify(FOREIGN)}).length`,
    );
    expect(foreign).toBeGreaterThan(10);
    await expect.poll(() => complaints.join(' ')).toContain('Content Security Policy');
    expect(await page.evaluate('"ran" in globalThis')).toBe(false);
    await page.close();
  }, 60_000);
});

/** Until the page has its data: nothing says that it is loading. */
async function settled(page: Page): Promise<void> {
  await page.locator('#main h1').first().waitFor();
  await expect.poll(() => page.getByText(/^Loading .* …$/).count(), {timeout: 20_000}).toBe(0);
}
