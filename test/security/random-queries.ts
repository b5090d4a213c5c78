import type {Random} from '../../simulator/random.ts';
import type {Columns} from './planted-parties.ts';

/** Writes one query over given names of tables, so that the same one can be asked of two places. */
export type RandomQuery = (place: (table: string) => string) => string;

type Tables = ReadonlyMap<string, Columns>;

/**
 * A random query over one to three readable tables: joins by columns of the same name or none at all, filters that a careless
 * programmer might write, groups, aggregates, subqueries, UNION and EXCEPT. It has no WHERE about the party.
 *
 * The generator has its own seed, so a query is found again by its seed.
 */
export function randomQuery(tables: Tables, chance: Random): RandomQuery {
  const pick = <T>(items: readonly T[]): T => items[chance.integer(0, items.length - 1)]!;
  const likely = (share: number): boolean => chance.uniform() < share;
  const names = [...tables.keys()];
  const chosen = Array.from({length: chance.integer(1, 3)}, (_, i) => ({alias: `t${i}`, table: pick(names)}));
  const columns = chosen.flatMap(({alias, table}) =>
    tables.get(table)!.map(({name, type}) => ({ref: `${alias}.${name}`, name, type})),
  );
  const columnOf = (): string => pick(columns).ref;

  const filter = (place: (table: string) => string): string => {
    const other = pick(names);
    const {name} = pick(tables.get(other)!);
    const inner = `SELECT x.${name}::text FROM ${place(other)} x`;
    return pick([
      `${columnOf()} IS NOT NULL`,
      `${columnOf()}::text LIKE '%${pick(['A', 'B', '1', '-', '2026'])}%'`,
      `${columnOf()}::text > '${pick(['A', 'M', '1', ''])}'`,
      `${columnOf()}::text ${pick(['IN', 'NOT IN'])} (${inner} WHERE x.${name} IS NOT NULL)`,
      `${pick(['EXISTS', 'NOT EXISTS'])} (${inner} WHERE x.${name}::text = ${columnOf()}::text)`,
      `(${columnOf()} IS NULL OR true)`,
      `${columnOf()}::text <> '${pick(['SUP-A', 'CUS-B', 'M-A-1', ''])}'`,
    ]);
  };
  // Everything random is drawn before the first place is asked, so that both places are asked the same.
  const joins = chosen.slice(1).map(({alias, table}, i) => {
    const shared = tables.get(table)!.flatMap(({name, type}) => {
      const [match] = tables
        .get(chosen[i]!.table)!
        .filter((column) => column.name === name && column.type === type);
      return match === undefined ? [] : [name];
    });
    const by = shared.length > 0 && likely(0.7) ? pick(shared) : null;
    const on = by === null ? 'true' : `t${i}.${by} = ${alias}.${by}`;
    return {table, alias, on, kind: pick(['JOIN', 'LEFT JOIN', 'FULL JOIN'])};
  });
  const marked = (table: string): string => `«${table}»`;
  const where = likely(0.7)
    ? `WHERE ${Array.from({length: chance.integer(1, 2)}, () => filter(marked)).join(pick([' AND ', ' OR ']))}`
    : '';
  const from = `FROM ${marked(chosen[0]!.table)} t0 ${joins
    .map(({table, alias, on, kind}) =>
      // FULL JOIN takes no condition but equalities.
      on === 'true' ? `CROSS JOIN ${marked(table)} ${alias}` : `${kind} ${marked(table)} ${alias} ON ${on}`,
    )
    .join(' ')}`;
  const key = columnOf();
  const aggregate = pick([
    `count(*)`,
    `count(DISTINCT ${columnOf()}::text)`,
    `min(${columnOf()}::text)`,
    `max(${columnOf()}::text)`,
    `array_agg(DISTINCT ${columnOf()}::text)`,
    `bool_or(${columnOf()}::text LIKE '%B%')`,
  ]);
  const plain = `SELECT ${columnOf()}::text AS a, ${columnOf()}::text AS b ${from} ${where}`;
  const grouped = `SELECT ${key}::text AS a, ${aggregate} AS b ${from} ${where} GROUP BY ${key}`;
  const total = `SELECT ${aggregate} AS a ${from} ${where}`;
  const second = pick(names);
  const united = `SELECT ${columnOf()}::text AS a ${from} ${where} ${pick(['UNION', 'EXCEPT', 'UNION ALL', 'INTERSECT'])} SELECT ${pick(tables.get(second)!).name}::text FROM ${marked(second)}`;
  const text = pick([plain, plain, grouped, total, united]);
  const whole = `SELECT coalesce(jsonb_agg(to_jsonb(q) ORDER BY to_jsonb(q)::text), '[]')::text AS answer FROM (${text}) q`;
  return (place) => whole.replaceAll(/«([^»]+)»/g, (_, table: string) => place(table));
}
