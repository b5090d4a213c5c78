/** Only our own files run in the pages, and no other site may frame them. */
export const PAGE_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/** A reply that is data is nothing to run, to load from or to frame, also when a browser is led to open it as a page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** What browsers are asked to remember of a console that is reached over TLS. */
const TLS_ONLY = 'max-age=31536000';

/**
 * What every reply carries, so that no browser makes more of it than it is; pages loosen it for their own files.
 *
 * @param publicUrl PUBLIC_URL; behind https browsers are told to come by TLS only.
 */
export function replyHeaders(publicUrl: string | undefined): Readonly<Record<string, string>> {
  return {
    'content-security-policy': DATA_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY', // for browsers that do not know frame-ancestors
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store', // it is what one caller may see
    ...(publicUrl?.startsWith('https:') === true ? {'strict-transport-security': TLS_ONLY} : {}),
  };
}
