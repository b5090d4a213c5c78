import {isLoopback} from './loopback.ts';

/** What the PostgreSQL client takes from the environment where the URL says nothing. */
type ClientEnv = Readonly<Record<string, string | undefined>>;

/** Each alone makes the client speak TLS, or says on purpose that it does not. */
const TLS_PARAMETERS = ['sslmode', 'ssl', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation'];

/**
 * Why the service does not go to this database over a network; none for one on this machine, by loopback or by socket.
 *
 * Example: 'postgres://forestock@db.example/forestock' → two: nothing is said of TLS, and there is no password.
 */
export function unsafeAddress(databaseUrl: string, env: ClientEnv): readonly string[] {
  const {hostname, username, password, searchParams} = new URL(databaseUrl);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname).replace(/^\[(.+)\]$/, '$1');
  if (host === '' || host.startsWith('/') || isLoopback(host)) return [];
  const problems: string[] = [];
  if (!TLS_PARAMETERS.some((name) => searchParams.has(name)) && isUnset(env['PGSSLMODE'])) {
    problems.push(
      `${host} is reached over a network, and nothing says whether by TLS; add ?sslmode=verify-full, or sslmode=disable where that network is yours alone`,
    );
  }
  const secret = searchParams.get('password') ?? decodeURIComponent(password);
  const elsewhere = [env['PGPASSWORD'], env['PGPASSFILE'], searchParams.get('sslcert') ?? undefined];
  if (secret === '' && elsewhere.every(isUnset)) {
    problems.push(
      `${host} is reached over a network without a password; put one into the URL or PGPASSWORD, or name a PGPASSFILE or a client certificate (sslcert)`,
    );
  }
  if (secret !== '' && secret === decodeURIComponent(username)) {
    problems.push(
      `${host} is reached over a network, and the password is the login's own name; give it one made with: openssl rand -hex 24`,
    );
  }
  return problems;
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value === '';
}
