import {connect} from 'node:net';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';

const OWNER = {authorization: 'Bearer of-the-installation-4711'};
const JSON_TYPE = {'content-type': 'application/json'};

describe('headers of every reply', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({
      mode: 'shadow',
      apiToken: 'of-the-installation-4711',
      env: {PUBLIC_URL: 'https://forestock.example'},
    });
  });
  afterAll(() => world.stop());

  /** Every kind of reply: data, file, stream, refusals by each layer, and what nobody asked for. */
  it.each<[string, string, number, RequestInit]>([
    ['a list', '/api/v1/decisions', 200, {headers: OWNER}],
    ['a list as a file', '/api/v1/decisions.csv', 200, {headers: OWNER}],
    ['the stream', '/api/v1/stream', 200, {headers: OWNER}],
    ['metrics', '/metrics', 200, {headers: OWNER}],
    ['health', '/healthz', 200, {}],
    ['who is signed in', '/api/v1/session', 200, {}],
    ['nobody', '/api/v1/decisions', 401, {}],
    ['a route that is not there', '/api/v1/nothing', 404, {headers: OWNER}],
    ['a file that is not there', '/nothing.js', 404, {}],
    ['a wrong query', '/api/v1/decisions?limit=x', 400, {headers: OWNER}],
    [
      'a broken body',
      '/api/v1/stock/counts',
      400,
      {method: 'POST', headers: {...OWNER, ...JSON_TYPE}, body: '{'},
    ],
    [
      'a foreign type',
      '/api/v1/stock/counts',
      415,
      {method: 'POST', headers: {...OWNER, 'content-type': 'text/plain'}, body: 'x'},
    ],
    [
      'a body too large',
      '/api/v1/stock/counts',
      413,
      {method: 'POST', headers: {...OWNER, ...JSON_TYPE}, body: ' '.repeat(2_000_000)},
    ],
  ])('K3 %s: no browser sniffs, frames, keeps or runs it', async (_what, path, status, init) => {
    const {headers, status: got, body} = await fetch(world.url + path, init);
    await body?.cancel();
    expect(got).toBe(status);
    const policy = headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; frame-ancestors 'none';/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('K3 says nothing that a browser could take for markup about an address that is none', async () => {
    const {port, hostname} = new URL(world.url);
    const text = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(Number(port), hostname, () =>
        socket.write(
          'GET /api/v1/%zz<script>alert(1)</script> HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
        ),
      );
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('close', () => resolve(heard)).on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toMatch(/content-type: application\/json/i);
    expect(text).toMatch(/x-content-type-options: nosniff/i);
    expect(text).toContain('"error":"invalid-request"');
  });
});
