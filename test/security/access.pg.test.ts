/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startConsole} from '../../console/api/server.ts';
import type {ConsoleServer} from '../../console/api/server.ts';
import {portsOf} from '../../cli/serve-api.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {Answer, ConsoleWorld} from '../console/world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const PASSWORD = 'nineteen blue herons';

describe('users and their sessions', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose', apiToken: 'the-installation-token'});
    const users = [
      {name: 'planner-1', role: 'planner', depotIds: ['D-1']},
      {name: 'planner-2', role: 'planner', depotIds: ['D-C']},
      {name: 'planner-a', role: 'planner', segments: ['A']},
      {name: 'planner-b', role: 'planner', depotIds: ['D-1'], segments: ['A', 'B']},
      {name: 'guesser-1', role: 'planner'},
      {name: 'ops-1', role: 'ops'},
      {name: 'auditor-1', role: 'auditor'},
      {name: 'auditor-2', role: 'auditor'},
      {name: 'admin-1', role: 'admin'},
      {name: 'customer-1', role: 'customer', partyId: 'CUS'},
    ];
    for (const {name, ...user} of users) {
      const added = await world.post(`/api/v1/users/${name}`, {...user, password: PASSWORD}, OWNER);
      expect([name, added.status]).toEqual([name, 200]);
    }
    await world.decide();
  });
  afterAll(() => world.stop());

  /** Signs in, and sends what follows with the cookie and the Origin, as the browser does. */
  async function browser(name: string, password = PASSWORD): Promise<Browser> {
    const response = await fetch(`${world.url}/api/v1/session`, {
      method: 'POST',
      headers: {'content-type': 'application/json', origin: world.url},
      body: JSON.stringify({name, password}),
    });
    const [set = ''] = response.headers.getSetCookie();
    const cookie = set.split(';')[0]!;
    return {
      set,
      signedIn: {status: response.status, body: await response.json()},
      get: (path) => world.get(path, {cookie}),
      post: (path, body = {}) => world.post(path, body, {cookie, origin: world.url}),
      send: (method, path, body = {}) => world.send(method, path, body, {cookie, origin: world.url}),
      cookie,
    };
  }

  it('K3 who signs in has a cookie that no script and no other site can use, and is told what it may do', async () => {
    const planner = await browser('planner-1');
    expect(planner.signedIn.status).toBe(200);
    expect(planner.set).toMatch(/^forestock=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    const {body} = await planner.get('/api/v1/session');
    expect(body).toEqual(planner.signedIn.body);
    expect(body).toMatchObject({
      principal: {
        kind: 'user',
        name: 'planner-1',
        role: 'planner',
        partyId: null,
        depotIds: ['D-1'],
        segments: null,
      },
      signIn: {password: true, oidc: null},
      installation: {mode: 'propose', demo: false},
      endsAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(body.permissions).toContain('proposals.answer');
    expect(body.permissions).not.toContain('access.manage');
  });

  it('K3 nobody is told who is not signed in, and an ended session is nobody', async () => {
    const nobody = {principal: null, permissions: [], endsAt: null, installation: null};
    expect((await world.get('/api/v1/session')).body).toMatchObject(nobody);
    const ops = await browser('ops-1');
    expect((await ops.get('/api/v1/status')).status).toBe(200);
    expect(await ops.send('DELETE', '/api/v1/session')).toMatchObject({status: 200, body: {signedOut: true}});
    expect((await ops.get('/api/v1/session')).body).toMatchObject(nobody);
    expect(await ops.get('/api/v1/status')).toMatchObject({status: 401, body: {error: 'sign-in-needed'}});
  });

  it('K3 a wrong password and a name that nobody has are answered alike', async () => {
    const wrong = (await browser('planner-1', 'not the password')).signedIn;
    const missing = (await browser('nobody-at-all', 'not the password')).signedIn;
    for (const {status, body} of [wrong, missing]) {
      expect(status).toBe(401);
      expect(body).toMatchObject({error: 'sign-in-refused', message: wrong.body.message});
    }
  });

  it('K3 guesses at one name have to wait, the right one too; other names need not', async () => {
    for (let nth = 0; nth < 6; nth += 1) await browser('auditor-1', `guess ${nth}`);
    const late = (await browser('auditor-1')).signedIn;
    expect(late).toMatchObject({status: 429, body: {error: 'too-many-sign-ins'}});
    expect((await browser('ops-1')).signedIn.status).toBe(200);
  });

  it('K3 somebody changes the own password: the old one is asked for, every other session ends, this one goes on', async () => {
    const change = '/api/v1/session/password';
    const NEW = 'twenty grey cormorants';
    const [here, elsewhere] = [await browser('auditor-2'), await browser('auditor-2')];
    expect(await here.post(change, {password: 'not the password', newPassword: NEW})).toMatchObject({
      ...{status: 422, body: {error: 'password-wrong', details: [{path: 'body.password'}]}},
    });
    expect(await here.post(change, {password: PASSWORD, newPassword: 'Password2026!'})).toMatchObject({
      ...{status: 422, body: {error: 'password-weak', details: [{path: 'body.newPassword'}]}},
    });
    expect((await elsewhere.get('/api/v1/status')).status).toBe(200); // nothing has changed yet

    const answer = await fetch(world.url + change, {
      method: 'POST',
      headers: {'content-type': 'application/json', cookie: here.cookie, origin: world.url},
      body: JSON.stringify({password: PASSWORD, newPassword: NEW}),
    });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    expect((await world.get('/api/v1/status', {cookie})).status).toBe(200);
    for (const before of [here, elsewhere]) expect((await before.get('/api/v1/status')).status).toBe(401);
    expect((await browser('auditor-2')).signedIn.status).toBe(401);
    expect((await browser('auditor-2', NEW)).signedIn.status).toBe(200);
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query(
        `SELECT actor, subject FROM platform.audit_entry WHERE action = 'user.password' AND actor = subject`,
      );
    expect(rows).toEqual([{actor: 'auditor-2', subject: 'auditor-2'}]);
  });

  it('K3 a password is changed by whoever signed in with it: not by a token, a foreign page, nobody or a guesser', async () => {
    const change = '/api/v1/session/password';
    const body = {password: PASSWORD, newPassword: 'twenty grey cormorants'};
    expect(await world.post(change, body, OWNER)).toMatchObject({status: 422, body: {error: 'no-password'}});
    expect(await world.post(change, body)).toMatchObject({status: 401, body: {error: 'sign-in-needed'}});
    const guesser = await browser('guesser-1');
    const {cookie} = guesser;
    const foreign = await world.post(change, body, {cookie, origin: 'https://elsewhere.example'});
    expect(foreign).toMatchObject({status: 403, body: {error: 'foreign-origin'}});
    const wrong = {...body, password: 'not the password'};
    const codes: unknown[] = [];
    for (let guess = 0; guess < 7; guess += 1) codes.push((await guesser.post(change, wrong)).body.error);
    expect(codes.slice(0, 6)).toEqual(Array.from({length: 6}, () => 'password-wrong'));
    expect(codes[6]).toBe('too-many-sign-ins');
  });

  it('K3 a session changes nothing for a page of another site', async () => {
    const admin = await browser('admin-1');
    const forged = (headers: Record<string, string>): Promise<Answer> =>
      world.post(
        '/api/v1/users/mallory',
        {role: 'admin', password: PASSWORD},
        {cookie: admin.cookie, ...headers},
      );
    for (const headers of [{}, {origin: 'https://evil.example'}, {origin: 'null'}])
      expect(await forged(headers)).toMatchObject({status: 403, body: {error: 'foreign-origin'}});
    expect((await admin.get('/api/v1/users')).body.users.map(({name}: {name: string}) => name)).not.toContain(
      'mallory',
    );
  });

  it('K3 what a user does is told in its name, whatever name it gives', async () => {
    const admin = await browser('admin-1');
    const made = await admin.send('PUT', '/api/v1/tokens/for-nobody', {
      partyId: 'SUP',
      actor: 'somebody else',
    });
    expect(made.status).toBe(200);
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query(
        `SELECT actor FROM platform.audit_entry WHERE action = 'issue-token' AND subject = 'for-nobody'`,
      );
    expect(rows).toEqual([{actor: 'admin-1'}]);
  });

  it('D5 K3 a planner answers the proposals and books the stock of its own depots, and no others', async () => {
    const {decisionId} = (await world.get('/api/v1/proposals?depotId=D-1', OWNER)).body.proposals[0];
    const [own, other] = [await browser('planner-1'), await browser('planner-2')];
    const rejection = {reasonCode: 'ordered-elsewhere'};
    const path = `/api/v1/proposals/${decisionId}/reject`;
    expect(await other.post(path, rejection)).toMatchObject({status: 403, body: {error: 'foreign-depot'}});
    expect(await own.post(path, rejection)).toMatchObject({status: 200, body: {state: 'rejected'}});
    const {body} = await own.get(`/api/v1/decisions/${decisionId}`);
    expect(body.reviews).toMatchObject([{actor: 'planner-1', verdict: 'reject'}]);
    const count = {part: {number: 'P-1'}, depotId: 'D-1', counted: 1};
    expect(await other.post('/api/v1/stock/counts', count)).toMatchObject({status: 403});
    expect(await own.post('/api/v1/stock/counts', count)).toMatchObject({status: 200});
  });

  it('K3 a planner acts for the parts of its own segments, and sees those of all', async () => {
    const proposals = '/api/v1/proposals?depotId=D-1';
    const [own, other] = [await browser('planner-b'), await browser('planner-a')];
    const count = {part: {number: '6205', scheme: 'MPN'}, depotId: 'D-1', counted: 2}; // P-1, of segment B
    expect(await other.post('/api/v1/stock/counts', count)).toMatchObject({
      ...{status: 403, body: {error: 'foreign-segment', message: expect.stringContaining('not of B')}},
    });
    expect(await own.post('/api/v1/stock/counts', count)).toMatchObject({status: 200});
    expect(await other.post('/api/v1/stock/counts', {...count, part: {number: 'P-9'}})).toMatchObject({
      ...{status: 422, body: {error: 'unknown-part'}},
    });
    await world.decide();
    const [proposal] = (await other.get(proposals)).body.proposals;
    const path = `/api/v1/proposals/${proposal.decisionId}/approve`;
    expect(await other.post(path)).toMatchObject({status: 403, body: {error: 'foreign-segment'}});
    const approved = await own.post(path);
    expect(approved).toMatchObject({status: 200});
    const {orderId} = approved.body;
    for (const [planner, status] of [
      [other, 403],
      [own, 200],
    ] as const)
      expect((await planner.post(`/api/v1/orders/${orderId}/cancel`)).status).toBe(status);
  });

  it('K3 a customer hears of its own party alone', async () => {
    const customer = await browser('customer-1');
    expect((await customer.get('/api/v1/repair-reports')).status).toBe(200);
    expect(await customer.get('/api/v1/repair-reports?partyId=SUP')).toMatchObject({
      status: 403,
      body: {error: 'foreign-party'},
    });
    expect(await customer.get('/api/v1/stock')).toMatchObject({status: 403, body: {error: 'not-permitted'}});
  });

  it('K3 who is disabled, changed or given another password is signed out at once', async () => {
    const change: Record<string, (name: string) => Promise<Answer>> = {
      disabled: (name) => world.send('PUT', `/api/v1/users/${name}/disabled`, {disabled: true}, OWNER),
      role: (name) => world.send('PUT', `/api/v1/users/${name}/role`, {role: 'ops'}, OWNER),
      password: (name) =>
        world.send('PUT', `/api/v1/users/${name}/password`, {password: `${PASSWORD}!`}, OWNER),
    };
    for (const [what, act] of Object.entries(change)) {
      const name = `leaver-${what}`;
      await world.post(`/api/v1/users/${name}`, {role: 'planner', password: PASSWORD}, OWNER);
      const user = await browser(name);
      expect((await user.get('/api/v1/status')).status).toBe(200);
      expect((await act(name)).status).toBe(200);
      expect([what, (await user.get('/api/v1/status')).status]).toEqual([what, 401]);
      const again = (await browser(name)).signedIn.status;
      expect([what, again]).toEqual([what, what === 'role' ? 200 : 401]);
    }
  });

  it.each([
    [{role: 'planner', password: 'short'}, 400, 'password-weak'],
    [{role: 'planner', password: 'Password2026!'}, 400, 'password-weak'],
    [{role: 'planner', password: 'changeme123456'}, 400, 'password-weak'],
    [{role: 'planner', password: 'x weak-one x weak-one'}, 400, 'password-weak'],
    [{role: 'supplier', password: PASSWORD}, 422, 'role-mismatch'],
    [{role: 'ops', partyId: 'CUS', password: PASSWORD}, 422, 'role-mismatch'],
    [{role: 'ops', depotIds: ['D-1'], password: PASSWORD}, 422, 'role-mismatch'],
    [{role: 'ops', segments: ['A'], password: PASSWORD}, 422, 'role-mismatch'],
    [{role: 'planner', segments: ['Z'], password: PASSWORD}, 400, 'invalid-request'],
    [{role: 'supplier', partyId: 'NOBODY', password: PASSWORD}, 422, 'unknown-party'],
    [{role: 'planner', depotIds: ['D-X'], password: PASSWORD}, 422, 'unknown-depot'],
    [{role: 'king', password: PASSWORD}, 400, 'invalid-request'],
  ])('K3 a user cannot be %j', async (body, status, error) => {
    expect(await world.post('/api/v1/users/weak-one', body, OWNER)).toMatchObject({
      status: status === 400 && error === 'password-weak' ? 422 : status,
      body: {error},
    });
  });

  it('K3 neither a password nor what a cookie carries is kept', async () => {
    const ops = await browser('ops-1');
    const secret = ops.cookie.split('=')[1]!;
    const {rows} = await world.db.poolFor('forestock_platform').query<{kept: string}>(
      `SELECT (SELECT string_agg(s::text, ' ') FROM platform.session s) || (SELECT string_agg(p::text, ' ') FROM platform.principal p)
              || (SELECT string_agg(body::text, ' ') FROM platform.audit_entry) AS kept`,
    );
    expect(rows[0]!.kept).not.toContain(secret);
    expect(rows[0]!.kept).not.toContain(PASSWORD);
    await expect(
      world.db.poolFor('forestock_api').query('SELECT FROM platform.session'),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('an installation without a token', () => {
  let world: ConsoleWorld;
  const servers: ConsoleServer[] = [];
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await world.stop();
  });

  it('K3 is open to this machine until there is a user; the demo stays open', async () => {
    const demo = await startConsole(portsOf(world.base, {...world, demo: true}), {
      ...world.configuration,
      httpPort: 0,
    });
    servers.push(demo);
    const roleAt = async (url: string): Promise<string | undefined> =>
      ((await (await fetch(`${url}/api/v1/session`)).json()) as {principal: {role: string} | null}).principal
        ?.role;
    expect([await roleAt(world.url), await roleAt(demo.url)]).toEqual(['admin', 'admin']);
    const added = await world.post('/api/v1/users/admin-1', {role: 'admin', password: PASSWORD});
    expect(added.status).toBe(200);
    expect([await roleAt(world.url), await roleAt(demo.url)]).toEqual([undefined, 'admin']);
    expect(await world.get('/api/v1/status')).toMatchObject({status: 401, body: {error: 'sign-in-needed'}});
  });
});

interface Browser {
  readonly signedIn: Answer;
  readonly set: string;
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  send(method: 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
}
