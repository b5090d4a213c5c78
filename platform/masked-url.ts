/** Their path names a database; that of a webhook is often the key itself. */
const PATH_SHOWN: ReadonlySet<string> = new Set(['postgres:', 'postgresql:']);

/**
 * A URL as logs and `doctor` may show it: where it leads, without login, query and fragment. NATS carries a token as the user
 * name, PostgreSQL takes a password in the query, webhook receivers a key in path or query.
 *
 * Example: 'postgres://ada:s3cret@db.example:5432/forestock?sslpassword=x' → 'postgres://db.example:5432/forestock'.
 */
export function maskedUrl(text: string): string {
  if (!URL.canParse(text)) return '[secret]';
  const {protocol, host, pathname} = new URL(text);
  if (host === '') return '[secret]';
  const path = PATH_SHOWN.has(protocol) ? pathname : pathname.length > 1 ? '/[secret]' : '';
  return `${protocol}//${host}${path}`;
}
