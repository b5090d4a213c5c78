import pg from 'pg';

/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), {pathname: `/${database}`}).href;
}

/** One statement on a connection of its own. */
export async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({connectionString: url});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
