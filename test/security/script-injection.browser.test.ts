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
import {ALL, FOREIGN, RUN, scriptOf} from './script-corpus.ts';
import {operationsWithText} from './text-fields.ts';
import type {Operation, TextField} from './text-fields.ts';

/** What the world has, by the name of the property that names it, and texts of a form that the schema does not say. */
const KNOWN = {
  ...{
    partId: 'P-1',
    depotId: 'D-1',
    equipmentId: 'M-1',
    modelId: 'CH-100',
    siteId: 'SITE-2',
    contractId: 'K-1',
  },
  ...{partyId: 'CUS', customerPartyId: 'CUS', ownerPartyId: 'OWN', positionId: 'compressor', currency: 'EUR'},
  ...{scheme: 'MPN', number: '6205', revision: '', uom: 'EA', fromLoc: 'supplier:SUP', language: 'en'},
  ...{timeZone: 'Europe/Berlin', hours: 'Mon-Fri 08:00-18:00', endsAt: '2026-02-20T00:00:00.000Z'},
  ...{
    topicTemplate: 'acme/{equipmentId}',
    to: '2026-02-20T00:00:00.000Z',
    countedAt: '2026-01-05T00:00:00.000Z',
    password: 'nineteen blue herons',
    equipmentClassId: 'chiller',
  },
};
/** What of a generated body cannot stand beside the rest. */
const INSTEAD: Readonly<Record<string, object>> = {
  'PUT /api/v1/recipients/{recipientId}': {
    channel: 'email',
    partyId: undefined,
    url: undefined,
    key: undefined,
  },
  'POST /api/v1/part-reports/{reportId}/answer': {callOff: false}, // the need is called off by its own operation
  'POST /api/v1/stock/receipts': {serial: undefined},
  'POST /api/v1/stock/issues': {serial: undefined, demandId: undefined},
  'POST /api/v1/stock/statements': {partyId: undefined}, // a party states its own depots alone
  'POST /api/v1/plans/targets': {availability: undefined},
  'PUT /api/v1/data-shares/{partyId}/{data}': {fields: {partId: 'plain', qty: 'plain'}, groupBy: null},
  'PUT /api/v1/parameters/{key}': {change: {frozenH: 12}},
  'POST /api/v1/parameters/{key}/dry-run': {change: {frozenH: 12}},
  'POST /api/v1/what-if': {overlay: {}},
  'POST /api/v1/equipment': {equipmentId: 'M-9'},
  'PUT /api/v1/breaches/{breachId}': {
    ...{discoveredAt: '2026-01-01T00:00:00.000Z', from: '2025-12-01T00:00:00.000Z'},
    ...{to: undefined, partyIds: ['SUP']},
  },
  'POST /api/v1/breaches/{breachId}/notices': {to: 'party:SUP', sentAt: '2026-01-02T00:00:00.000Z'},
  'PUT /api/v1/holds/{holdId}': {kind: 'equipment', subjectId: 'M-1'},
  'PUT /api/v1/tokens/{name}': {role: 'technician', depotIds: undefined},
  'POST /api/v1/users/{name}': {role: 'technician', depotIds: undefined},
  'PUT /api/v1/users/{name}/role': {role: 'supplier', depotIds: undefined},
  'PUT /api/v1/users/{name}/disabled': {disabled: true},
  'PUT /api/v1/devices/{login}': {equipmentIds: []},
};
/** What the world has none of: such a text reaches nothing that would keep it. */
const REFUSED = [
  'POST /api/v1/alerts/{alertId}/resolve: alert-no-case',
  'POST /api/v1/backorders/{demandId}/review: unknown-review',
  'POST /api/v1/dead-letters/{deadLetterId}/resubmit: bad-topic',
  'POST /api/v1/equipment: invalid-equipment',
  'POST /api/v1/models/{modelVersionId}/promote: unknown-model',
  'POST /api/v1/models/{modelVersionId}/recover: unknown-model',
  'POST /api/v1/models/{modelVersionId}/retire: unknown-model',
  'POST /api/v1/orders/{orderId}/cancel: order-state',
  'POST /api/v1/proposals/{decisionId}/change: unknown-proposal',
  'POST /api/v1/proposals/{decisionId}/reject: unknown-proposal',
  'POST /api/v1/quarantine/{quarantineId}/resubmit: malformed',
  'POST /api/v1/session/password: no-password',
  'POST /api/v1/session: sign-in-refused',
  'POST /api/v1/stock/issues: not-enough-stock', // what comes goes to those who wait
];
/** Pieces come before they go, and what ends something is asked last. */
const turnOf = ({name}: Operation): number =>
  name.endsWith('/stock/receipts') ? 0 : /^DELETE|cancel$|drop$/.test(name) ? 2 : 1;
/** What paths name: made by the request itself, or there from the beginning. */
const NAMED: Readonly<Record<string, string>> = {
  ...{partyId: 'SUP', kind: 'repair-reports', data: 'stock', key: 'replenish.policy', equipmentId: 'M-1'},
  ...{version: '1', auditId: '1', outboxId: '1', login: 'M-1', modelVersionId: 'weibull'},
  ...{
    recipientId: 'r-1',
    templateId: 't-1',
    campaignId: 'c-1',
    holdId: 'h-1',
    breachId: 'b-1',
    name: 'somebody',
  },
};
/** Or the first of a list. */
const LISTED: Readonly<Record<string, string>> = {
  decisionId: '/api/v1/proposals',
  alertId: '/api/v1/alerts?state=open',
  demandId: '/api/v1/demand?state=open',
  orderId: '/api/v1/orders',
  quarantineId: '/api/v1/quarantine',
  deadLetterId: '/api/v1/dead-letters',
  reportId: '/api/v1/part-reports',
};
const NOBODY = '0d4b1bb2-2f3c-5f0e-9c57-0c9a7f2a6d10';

