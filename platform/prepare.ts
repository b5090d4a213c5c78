import type {PoolClient} from 'pg';

/** Texts that are given names at most; whoever builds texts without end goes on without. */
const TEXTS_MAX = 1000;
const names = new Map<string, string>();

/**
 * Statements with parameters are prepared: a connection parses each text once, and PostgreSQL keeps one plan for it where that is no
 * dearer than a plan for each set of parameters ("plan_cache_mode" in its documentation).
 */
export function prepareStatements(client: PoolClient): void {
  const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  client.query = ((first: unknown, second?: unknown, ...rest: readonly unknown[]) => {
    if (typeof first !== 'string' || !Array.isArray(second) || second.length === 0)
      return query(first, second, ...rest);
    return query({text: first, values: second, name: nameOf(first)}, ...rest);
  }) as typeof client.query;
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= TEXTS_MAX) return known;
  const name = `s${names.size + 1}`;
  names.set(text, name);
  return name;
}
