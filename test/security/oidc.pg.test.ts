/* eslint-disable @typescript-eslint/no-unsafe-assignment -- replies are JSON of every shape, and the expectations are what checks them */
import {createHmac} from 'node:crypto';
import {SignJWT, exportJWK, exportSPKI, generateKeyPair} from 'jose';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from '../console/world.ts';
import type {Answer, ConsoleWorld} from '../console/world.ts';
import {AUDIENCE, startProvider} from '../support/oidc-provider.ts';
import type {TestProvider} from '../support/oidc-provider.ts';
import {freePort} from '../support/tcp-proxy.ts';

describe('an OpenID provider', () => {
  let provider: TestProvider;
  let world: ConsoleWorld;
  beforeAll(async () => {
    const httpPort = await freePort();
    provider = await startProvider([`http://127.0.0.1:${httpPort}/api/v1/session/oidc/callback`]);
    world = await openConsoleWorld({
      mode: 'shadow',
      httpPort,
      env: {
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: 'console',
        OIDC_CLIENT_SECRET: 'secret-of-the-console',
        OIDC_AUDIENCE: AUDIENCE,
        OIDC_ROLES: 'parts-ops=ops, parts-planners=planner, suppliers=supplier',
      },
    });
  });
  afterAll(async () => {
    await world.stop();
    await provider.stop();
  });

  const asBearer = (token: string): Promise<Answer> =>
    world.get('/api/v1/status', {authorization: `Bearer ${token}`});
  /** A token as the provider signs it, but for what the test changes. */
  const signed = async (
    claims: Readonly<Record<string, unknown>> = {},
    {header = {}, key}: {header?: object; key?: Parameters<SignJWT['sign']>[0]} = {},
  ): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: provider.issuer,
      aud: AUDIENCE,
      sub: 'program',
      roles: ['parts-ops'],
      iat: now,
      exp: now + 300,
      ...claims,
    })
      .setProtectedHeader({alg: 'RS256', kid: 'key-1', ...header})
      .sign(key ?? provider.privateKey);
  };
  const ago = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds;
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('K3 a program with a token of the provider has the role that its claims are given here', async () => {
    const token = await provider.programToken();
    expect(await asBearer(token)).toMatchObject({status: 200});
    const {body} = await world.get('/api/v1/session', {authorization: `Bearer ${token}`});
    expect(body).toMatchObject({principal: {kind: 'oidc', name: 'program', role: 'ops'}, endsAt: null});
    expect(await world.get('/api/v1/users', {authorization: `Bearer ${token}`})).toMatchObject({status: 403});
    expect(await asBearer(await signed())).toMatchObject({status: 200});
    // Clocks may differ by half a minute.
    expect(await asBearer(await signed({exp: ago(10), nbf: ago(-10)}))).toMatchObject({status: 200});
  });

  const forged: Record<string, readonly [code: string, token: () => Promise<string>]> = {
    'alg none': [
      'jwt-algorithm',
      async () => `${encoded({alg: 'none', kid: 'key-1'})}.${(await signed()).split('.')[1]!}.`,
    ],
    'key confusion: HS256 with the public key as its secret': [
      'jwt-algorithm',
      async () => {
        const pem = await exportSPKI(provider.publicKey);
        const body = `${encoded({alg: 'HS256', kid: 'key-1'})}.${(await signed()).split('.')[1]!}`;
        return `${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`;
      },
    ],
    'a wrong issuer': ['jwt-issuer', () => signed({iss: 'https://evil.example'})],
    'no issuer': ['jwt-issuer', () => signed({iss: undefined})],
    'a wrong audience': ['jwt-audience', () => signed({aud: 'https://other.example'})],
    'no audience': ['jwt-audience', () => signed({aud: undefined})],
    'the client as audience, as in an ID token': ['jwt-audience', () => signed({aud: 'console'})],
    expired: ['jwt-expired', () => signed({exp: ago(120)})],
    'without an end': ['jwt-malformed', () => signed({exp: undefined})],
    'not yet valid': ['jwt-not-yet-valid', () => signed({nbf: ago(-120)})],
    'an unknown kid': ['jwt-key-unknown', () => signed({}, {header: {kid: 'key-2'}})],
    'another key under a known kid': [
      'jwt-signature',
      async () => signed({}, {key: (await generateKeyPair('RS256')).privateKey}),
    ],
    'a key that it brings itself': [
      'jwt-signature',
      async () => {
        const own = await generateKeyPair('RS256', {extractable: true});
        return signed({}, {key: own.privateKey, header: {jwk: await exportJWK(own.publicKey)}});
      },
    ],
    tampered: [
      'jwt-signature',
      async () => {
        const [header, body, signature] = (await signed()).split('.') as [string, string, string];
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
        return `${header}.${encoded({...claims, sub: 'somebody-else'})}.${signature}`;
      },
    ],
    'no token at all': ['jwt-malformed', async () => 'a.b.c'],
    'without a subject': ['jwt-malformed', () => signed({sub: undefined})],
    'a role that is none here': ['jwt-without-role', () => signed({roles: ['everybody', 'admin']})],
    'a supplier without a party': ['jwt-without-role', () => signed({roles: ['suppliers']})],
  };
  it.each(Object.keys(forged))('K3 a token is refused with a clear code: %s', async (name) => {
    const [code, token] = forged[name]!;
    const answer = await asBearer(await token());
    expect(answer).toMatchObject({status: code === 'jwt-without-role' ? 403 : 401, body: {error: code}});
  });

  /** Goes through the provider's forms as a browser does: follows what it is sent to, and keeps cookies by host. */
  async function signIn(person: string): Promise<{readonly response: Response; readonly cookies: Jar}> {
    const cookies = new Jar();
    const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
      const response = await fetch(url, {...init, redirect: 'manual', headers: {cookie: cookies.of(url)}});
      cookies.keep(url, response);
      return response;
    };
    let at = `${world.url}/api/v1/session/oidc`;
    let response = await send(at);
    for (let step = 0; step < 12; step += 1) {
      const to = response.headers.get('location');
      if (to !== null) {
        at = new URL(to, at).href;
        response = await send(at);
        continue;
      }
      if (at.startsWith(world.url)) break;
      const form = await response.clone().text();
      const prompt = /name="prompt" value="(\w+)"/.exec(form)?.[1];
      const action = /action="([^"]+)"/.exec(form)?.[1];
      if (prompt === undefined || action === undefined) break;
      at = new URL(action, at).href;
      const body = new URLSearchParams({
        prompt,
        ...(prompt === 'login' ? {login: person, password: 'x'} : {}),
      });
      response = await send(at, {method: 'POST', body});
    }
    return {response, cookies};
  }

  it('K3 a person signs in there by code and PKCE and has a session here, as every process knows', async () => {
    expect((await world.get('/api/v1/session')).body).toMatchObject({
      principal: null,
      signIn: {oidc: '/api/v1/session/oidc'},
    });
    const {response, cookies} = await signIn('ada');
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('url=/')]);
    const session = response.headers.getSetCookie().find((one) => one.startsWith('forestock='));
    expect(session).toMatch(/HttpOnly; SameSite=Strict$/);
    const cookie = cookies.of(world.url);
    expect((await world.get('/api/v1/session', {cookie})).body).toMatchObject({
      principal: {kind: 'oidc', name: 'ada', role: 'planner', partyId: null},
    });
    expect(await world.get('/api/v1/decisions', {cookie})).toMatchObject({status: 200});
    expect(await world.get('/api/v1/users', {cookie})).toMatchObject({status: 403});
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query(`SELECT actor FROM platform.audit_entry WHERE action = 'session.opened'`);
    expect(rows).toEqual([{actor: 'oidc ada'}]);
  });

  it('K3 whom the provider gives no role has none, and a supplier has the party that the provider says', async () => {
    const nobody = await signIn('nobody');
    expect(nobody.response.status).toBe(403);
    expect(await nobody.response.json()).toMatchObject({error: 'jwt-without-role'});
    const {cookies} = await signIn('sue');
    expect((await world.get('/api/v1/session', {cookie: cookies.of(world.url)})).body).toMatchObject({
      principal: {name: 'sue', role: 'supplier', partyId: 'SUP'},
    });
  });

  it('K3 a callback that this browser did not ask for, or with another state, opens nothing', async () => {
    const callback = '/api/v1/session/oidc/callback?code=stolen&state=guessed';
    expect(await world.get(callback)).toMatchObject({status: 401, body: {error: 'oidc-refused'}});
    const begun = await fetch(`${world.url}/api/v1/session/oidc`, {redirect: 'manual'});
    const [set = ''] = begun.headers.getSetCookie();
    expect(set).toMatch(/^forestock-sign-in=.*HttpOnly; SameSite=Lax$/);
    const answer = await fetch(`${world.url}${callback}`, {headers: {cookie: set.split(';')[0]!}});
    expect([
      answer.status,
      answer.headers.getSetCookie().some((one) => one.startsWith('forestock=')),
    ]).toEqual([401, false]);
  });
});

/** Cookies by host and name, as far as this test needs them. */
class Jar {
  readonly #kept = new Map<string, string>();

  keep(url: string, response: Response): void {
    for (const text of response.headers.getSetCookie()) {
      const [pair = ''] = text.split(';');
      const at = pair.indexOf('=');
      const key = `${new URL(url).host} ${pair.slice(0, at)}`;
      if (pair.slice(at + 1) === '') this.#kept.delete(key);
      else this.#kept.set(key, pair);
    }
  }

  of(url: string): string {
    const host = `${new URL(url).host} `;
    return [...this.#kept]
      .filter(([key]) => key.startsWith(host))
      .map(([, pair]) => pair)
      .join('; ');
  }
}
