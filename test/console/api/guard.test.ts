/* eslint-disable @typescript-eslint/no-unsafe-assignment -- asymmetric matchers are typed any */
import {describe, expect, it} from 'vitest';
import {createGuard} from '../../../console/api/guard.ts';
import type {Guard, GuardOptions} from '../../../console/api/guard.ts';
import {isLoopback} from '../../../platform/loopback.ts';
import {startConsole} from '../../../console/api/server.ts';
import {epochMs} from '../../../domain/time.ts';
import {readConfiguration} from '../../../platform/configuration.ts';
import {INSTALLATION} from '../../../platform/principal.ts';
import type {Principal} from '../../../platform/principal.ts';

const request = (headers: Record<string, string>, cookies: Record<string, string> = {}, method = 'GET') =>
  ({headers, cookies, method, host: headers['host']}) as unknown as Parameters<Guard>[0];
const PARTY: Principal = {
  kind: 'token',
  name: 'a',
  role: 'technician',
  partyId: 'SVC-A',
  depotIds: null,
  segments: null,
};
const PLANNER: Principal = {
  kind: 'user',
  name: 'planner',
  role: 'planner',
  partyId: null,
  depotIds: null,
  segments: null,
};
/** One token and one session are known. */
const guarded = (options: GuardOptions, users = false): Guard =>
  createGuard(options, {
    tokens: {holderOf: async (token: string) => (token === 'fst_of-a' ? PARTY : null)} as never,
    sessions: {
      find: async (secret: string) =>
        secret === 'of-planner' ? {principal: PLANNER, endsAt: epochMs(1)} : null,
    } as never,
    users: {any: async () => users} as never,
  });
const OWN = 'a-token-of-some-length';

describe('who may call the API', () => {
  it('with the installation’s token: who shows it, from anywhere', async () => {
    const guard = guarded({apiToken: OWN, openLoopback: 'never'});
    expect(await guard(request({authorization: `Bearer ${OWN}`, host: 'forestock.example'}))).toEqual({
      ok: true,
      value: INSTALLATION,
    });
    expect(await guard(request({}))).toMatchObject({ok: false, reason: 'sign-in-needed'});
    for (const authorization of ['Bearer other', `Basic ${OWN}`, 'Bearer '])
      expect(await guard(request({authorization}))).toMatchObject({ok: false, reason: 'token-unknown'});
  });

  it.each([OWN, undefined])(
    'A4 a token of a party: that party, and nobody once it is revoked, whatever the installation has (%s)',
    async (apiToken) => {
      const guard = guarded({apiToken, openLoopback: apiToken === undefined ? 'without-users' : 'never'});
      const by = (token: string) => guard(request({authorization: `Bearer ${token}`, host: 'localhost'}));
      expect(await by('fst_of-a')).toEqual({ok: true, value: PARTY});
      expect(await by('fst_revoked')).toMatchObject({ok: false, reason: 'token-unknown'});
    },
  );

  it('K3 a wrong token is never taken for somebody else, open to this machine or with a session beside it', async () => {
    const guard = guarded({openLoopback: 'always'});
    const both = request({authorization: 'Bearer wrong', host: 'localhost'}, {forestock: 'of-planner'});
    expect(await guard(both)).toMatchObject({ok: false, reason: 'token-unknown'});
  });

  it('where nobody has to sign in: callers by a loopback address, and no page of another site', async () => {
    const guard = guarded({openLoopback: 'without-users'});
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080'])
      expect(await guard(request({host}))).toMatchObject({ok: true, value: {role: 'admin'}});
    expect(await guard(request({host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080'}))).toMatchObject({
      ok: true,
    });
    for (const headers of [
      {host: 'rebound.example:8080'},
      {host: '127.0.0.1:8080', origin: 'https://evil.example'},
      {host: '127.0.0.1:8080', origin: 'null'},
      {host: '127.0.0.1:8080', 'sec-fetch-site': 'cross-site'},
    ])
      expect(await guard(request(headers as Record<string, string>))).toMatchObject({
        ok: false,
        reason: 'foreign-origin',
      });
  });

  it('K3 with the first user everybody signs in, except in the demo', async () => {
    const here = request({host: '127.0.0.1:8080'});
    expect(await guarded({openLoopback: 'without-users'}, true)(here)).toMatchObject({
      ok: false,
      reason: 'sign-in-needed',
    });
    expect(await guarded({openLoopback: 'always'}, true)(here)).toMatchObject({ok: true});
    expect(await guarded({openLoopback: 'never'})(here)).toMatchObject({ok: false});
  });

  it.each([
    ['GET', undefined, true],
    ['HEAD', undefined, true],
    ['POST', 'https://forestock.example', true],
    ['DELETE', 'https://forestock.example', true],
    ['POST', 'https://console.example:8443', true], // PUBLIC_URL
    ['POST', undefined, false],
    ['POST', 'null', false],
    ['PUT', 'https://evil.example', false],
    ['POST', 'https://forestock.example.evil.example', false],
    ['DELETE', 'https://forestock.example:444', false],
    ['POST', 'http://console.example:8443', false],
  ])('K3 a session: %s from a page of %s is heard: %s', async (method, origin, heard) => {
    const guard = guarded({openLoopback: 'never', publicUrl: 'https://console.example:8443'}, true);
    const headers = {host: 'forestock.example', ...(origin === undefined ? {} : {origin})};
    expect(await guard(request(headers, {'__Host-forestock': 'of-planner'}, method))).toMatchObject(
      heard ? {ok: true, value: PLANNER} : {ok: false, reason: 'foreign-origin'},
    );
    expect(await guard(request(headers, {forestock: 'ended'}, method))).toMatchObject({
      reason: 'sign-in-needed',
    });
  });

  it('refuses to listen for other machines where nobody has to sign in', async () => {
    const ports = {installation: {demo: false}, users: {any: async () => false}} as never;
    await expect(startConsole(ports, {...readConfiguration({}), httpHost: '0.0.0.0'})).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('forestock user add'),
    });
  });

  it('knows loopback addresses', () => {
    expect(['127.0.0.1', '127.9.9.9', 'localhost', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example'].some(isLoopback)).toBe(false);
  });
});
