import {z} from 'zod';

/** One value that a request takes, with its names on the command line and in a CSV file. */
export interface Field {
  /** Where it stands in the request: ['part', 'number']. */
  readonly path: readonly string[];
  /** In a CSV file: 'part', 'depot_id'. */
  readonly column: string;
  /** On the command line, where an id goes by what it names: 'part', 'depot'. */
  readonly option: string;
  readonly kind: 'text' | 'whole' | 'number' | 'flag' | 'instant' | 'id';
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly description: string;
  /** What the service takes when it is left out; '' when nothing. */
  readonly fallback: string;
}

export interface FieldProblem {
  readonly field: Field;
  readonly what: string;
  readonly nextStep: string;
}

interface Node {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
}

/**
 * The fields of a request's schema, required ones first. A nested field carries its parent's name; a number goes by it alone.
 *
 * Example: {part: {number, scheme}, depotId} → columns part, depot_id, part_scheme; options --part, --depot, --part-scheme.
 */
export function fieldsOf(schema: z.ZodObject): readonly Field[] {
  const fields = flatten(z.toJSONSchema(schema, {io: 'input'}) as Node, [], true);
  return [...fields.filter(({required}) => required), ...fields.filter(({required}) => !required)];
}

function flatten(
  {properties = {}, required = []}: Node,
  parents: readonly string[],
  needed: boolean,
): Field[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const path = [...parents, name];
    const isNeeded = needed && required.includes(name);
    if (node.properties === undefined) return [leaf(node, path, isNeeded)];
    const inherited = flatten(node, path, isNeeded);
    return inherited.map((field) => ({...field, description: field.description || (node.description ?? '')}));
  });
}

function leaf(node: Node, path: readonly string[], required: boolean): Field {
  const words = path.length > 1 && path.at(-1) === 'number' ? path.slice(0, -1) : path;
  const column = words.map(snakeCase).join('_');
  return {
    path,
    column,
    option: column.replace(/_id$/, '').replaceAll('_', '-'),
    kind: kindOf(node, column),
    required,
    choices: node.enum ?? [],
    description: node.description ?? '',
    fallback: node.default === undefined || node.default === false ? '' : String(node.default),
  };
}

function kindOf({type, format}: Node, column: string): Field['kind'] {
  if (type === 'integer') return 'whole';
  if (type === 'number') return 'number';
  if (type === 'boolean') return 'flag';
  if (format === 'date-time') return 'instant';
  return column.endsWith('_id') ? 'id' : 'text';
}

/** Example: 'depotId' → 'depot_id'; 'depot_id' stays. */
export function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export type FieldsRead =
  | {readonly ok: true; readonly values: Readonly<Record<string, unknown>>}
  | {readonly ok: false; readonly problems: readonly FieldProblem[]};

/** Texts by their columns, read as the schema has them and checked by it; an empty text is a value left out. */
export function readFields(
  schema: z.ZodObject,
  fields: readonly Field[],
  texts: Readonly<Record<string, string>>,
): FieldsRead {
  const request: Record<string, unknown> = {};
  for (const field of fields) {
    const text = (texts[field.column] ?? '').trim();
    if (text === '') continue;
    const [name, child] = field.path as [string, string?];
    const value = valueOf(field, text);
    request[name] = child === undefined ? value : {...(request[name] as object | undefined), [child]: value};
  }
  const parsed = schema.safeParse(request);
  if (parsed.success) return {ok: true, values: parsed.data};
  const problems = parsed.error.issues.map(({path, message}) => {
    const field = fields.find((one) => path.every((name, index) => one.path[index] === name))!;
    return {field, ...whatIsWrong(field, (texts[field.column] ?? '').trim(), message)};
  });
  return {ok: false, problems};
}

/** A text that is no number or truth value stays text, for the schema to refuse. */
function valueOf({kind}: Field, text: string): unknown {
  if (kind === 'whole' && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (kind === 'number' && /^-?\d{1,16}(\.\d{1,16})?$/.test(text)) return Number(text);
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function whatIsWrong(field: Field, text: string, message: string): Pick<FieldProblem, 'what' | 'nextStep'> {
  const {kind, choices, description} = field;
  const said = JSON.stringify(text);
  if (text === '')
    return {what: 'is missing', nextStep: description === '' ? 'fill it in' : `fill it in: ${description}`};
  if (choices.length > 0)
    return {what: `${said} is none of its values`, nextStep: `write one of ${choices.join(', ')}`};
  if (kind === 'whole' && !/^-?\d{1,16}$/.test(text))
    return {what: `${said} is no whole number`, nextStep: 'write digits only'};
  if (kind === 'number' && !Number.isFinite(Number(text)))
    return {what: `${said} is no number`, nextStep: 'write it as 0.95'};
  if (kind === 'flag') return {what: `${said} is neither true nor false`, nextStep: 'write true or false'};
  if (kind === 'instant')
    return {what: `${said} is no instant in UTC`, nextStep: 'write it as 2026-01-05T10:00:00.000Z'};
  return {what: `${said}: ${message}`, nextStep: 'correct it'};
}
