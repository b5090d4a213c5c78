/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {PERMISSIONS, reachOf} from '../../console/api/permissions.ts';
import type {Permission} from '../../console/api/permissions.ts';
import {ROUTES} from '../../console/api/routes.ts';
import {serveRoutes} from '../../console/api/serve-routes.ts';
import {ROLES} from '../../platform/principal.ts';
import type {Principal, Role} from '../../platform/principal.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {twoCustomers} from '../network/two-customers.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const PARTY: Partial<Record<Role, string>> = {technician: 'CUS-A', supplier: 'SUP', customer: 'CUS-A'};

/** What is served beside the table of routes. */
const BESIDE: readonly (readonly [string, string, Permission])[] = [
  ['GET', '/api/v1/openapi.json', 'api.describe'],
  ['GET', '/api/v1/asyncapi.json', 'api.describe'],
  ['GET', '/api/v1/stream', 'decisions.read'],
  ['GET', '/metrics', 'service.measure'],
];
const SERVED = [
  ...ROUTES.map(({method, path, permission}) => [method, path, permission] as const),
  ...BESIDE,
];
const VERBS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

describe('roles at the routes', () => {
  let world: ConsoleWorld;
  const tokens = new Map<Role, string>();

  beforeAll(async () => {
    world = await openConsoleWorld({
      mode: 'shadow',
      data: twoCustomers(),
      apiToken: 'the-installation-token',
    });
    for (const role of ROLES) {
      const partyId = PARTY[role];
      const {status, body} = await world.send(
        'PUT',
        `/api/v1/tokens/of-${role}`,
        {role, ...(partyId === undefined ? {} : {partyId})},
        OWNER,
      );
      expect([role, status]).toEqual([role, 200]);
      tokens.set(role, body.token);
    }
  });
  afterAll(() => world.stop());

  /** The status alone: a stream would never end. A body that fits no schema keeps what is allowed from doing anything. */
  const statusOf = async (method: string, path: string, role: Role | null): Promise<number> => {
    const response = await fetch(`${world.url}${path.replaceAll(/\{\w+\}/g, 'x')}`, {
      method,
      headers: {
        ...(role === null ? {} : {authorization: `Bearer ${tokens.get(role)!}`}),
        ...(method === 'GET' ? {} : {'content-type': 'application/json'}),
      },
      ...(method === 'GET' ? {} : {body: '{"no-field-of-any-schema": 1}'}),
    });
    await response.body?.cancel();
    return response.status;
  };

  it.each(ROLES)(
    'K3 %s gets through to the routes that its row of the matrix names, and to no other',
    async (role) => {
      const principal: Principal = {
        kind: 'token',
        name: 'x',
        role,
        partyId: PARTY[role] ?? null,
        depotIds: null,
        segments: null,
      };
      const wrong: string[] = [];
      let open = 0;
      for (const [method, path, permission] of SERVED) {
        const may = reachOf(principal, permission) !== null;
        const status = await statusOf(method, path, role);
        if (may) open += 1;
        if (may ? status === 401 || status === 403 || status === 500 : status !== 403)
          wrong.push(`${method} ${path} (${permission}): ${status}`);
      }
      expect(wrong).toEqual([]);
      if (role === 'admin') expect(open).toBe(SERVED.length);
    },
  );

  it('K3 nobody gets through without a token, whatever the route and the verb', async () => {
    for (const [method, path] of SERVED)
      expect([method, path, await statusOf(method, path, null)]).toEqual([method, path, 401]);
  });

  it('K3 a verb that a path does not have is not found for everybody, and never does what another one does', async () => {
    const paths = [...new Set(ROUTES.map(({path}) => path))];
    for (const path of paths) {
      const has = new Set<string>(ROUTES.filter((route) => route.path === path).map(({method}) => method));
      const alias = ROUTES.filter((route) => matches(route.path, path.replaceAll(/\{\w+\}/g, 'x')));
      for (const method of VERBS) {
        if (has.has(method) || alias.some((route) => route.method === method)) continue;
        expect([method, path, await statusOf(method, path, 'supplier')]).toEqual([method, path, 404]);
        expect([method, path, await statusOf(method, path, null)]).toEqual([method, path, 401]);
      }
    }
  });

  it('K3 every permission has a route, every role but equipment does something, and admin may all', () => {
    const used = new Set(SERVED.map(([, , permission]) => permission));
    expect(Object.keys(PERMISSIONS).filter((name) => !used.has(name as Permission))).toEqual([]);
    for (const {roles} of Object.values(PERMISSIONS)) expect(roles).toHaveProperty('admin', 'all');
    for (const role of ROLES) {
      const rows = Object.entries(PERMISSIONS).filter(([, {roles}]) => Object.hasOwn(roles, role));
      expect([role, rows.length > 1]).toEqual([role, role !== 'equipment']);
    }
  });

  it('K3 a route that does not keep to the bounds of its permission does not start', () => {
    const careless = ROUTES.filter(({permission}) => permission === 'stock.book').map((route) => ({
      ...route,
      keepsTo: [],
    }));
    expect(() => serveRoutes({} as never, careless, {} as never)).toThrow(
      'POST /api/v1/stock/issues keeps to the bounds of stock.book: shelves missing in keepsTo',
    );
  });
});

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
}
