/* eslint-disable @typescript-eslint/no-unsafe-assignment -- asymmetric matchers are typed any */
import {describe, expect, it} from 'vitest';
import {createGuard} from '../../../console/api/guard.ts';
import {isLoopback} from '../../../platform/loopback.ts';
import type {Guard} from '../../../console/api/guard.ts';
import {startConsole} from '../../../console/api/server.ts';

const request = (headers: Record<string, string>) => ({headers}) as Parameters<Guard>[0];
const PARTY = {kind: 'party', partyId: 'SVC-A', tokenName: 'a'} as const;
/** One token of a party is known. */
const tokens = {holderOf: async (token: string) => (token === 'fst_of-a' ? PARTY : null)};

describe('who may call the API', () => {
  it('with a token: who shows it, from anywhere', async () => {
    const guard = createGuard('a-token-of-some-length', tokens);
    expect(
      await guard(request({authorization: 'Bearer a-token-of-some-length', host: 'forestock.example'})),
    ).toEqual({ok: true, value: {kind: 'installation'}});
    for (const wrong of [
      {},
      {authorization: 'Bearer other'},
      {authorization: 'Basic a-token-of-some-length'},
      {authorization: 'Bearer '},
    ])
      expect(await guard(request(wrong as Record<string, string>))).toMatchObject({
        ok: false,
        reason: 'token-needed',
      });
  });

  it.each(['a-token-of-some-length', undefined])(
    'A4 a token of a party: that party, and nobody once it is revoked, whatever the installation has (%s)',
    async (own) => {
      const guard = createGuard(own, tokens);
      const by = (token: string) => guard(request({authorization: `Bearer ${token}`, host: 'localhost'}));
      expect(await by('fst_of-a')).toEqual({ok: true, value: PARTY});
      expect(await by('fst_revoked')).toMatchObject({ok: false, reason: 'token-unknown'});
    },
  );

  it('without a token: callers by a loopback address, and no page of another site', async () => {
    const guard = createGuard(undefined, tokens);
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080'])
      expect(await guard(request({host}))).toMatchObject({ok: true});
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

  it('refuses to listen for other machines without a token', async () => {
    await expect(startConsole({} as never, {httpHost: '0.0.0.0', httpPort: 0})).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('FORESTOCK_API_TOKEN'),
    });
  });

  it('knows loopback addresses', () => {
    expect(['127.0.0.1', '127.9.9.9', 'localhost', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example'].some(isLoopback)).toBe(false);
  });
});
