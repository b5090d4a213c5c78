import {createRemoteJWKSet, errors, jwtVerify} from 'jose';
import type {JWTVerifyGetKey} from 'jose';
import * as client from 'openid-client';
import {messageOf} from '../domain/fault.ts';
import {refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import type {Configuration} from './configuration.ts';
import {principalOf, readRoleMap} from './oidc-claims.ts';
import type {Principal} from './principal.ts';

/** Signatures with a key of its own: what a shared secret signs, or nothing, could be made by anybody who has the public key. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** By how much clocks may differ. */
const CLOCK_SKEW_S = 30;
const ANSWER_S = 5;
/** Keys are asked for again after so long, and when a token names an unknown one, but not sooner than the second. */
const KEYS_KEPT_MS = 10 * 60_000;
const KEYS_COOL_DOWN_MS = 30_000;
/** A provider that did not answer is left alone for so long. */
const RETRY_MS = 10_000;

/** What the browser keeps from when it goes to the provider until it comes back. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** An OpenID Connect provider, whose people and programs have roles here. */
export interface Provider {
  /** Whether browsers can sign in there: OIDC_CLIENT_ID is set. */
  readonly hasBrowserSignIn: boolean;
  /** For whom a bearer token speaks. */
  holderOf(jwt: string): Promise<Result<Principal>>;
  /** Where to send the browser: the authorization code flow with PKCE. */
  begin(redirectUri: string): Promise<Result<{readonly url: string; readonly pending: Pending}>>;
  /** @param url as the browser came back: redirect URI and query. */
  finish(url: URL, pending: Pending): Promise<Result<Principal>>;
}

type OidcConfiguration = Pick<
  Configuration,
  | 'oidcIssuer'
  | 'oidcClientId'
  | 'oidcClientSecret'
  | 'oidcAudience'
  | 'oidcRoles'
  | 'oidcRoleClaim'
  | 'oidcPartyClaim'
  | 'oidcDepotsClaim'
  | 'oidcSegmentsClaim'
>;

/** Null where no provider is configured. Asks it when it is first needed: the service starts without it. */
export function openProvider(configuration: OidcConfiguration): Provider | null {
  const {oidcIssuer, oidcClientId, oidcClientSecret, oidcAudience, oidcRoles} = configuration;
  if (oidcIssuer === undefined) return null;
  const reading = {
    names: {
      role: configuration.oidcRoleClaim,
      party: configuration.oidcPartyClaim,
      depots: configuration.oidcDepotsClaim,
      segments: configuration.oidcSegmentsClaim,
    },
    roles: readRoleMap(oidcRoles ?? '') ?? [],
  };
  const discover = once(async () => {
    const isPlain = oidcIssuer.startsWith('http:'); // loopback: the configuration refuses any other
    const found = await client.discovery(
      new URL(oidcIssuer),
      oidcClientId ?? 'forestock',
      undefined,
      oidcClientSecret === undefined ? client.None() : client.ClientSecretPost(oidcClientSecret),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; for a provider on this machine alone
      {timeout: ANSWER_S, execute: isPlain ? [client.allowInsecureRequests] : []},
    );
    const {issuer, jwks_uri: jwksUri} = found.serverMetadata();
    const keys = createRemoteJWKSet(new URL(jwksUri ?? oidcIssuer), {
      timeoutDuration: ANSWER_S * 1000,
      cacheMaxAge: KEYS_KEPT_MS,
      cooldownDuration: KEYS_COOL_DOWN_MS,
    });
    return {found, issuer, keys};
  });
  const known = async <T>(
    work: (provider: Awaited<ReturnType<typeof discover>>) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const provider = await discover().catch((error: unknown) => unreachable(oidcIssuer, error));
    return 'ok' in provider ? provider : work(provider);
  };
  return {
    hasBrowserSignIn: oidcClientId !== undefined,
    async holderOf(jwt) {
      if (oidcAudience === undefined)
        return refused(
          'token-unknown',
          'tokens of the provider are not taken here: OIDC_AUDIENCE is not set',
        );
      return known(async ({issuer, keys}) => {
        const claims = await verified(jwt, keys, {issuer, audience: oidcAudience});
        return claims.ok ? principalOf(claims.value, reading) : claims;
      });
    },
    begin: (redirectUri) =>
      known(async ({found}) => {
        const verifier = client.randomPKCECodeVerifier();
        const pending = {state: client.randomState(), nonce: client.randomNonce(), verifier};
        const url = client.buildAuthorizationUrl(found, {
          redirect_uri: redirectUri,
          scope: 'openid profile email',
          state: pending.state,
          nonce: pending.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        return {ok: true, value: {url: url.href, pending}};
      }),
    finish: (url, {state, nonce, verifier}) =>
      known(async ({found}) => {
        try {
          const tokens = await client.authorizationCodeGrant(found, url, {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
            idTokenExpected: true,
          });
          const claims = tokens.claims()!;
          const more =
            found.serverMetadata().userinfo_endpoint === undefined
              ? {}
              : await client.fetchUserInfo(found, tokens.access_token, claims.sub);
          return principalOf({...more, ...claims}, reading);
        } catch (error) {
          return refused(
            'oidc-refused',
            `the provider did not sign you in (${messageOf(error)}); start again at /api/v1/session/oidc`,
          );
        }
      }),
  };
}

/** The claims of a token whose signature, issuer, audience and times hold. */
async function verified(
  jwt: string,
  keys: JWTVerifyGetKey,
  {issuer, audience}: {readonly issuer: string; readonly audience: string},
): Promise<Result<Record<string, unknown>>> {
  try {
    const {payload} = await jwtVerify(jwt, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_SKEW_S,
      requiredClaims: ['exp', 'sub'],
    });
    return {ok: true, value: payload};
  } catch (error) {
    return whyNot(error, {issuer, audience});
  }
}

function whyNot(
  error: unknown,
  {issuer, audience}: {readonly issuer: string; readonly audience: string},
): ReturnType<typeof refused> {
  if (error instanceof errors.JWTExpired)
    return refused('jwt-expired', 'the token has expired; get a new one');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return refused('jwt-issuer', `the token is not of ${issuer}`);
    if (error.claim === 'aud') return refused('jwt-audience', `the token is not for ${audience}`);
    if (error.claim === 'nbf')
      return refused('jwt-not-yet-valid', 'the token does not hold yet; look at the clocks');
    return refused('jwt-malformed', `the claim ${error.claim} of the token is missing or wrong`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return refused(
      'jwt-algorithm',
      `the token is not signed in a way that is taken: ${ALGORITHMS.join(', ')}`,
    );
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return refused('jwt-key-unknown', 'the provider has no such key, or not yet; get a new token');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('jwt-signature', 'the signature of the token does not fit what it says');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return refused('jwt-malformed', 'this is no signed token of a provider');
  return unreachable(issuer, error);
}

function unreachable(issuer: string, error: unknown): ReturnType<typeof refused> {
  return refused(
    'issuer-unreachable',
    `${issuer} does not answer as it should (${messageOf(error)}); try again`,
  );
}

/** What succeeds is kept; what failed is tried again, though not at once. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  let failedAt = -Infinity;
  return () => {
    const failedLately = performance.now() - failedAt < RETRY_MS;
    if (kept !== null && (failedAt === -Infinity || failedLately)) return kept;
    failedAt = -Infinity;
    kept = work().catch((error: unknown) => {
      failedAt = performance.now();
      throw error;
    });
    return kept;
  };
}
