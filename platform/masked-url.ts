/**
 * A URL as logs and `doctor` may show it: where it leads, without login, query and fragment. NATS carries a token as the user
 * name, PostgreSQL takes a password in the query, webhook receivers often a key.
 *
 * Example: 'postgres://ada:s3cret@db.example:5432/forestock?sslpassword=x' → 'postgres://db.example:5432/forestock'.
 */
export function maskedUrl(text: string): string {
  if (!URL.canParse(text)) return '[secret]';
  const {protocol, host, pathname} = new URL(text);
  return host === '' ? '[secret]' : `${protocol}//${host}${pathname}`;
}
