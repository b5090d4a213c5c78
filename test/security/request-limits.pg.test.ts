import {afterAll, afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {portsOf} from '../../cli/serve-api.ts';
import {createGuard} from '../../console/api/guard.ts';
import type {Guard} from '../../console/api/guard.ts';
import {createConsole} from '../../console/api/server.ts';
import type {ConsoleOptions} from '../../console/api/server.ts';
import {API_ERRORS} from '../../console/api/errors.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';

const NO_LIMIT = 0;

describe('limits of requests', () => {
  let world: ConsoleWorld;
  const tokens: string[] = [];
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
    for (const name of ['busy', 'calm']) {
      const made = await world.send('PUT', `/api/v1/tokens/${name}`, {role: 'auditor'});
      tokens.push((made.body as {token: string}).token);
    }
  });
  afterAll(() => world.stop());
  afterEach(() => void vi.useRealTimers());

  /** The API with these limits, asked without a socket: who asks where from is up to the test. */
  async function open(options: Omit<ConsoleOptions, 'guard'> & {readonly guard?: Guard}): Promise<{
    ask: (from: {address?: string; token?: string; path?: string; forwarded?: string}) => Promise<Heard>;
    close: () => Promise<void>;
  }> {
    const ports = portsOf(world.base, world);
    const guard = createGuard({openLoopback: 'never'}, ports);
    const app = await createConsole(ports, {guard, ...options});
    return {
      async ask({address = '10.0.0.1', token, path = '/api/v1/glossary', forwarded}) {
        const {statusCode, headers, body} = await app.inject({
          url: path,
          remoteAddress: address,
          headers: {
            ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
            ...(forwarded === undefined ? {} : {'x-forwarded-for': forwarded}),
          },
        });
        const wait = headers['retry-after'];
        return {status: statusCode, waitS: wait === undefined ? null : Number(wait), body};
      },
      close: () => app.close(),
    };
  }

  it('K3 a caller past its limit is told when to go on, and others at its address are not held up', async () => {
    vi.useFakeTimers({toFake: ['Date']});
    const [busy = '', calm = ''] = tokens;
    const {ask, close} = await open({limits: {perCaller: 3, perAddress: NO_LIMIT}});
    for (let nth = 1; nth <= 3; nth += 1) expect(await ask({token: busy})).toMatchObject({status: 200});
    vi.setSystemTime(Date.now() + 20_000);
    const late = await ask({token: busy, address: '10.0.0.2'});
    expect(late).toMatchObject({status: 429, waitS: 40});
    expect(JSON.parse(late.body)).toMatchObject({error: 'too-many-requests'});
    expect(API_ERRORS['too-many-requests'].status).toBe(429);
    expect(await ask({token: calm})).toMatchObject({status: 200});
    vi.setSystemTime(Date.now() + 40_000);
    expect(await ask({token: busy})).toMatchObject({status: 200});
    await close();
  });

  it('K3 an address past its limit is refused before anybody asks who calls', async () => {
    let asked = 0;
    const guard: Guard = async () => {
      asked += 1;
      return {ok: false, reason: 'token-unknown', detail: 'guessed'};
    };
    const {ask, close} = await open({guard, limits: {perCaller: NO_LIMIT, perAddress: 5}});
    const heard = [];
    for (let nth = 1; nth <= 8; nth += 1) heard.push((await ask({token: `fst_guess-${nth}`})).status);
    expect(heard).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect(asked).toBe(5);
    expect(await ask({address: '10.0.0.2', token: 'x'})).toMatchObject({status: 401});
    await close();
  });

  it('K3 sign-in, routes that are not there and metrics count too; health never does', async () => {
    const {ask, close} = await open({limits: {perCaller: NO_LIMIT, perAddress: 3}});
    for (const path of ['/api/v1/session', '/api/v1/no-such-thing', '/metrics'])
      expect((await ask({path})).status).not.toBe(429);
    expect(await ask({path: '/api/v1/session'})).toMatchObject({status: 429});
    for (const path of ['/healthz', '/readyz'])
      for (let nth = 0; nth < 5; nth += 1) expect(await ask({path})).toMatchObject({status: 200});
    await close();
  });

  it('K3 an IPv6 network is one address: who has one of 2^64 addresses does not have as many limits', async () => {
    const {ask, close} = await open({limits: {perCaller: NO_LIMIT, perAddress: 1}});
    expect(await ask({address: '2001:db8::1'})).toMatchObject({status: 401});
    expect(await ask({address: '2001:db8::2'})).toMatchObject({status: 429});
    expect(await ask({address: '2001:db8:0:1::1'})).toMatchObject({status: 401});
    await close();
  });

  it('K3 what a request says of its origin counts from a proxy that is named, and from nobody else', async () => {
    const limits = {perCaller: NO_LIMIT, perAddress: 1};
    const {ask, close} = await open({limits, trustedProxies: ['10.9.0.0/16']});
    expect(await ask({address: '10.9.0.1', forwarded: '203.0.113.1'})).toMatchObject({status: 401});
    expect(await ask({address: '10.9.0.1', forwarded: '203.0.113.2'})).toMatchObject({status: 401});
    expect(await ask({address: '10.9.0.1', forwarded: '203.0.113.1'})).toMatchObject({status: 429});
    // A caller may write what it likes before the proxy adds where it really is.
    expect(await ask({address: '10.9.0.1', forwarded: '192.0.2.7, 203.0.113.1'})).toMatchObject({
      status: 429,
    });
    expect(await ask({address: '198.51.100.1', forwarded: '203.0.113.3'})).toMatchObject({status: 401});
    expect(await ask({address: '198.51.100.1', forwarded: '203.0.113.4'})).toMatchObject({status: 429});
    await close();
  });

  it('K3 one caller does not take all streams', async () => {
    const open = async (): Promise<Response> => fetch(`${world.url}/api/v1/stream`);
    const streams = await Promise.all(Array.from({length: 16}, open));
    expect(streams.map(({status}) => status)).toEqual(streams.map(() => 200));
    const other = await fetch(`${world.url}/api/v1/stream`, {
      headers: {authorization: `Bearer ${tokens[0]!}`},
    });
    expect(other.status).toBe(200);
    const more = await open();
    expect(more.status).toBe(503);
    expect(await more.json()).toMatchObject({error: 'too-many-streams'});
    for (const stream of [...streams, other]) await stream.body?.cancel();
    await expect
      .poll(async () => {
        const again = await open();
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);
  });
});

interface Heard {
  readonly status: number;
  /** Retry-After, in seconds. */
  readonly waitS: number | null;
  readonly body: string;
}
