import {expect, it} from 'vitest';
import {openApiOf} from '../../../console/api/openapi.ts';
import {DESCRIBED} from '../../../console/api/routes.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Parameter {
  readonly name: string;
  readonly schema: {readonly maximum?: number; readonly default?: number};
}
interface Document {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get?: {
          readonly parameters?: readonly Parameter[];
          readonly responses: Readonly<
            Record<string, {readonly content?: Readonly<Record<string, {readonly schema: Schema}>>}>
          >;
        };
      }
    >
  >;
  readonly components: {readonly schemas: Readonly<Record<string, Schema>>};
}

/** Every answer to GET that has a list, and the limit that a caller can give. */
interface List {
  readonly path: string;
  readonly limit: Parameter['schema'] | undefined;
  readonly goesOn: boolean;
}

const document = JSON.parse(JSON.stringify(openApiOf(DESCRIBED, {secured: true}))) as Document;
const meant = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1)!]!;

const LISTS: readonly List[] = Object.entries(document.paths).flatMap(([path, {get}]) => {
  const reply = get?.responses['200']?.content?.['application/json']?.schema;
  const properties = reply === undefined ? {} : (meant(reply).properties ?? {});
  if (!Object.values(properties).some((property) => meant(property).type === 'array')) return [];
  const limit = get?.parameters?.find(({name}) => name === 'limit')?.schema;
  return [{path, limit, goesOn: 'nextCursor' in properties}];
});

/** Lists without a limit of the caller’s, and what keeps them short however many parts, depots, machines and years there are. */
const SHORT_BY_NATURE: Readonly<Record<string, string>> = {
  '/api/v1/audit': 'what has no seal yet, and is sealed every few seconds',
  '/api/v1/backorders/summary': 'ages, causes and levels, of which there are few words',
  '/api/v1/contracts/expiring': 'contracts that end within a time, each signed by people',
  '/api/v1/dead-letters/equipment': 'cut by the query',
  '/api/v1/devices': 'logins, each made by hand or by one command',
  '/api/v1/equipment-choices': '1,000 of each, by the query',
  '/api/v1/glossary': 'the words of the program',
  '/api/v1/health': 'the checks of the program',
  '/api/v1/models': 'versions of models, each brought in by hand',
  '/api/v1/my/scorecard': 'the parts that one supplier delivers',
  '/api/v1/my/stock': '10,001 by the query, and refused beyond 10,000',
  '/api/v1/network/depots': '1,000 by the query: the map shows all of them',
  '/api/v1/parameters': 'the tunables of the program',
  '/api/v1/plans/expedites': 'the sources of one period',
  '/api/v1/plans/last-buy': 'the depots of one part',
  '/api/v1/plans/policies': 'the policies of one part at one depot',
  '/api/v1/plans/spread': 'the depots of one part',
  '/api/v1/proposals/report': 'actions and reasons, of which there are few words',
  '/api/v1/recipients': 'people who are told, each entered by hand',
  '/api/v1/session': 'the permissions of one role',
  '/api/v1/settlement': 'the clauses of one contract in one period',
  '/api/v1/status': 'the stages of the program',
  '/api/v1/tokens': 'tokens, each made by hand',
  '/api/v1/users': 'users, each made by hand',
  '/api/v1/working-capital': 'owners by holders, each a partner',
};

/** What a page of the console shows as a list that grows with the network or with time: read page by page. */
const SHOWN_IN_PAGES = [
  '/api/v1/work',
  '/api/v1/decisions',
  '/api/v1/proposals',
  '/api/v1/alerts',
  '/api/v1/backorders',
  '/api/v1/part-reports',
  '/api/v1/part-depots',
  '/api/v1/kpis/{kpiId}/rows',
  '/api/v1/repair-reports',
  '/api/v1/my/orders',
  '/api/v1/my/forecasts',
  '/api/v1/my/jobs',
  '/api/v1/my/backorders',
];

it('no answer is longer than 10,000 rows, or than 500 that nobody asked for: 100,000 part-depots come page by page', () => {
  expect(LISTS.length).toBeGreaterThan(60);
  const wrong = LISTS.filter(({limit}) => limit !== undefined).filter(
    ({limit}) => !((limit?.maximum ?? Infinity) <= 10_000 && (limit?.default ?? Infinity) <= 500),
  );
  expect(wrong).toEqual([]);
});

it('a list without a limit says what keeps it short', () => {
  const unlimited = LISTS.filter(({limit, path}) => limit === undefined && !path.includes('{'));
  expect(unlimited.map(({path}) => path).toSorted()).toEqual(Object.keys(SHORT_BY_NATURE).toSorted());
});

it.each(SHOWN_IN_PAGES)('%s goes on behind its page, which has 500 rows at most', (path) => {
  const list = LISTS.find((one) => one.path === path);
  expect(list).toMatchObject({goesOn: true});
  if (path !== '/api/v1/backorders') expect(list?.limit?.maximum).toBeLessThanOrEqual(500);
});
