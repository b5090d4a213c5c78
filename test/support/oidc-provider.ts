import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {exportJWK, generateKeyPair} from 'jose';
import type {CryptoKey} from 'jose';
import Provider from 'oidc-provider';

/** What the provider says of its people. */
export const PEOPLE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ada: {preferred_username: 'ada', roles: ['everybody', 'parts-planners']},
  sue: {preferred_username: 'sue', roles: ['suppliers'], forestock_party: 'SUP'},
  nobody: {preferred_username: 'nobody', roles: ['everybody']},
};
export const AUDIENCE = 'https://forestock.example/api';

export interface TestProvider {
  readonly issuer: string;
  /** Its own key: what it signs, a test can sign. */
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** A token for a program, as the provider gives it. */
  programToken(): Promise<string>;
  stop(): Promise<void>;
}

/** A real OpenID provider (oidc-provider) on 127.0.0.1, with its own sign-in forms. */
export async function startProvider(redirectUris: readonly string[]): Promise<TestProvider> {
  const {privateKey, publicKey} = await generateKeyPair('RS256', {extractable: true});
  const kid = 'key-1';
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    jwks: {keys: [{...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig'}]},
    cookies: {keys: ['a key of this test']},
    clients: [
      {
        client_id: 'console',
        client_secret: 'secret-of-the-console',
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: 'program',
        client_secret: 'secret-of-the-program',
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
      },
    ],
    claims: {openid: ['sub'], profile: ['preferred_username', 'roles', 'forestock_party']},
    pkce: {required: () => true},
    findAccount: (_context, id) => ({accountId: id, claims: () => ({sub: id, ...PEOPLE[id]})}),
    features: {
      devInteractions: {enabled: true},
      clientCredentials: {enabled: true},
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, client) => (client.clientId === 'program' ? AUDIENCE : []),
        getResourceServerInfo: () => ({
          scope: 'api',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt' as const,
          jwt: {sign: {alg: 'RS256' as const}},
        }),
      },
    },
    extraTokenClaims: () => ({roles: ['parts-ops'], sub: 'program'}),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    privateKey,
    publicKey,
    async programToken() {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'program',
          client_secret: 'secret-of-the-program',
        }),
      });
      return ((await response.json()) as {access_token: string}).access_token;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