interface Told {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly message?: string;
    readonly details?: readonly {readonly path: string}[];
  };
}

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
    const configuration = {
      ...(await configurationFor({ownerUrl: 'postgres://127.0.0.1/unused'})),
      httpPort: 0,
    };
    server = await serveApi(engine, {configuration, log: silentLogger(), demo: true}); // open, also beside users

    const {proposals} = (await ask('/api/v1/proposals')) as {proposals: {decisionId: string}[]};
    decisionId = proposals[0]!.decisionId;
    await ask(`/api/v1/proposals/${decisionId}/reject`, {
      reasonCode: 'other',
      note: scriptOf(2000),
      actor: 'planner',
    });
    const {alerts} = (await ask('/api/v1/alerts')) as {alerts: {alertId: string}[]};
    await ask(`/api/v1/alerts/${alerts[0]!.alertId}/acknowledge`, {actor: 'planner', note: scriptOf(2000)});
    await ask('/api/v1/repairs', {
      source: 'cus',
      sourceKey: ALL.slice(0, 150),
      equipmentId: 'M-1',
      positionId: 'compressor',
      reportedAt: toIso(epochMs(START + DAY_MS)),
      finding: 'failed',
      note: scriptOf(2000),
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await engine.stop();
  });

  /** A need that has waited for longer than it should. */
  let late = NOBODY;
  const idOf = async (name: string, operation = ''): Promise<string> => {
    if (operation.startsWith('/api/v1/tokens/')) return 'a-program';
    if (operation.startsWith('/api/v1/backorders/')) return late;
    if (NAMED[name] !== undefined || LISTED[name] === undefined) return NAMED[name] ?? NOBODY;
    const listed = Object.values(await ask(LISTED[name])).find(Array.isArray) as Record<string, unknown>[];
    const id = listed[0]?.[name];
    return typeof id === 'string' || typeof id === 'number' ? String(id) : NOBODY;
  };
  /** Sends an operation a body with these texts, to what there is. */
  const tell = async (operation: Operation, texts: Readonly<Record<string, string>>): Promise<Told> => {
    let path = operation.path;
    for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g))
      path = path.replace(`{${name}}`, encodeURIComponent(await idOf(name, operation.path)));
    const body = {...(operation.body(texts) as object), ...INSTEAD[operation.name]};
    const response = await fetch(server.url + path, {
      method: operation.method,
      body: JSON.stringify(body),
      headers: {'content-type': 'application/json'},
    });
    expect([operation.name, response.headers.get('content-type')]).toEqual([
      operation.name,
      'application/json; charset=utf-8',
    ]);
    return {status: response.status, body: (await response.json()) as Told['body']};
  };
  const isKnown = ({at}: TextField): boolean => at.split('.').at(-1)! in KNOWN;

  it('K3 every text of every body of the API takes it as text, or refuses it by name', async () => {
    const document = await ask('/api/v1/openapi.json');
    const {backorders} = (await ask('/api/v1/backorders')) as {backorders: {demandId: string}[]};
    late = backorders[0]!.demandId;
    const known = {...KNOWN, demandId: await idOf('demandId')};
    const operations = operationsWithText(document as never, known).toSorted((a, b) => turnOf(a) - turnOf(b));
    expect(operations.length).toBeGreaterThan(50);
    const refused: string[] = [];
    const wrong: unknown[] = [];
    for (const operation of operations) {
      const {name, fields} = operation;
      // Where only some words or one form will do, the answer names the place.
      const isReplaced = ({at}: TextField): boolean => at.split('.')[0]! in (INSTEAD[name] ?? {});
      for (const field of fields.filter((one) => one.isFormed && !isReplaced(one))) {
        const {status, body} = await tell(operation, {[field.at]: scriptOf(field.lengthMax)});
        const place = `body.${field.at}`;
        const isNamed = body.details?.some(({path}) => place.startsWith(path)) === true;
        if (status !== 400 || !isNamed) wrong.push([name, field.at, status, body.message]);
      }
      const free = fields.filter((field) => !field.isFormed && !isKnown(field));
      const texts = Object.fromEntries(
        free.map(({at, lengthMax}) => [
          at,
          // A key is used once, and who approves is somebody else.
          `${at === 'sourceKey' || name.endsWith('/approve') ? `${name} ` : ''}${scriptOf(lengthMax)}`.slice(
            0,
            lengthMax,
          ),
        ]),
      );
      const {status, body} = await tell(operation, texts);
      if (status !== 200) refused.push(`${name}: ${String(body.error)}`);
      if (status >= 500 || (status !== 200 && !body.message)) wrong.push([name, status, body]);
    }
    expect(wrong).toEqual([]);
    expect(refused.toSorted()).toEqual(REFUSED);
  }, 60_000);

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
      '/part-reports',
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
