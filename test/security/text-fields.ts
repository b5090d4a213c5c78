/** As far as bodies of requests use it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {readonly requestBody?: {readonly content: Readonly<Record<string, {schema: Schema}>>}}
        >
      >
    >
  >;
  readonly components: {readonly schemas: Readonly<Record<string, Schema>>};
}

/** One text of a body: 'part.number', 'packets.0.topic'. */
export interface TextField {
  readonly at: string;
  readonly lengthMax: number;
  /** It is one of some words, or has a form: what else it holds is refused. */
  readonly isFormed: boolean;
}

export interface Operation {
  /** 'POST /api/v1/repairs' */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly fields: readonly TextField[];
  /** A body that fits the schema, with these texts at these places. */
  body(texts: Readonly<Record<string, string>>): unknown;
}

/** Texts that name what the world has, by the name of their property; others are free. */
export type Known = Readonly<Record<string, unknown>>;

/** Every operation of an OpenAPI document that takes a body with a text in it. */
export function operationsWithText(document: Document, known: Known): readonly Operation[] {
  const found: Operation[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, {requestBody}] of Object.entries(methods)) {
      const schema = requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const fields: TextField[] = [];
      const walk = (texts: Readonly<Record<string, string>>, meet: (field: TextField) => void): unknown =>
        valueOf(schema, '', {document, known, texts, meet});
      walk({}, (field) => fields.push(field));
      if (fields.length === 0) continue;
      const name = `${method.toUpperCase()} ${path}`;
      const body = (texts: Readonly<Record<string, string>>): unknown => walk(texts, () => undefined);
      found.push({name, method: method.toUpperCase(), path, fields, body});
    }
  }
  return found;
}

interface Walk {
  readonly document: Document;
  readonly known: Known;
  readonly texts: Readonly<Record<string, string>>;
  readonly meet: (field: TextField) => void;
}

function valueOf(schema: Schema, at: string, walk: Walk): unknown {
  const {$ref, anyOf, oneOf, type} = schema;
  if ($ref !== undefined)
    return valueOf(walk.document.components.schemas[$ref.split('/').at(-1)!]!, at, walk);
  const choice = (anyOf ?? oneOf)?.find((one) => one.type !== 'null');
  if (choice !== undefined) return valueOf(choice, at, walk);
  const name = at.split('.').findLast((step) => !/^\d+$/.test(step)) ?? '';
  switch (typeof type === 'string' ? type : type?.find((one) => one !== 'null')) {
    case 'string':
      return textOf(schema, at, name, walk);
    case 'integer':
    case 'number':
      return walk.known[name] ?? Math.max(schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1, 1);
    case 'boolean':
      return true;
    case 'array':
      return [valueOf(schema.items ?? {}, `${at}.0`, walk)];
    case 'object':
      return objectOf(schema, at, walk);
    case undefined:
    default:
      return 1; // any value
  }
}

function objectOf({properties = {}, additionalProperties}: Schema, at: string, walk: Walk): unknown {
  const below = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const filled = Object.entries(properties).map(([name, each]) => [name, valueOf(each, below(name), walk)]);
  if (typeof additionalProperties === 'object' && filled.length === 0)
    return {x: valueOf(additionalProperties, below('x'), walk)};
  return Object.fromEntries(filled) as unknown;
}

function textOf(schema: Schema, at: string, name: string, {known, texts, meet}: Walk): unknown {
  const {format, pattern, maxLength = 4000} = schema;
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  meet({
    at,
    lengthMax: maxLength,
    isFormed: words !== undefined || format !== undefined || pattern !== undefined,
  });
  const given = texts[at];
  if (given !== undefined) return given;
  if (known[name] !== undefined) return known[name];
  if (words !== undefined) return words[0];
  if (format === 'date-time') return '2026-01-20T00:00:00.000Z';
  if (format === 'uuid') return '0d4b1bb2-2f3c-5f0e-9c57-0c9a7f2a6d10';
  if (format === 'email') return 'planners@plant.example';
  if (format === 'uri') return 'https://plant.example/hook';
  return 'text';
}
