import {invariant} from '../domain/invariant.ts';

/** A line of docs/glossary.md, as the API serves it. */
interface Term {
  readonly id: string;
  readonly version: number;
  readonly section: string;
  readonly term: string;
  readonly meaning: string;
  readonly formula: string | null;
  readonly unit: string | null;
  /** Where the API shows the figure: 'Order.lateProbability'. */
  readonly field: string | null;
}

const FIGURES = ['id', 'version', 'figure', 'formula', 'unit', 'field of the API'].join();

/** Reads the tables of the glossary: key figures, which have versions and formulas of their own, and terms. */
export function termsOf(markdown: string): Term[] {
  const terms = markdown
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const [title, ...lines] = section.split('\n');
      const [head, , ...rows] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
      if (head === undefined) return [];
      return rows.map((row) => (head.join() === FIGURES ? figure(title!, row) : plain(title!, row)));
    });
  const ids = terms.map(({id}) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  invariant(twice === undefined, `the glossary explains ${twice} once`);
  return terms;
}

/** The module that the API reads; made, so that the page stays what people edit. */
export function glossaryModule(markdown: string): string {
  const rows = termsOf(markdown).map((term) => `  ${JSON.stringify(term)},`);
  return [
    '// Made from docs/glossary.md by `npm run docs`; edit that page.',
    'export const GLOSSARY = [',
    ...rows,
    '] as const;\n',
  ].join('\n');
}

function figure(section: string, [id, version, term, formula, unit, field]: readonly string[]): Term {
  const name = field!.replaceAll('`', '');
  return {
    ...{id: id!, version: Number(version), section, term: id!.replaceAll('-', ' '), meaning: term!},
    ...{formula: formula!, unit: unit!, field: name === '' ? null : name},
  };
}

function plain(section: string, [term, meaning]: readonly string[]): Term {
  return {
    ...{id: slug(term!), version: 1, section, term: term!, meaning: meaning!.replaceAll('`', '')},
    ...{formula: null, unit: null, field: null},
  };
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Example: 'minimum order quantity, multiple' → 'minimum-order-quantity-multiple'. */
function slug(term: string): string {
  return term
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
