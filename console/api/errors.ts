/** What the HTTP API itself can answer with, beside the refusals of the stages. Clients may switch on the code; texts may change. */
export const API_ERRORS = {
  'malformed-json': {
    status: 400,
    meaning: 'The body is not JSON, or is empty where a body is needed.',
    next: 'Send one JSON object.',
  },
  'invalid-request': {
    status: 400,
    meaning: 'Path, query or body do not fit the schema. The details list everything that is wrong.',
    next: 'Correct each listed field; the schemas are in /api/v1/openapi.json.',
  },
  'wrong-content-type': {
    status: 415,
    meaning: 'The body is not declared as JSON.',
    next: 'Send the header content-type: application/json.',
  },
  'unknown-route': {
    status: 404,
    meaning: 'There is nothing at this method and path.',
    next: 'Look the route up in /api/v1/openapi.json.',
  },
  'not-found': {
    status: 404,
    meaning: 'The thing that the path names does not exist.',
    next: 'Look its id up in the list.',
  },
  'too-large': {
    status: 413,
    meaning: 'The body has more bytes than the route takes.',
    next: 'Split it.',
  },
  'sign-in-needed': {
    status: 401,
    meaning: 'The request has neither a token nor the cookie of a session that still stands.',
    next: 'Sign in, or send the header authorization: Bearer <token>.',
  },
  'sign-in-refused': {
    status: 401,
    meaning: 'The name or the password is wrong, or the user was disabled; which of them is not told.',
    next: 'Correct it, or ask an admin for a new password (forestock user password).',
  },
  'password-wrong': {
    status: 422,
    meaning: 'The password that was to be changed is another one.',
    next: 'Give the one that you sign in with, or ask an admin for a new one (forestock user password).',
  },
  'no-password': {
    status: 422,
    meaning: 'Who calls is no user who signs in here with a password: a token, or somebody of a provider.',
    next: 'Change it where you sign in.',
  },
  'too-many-sign-ins': {
    status: 429,
    meaning: 'Sign-ins under this name or from this address have failed too often in a row.',
    next: 'Wait as long as the header retry-after says.',
  },
  'too-many-requests': {
    status: 429,
    meaning: 'The caller, or all callers of its address together, sent more requests than a minute takes.',
    next: 'Wait as long as the header retry-after says; ask for more rows in one request, or have HTTP_CALLER_LIMIT or HTTP_ADDRESS_LIMIT raised.',
  },
  'foreign-origin': {
    status: 403,
    meaning:
      'Without a token the API answers only pages and programs that call it by its own address, and a session changes something only from the console’s own pages.',
    next: 'Call it by the address it listens on, set PUBLIC_URL where a proxy stands before it, or use a token.',
  },
  'token-unknown': {
    status: 401,
    meaning: 'The token is none of this installation, or was revoked.',
    next: 'Ask whoever runs the installation for a new one (forestock token add).',
  },
  'not-permitted': {
    status: 403,
    meaning: 'The role of the caller does not have the permission that the route needs.',
    next: 'Ask an admin for another role; docs/access.md says which role has which permission.',
  },
  'foreign-party': {
    status: 403,
    meaning: 'The caller speaks for one party, and the request is about another.',
    next: 'Leave the party out, or ask in the name of that party.',
  },
  'party-needed': {
    status: 422,
    meaning: 'The route shows what one party sees of itself, and the caller speaks for none.',
    next: 'Name the party: ?partyId=…',
  },
  'promise-past': {
    status: 422,
    meaning: 'A supplier promised an order for a day that is over.',
    next: 'Give the day on which it will come.',
  },
  'foreign-depot': {
    status: 403,
    meaning: 'The caller acts for some depots, and the request is about another.',
    next: 'Ask whoever plans for that depot, or an admin for more depots.',
  },
  'foreign-segment': {
    status: 403,
    meaning: 'The caller acts for some segments of parts, and the request is about another.',
    next: 'Ask whoever plans those parts, or an admin for more segments.',
  },
  'jwt-malformed': {
    status: 401,
    meaning: 'The bearer token is no signed token of a provider, or lacks a claim that it must have.',
    next: 'Get a new one from the provider.',
  },
  'jwt-algorithm': {
    status: 401,
    meaning: 'The bearer token is signed by a shared secret, or not at all.',
    next: 'Have the provider sign by RSA, an elliptic curve or EdDSA.',
  },
  'jwt-signature': {
    status: 401,
    meaning: 'The signature of the bearer token does not fit what it says.',
    next: 'Get a new one from the provider.',
  },
  'jwt-key-unknown': {
    status: 401,
    meaning: 'The bearer token names a key that the provider does not have.',
    next: 'Get a new one; a new key of the provider is known within half a minute.',
  },
  'jwt-issuer': {
    status: 401,
    meaning: 'The bearer token is of another provider.',
    next: 'Get one from OIDC_ISSUER.',
  },
  'jwt-audience': {
    status: 401,
    meaning: 'The bearer token is for another service.',
    next: 'Ask the provider for one for OIDC_AUDIENCE.',
  },
  'jwt-expired': {
    status: 401,
    meaning: 'The bearer token has expired.',
    next: 'Get a new one from the provider.',
  },
  'jwt-not-yet-valid': {
    status: 401,
    meaning: 'The bearer token begins to hold later, by more than clocks may differ.',
    next: 'Wait, or set the clocks.',
  },
  'jwt-without-role': {
    status: 403,
    meaning:
      'The provider knows the caller, and gives it no role that is one here, or bounds that do not go with it.',
    next: 'Have the provider give one that OIDC_ROLES names; docs/access.md has an example.',
  },
  'oidc-refused': {
    status: 401,
    meaning: 'The browser came back from the provider without what it takes to sign in.',
    next: 'Start again at /api/v1/session/oidc.',
  },
  'issuer-unreachable': {
    status: 503,
    meaning: 'The provider did not answer, or not as one.',
    next: 'Try again; see that OIDC_ISSUER is right and can be reached.',
  },
  'unknown-class': {
    status: 422,
    meaning: 'There is no equipment class of that name, so nobody knows its signals.',
    next: 'Import it: equipment_class and class_signal of the master data.',
  },
  'stage-not-here': {
    status: 503,
    meaning: 'This process does not run the stage that the request needs.',
    next: 'Ask the running service (--url).',
  },
  'too-many-streams': {
    status: 503,
    meaning: 'As many event streams are open as the server holds, or as one caller may have.',
    next: 'Close one, or read the list instead.',
  },
  internal: {
    status: 500,
    meaning: 'Something of ours broke; the log has it under the request id.',
    next: 'Report the request id.',
  },
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** Refusals of the stages that say "that is not there" or "not in this state"; every other one means "cannot be done so". */
const REFUSAL_STATUS: Readonly<Record<string, number>> = {
  'approval-limit': 403,
  'unknown-proposal': 404,
  'unknown-alert': 404,
  'unknown-recipient': 404,
  'unknown-order': 404,
  'unknown-demand': 404,
  'unknown-report': 404,
  'unknown-backorder': 404,
  'unknown-review': 404,
  'unknown-quarantine': 404,
  'unknown-feed': 404,
  'unknown-share': 404,
  'unknown-template': 404,
  'same-person': 409,
  'not-shared': 404,
  'unknown-campaign': 404,
  'unknown-contract': 404,
  'unknown-token': 404,
  'unknown-user': 404,
  'unknown-login': 404,
  'unknown-tunable': 404,
  'unknown-audit-entry': 404,
  'unknown-hold': 404,
  'hold-exists': 409,
  'unknown-breach': 404,
  'breach-exists': 409,
  'unknown-model': 404,
  'unknown-kpi': 404,
  'no-such-letter': 404,
  malformed: 400,
  'key-reused': 409,
  'token-exists': 409,
  'user-exists': 409,
  'letter-closed': 409,
  'quarantine-closed': 409,
  'order-state': 409,
  'model-state': 409,
  'demand-closed': 409,
  'review-closed': 409,
  'proposal-closed': 409,
  'proposal-expired': 409,
  'proposal-outdated': 409,
  'what-if-busy': 503,
};
const CANNOT_BE_DONE_SO = 422;

/** The HTTP status of a code. Example: 'key-reused' → 409; 'not-enough-stock' → 422. */
export function statusOf(code: string): number {
  if (Object.hasOwn(API_ERRORS, code)) return API_ERRORS[code as ApiErrorCode].status;
  return REFUSAL_STATUS[code] ?? CANNOT_BE_DONE_SO;
}
